"""What is written is read again to the last bit, whatever the economy."""

import dataclasses
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings

from counterplan.economy.economy import Economy, Provenance
from counterplan.economy.package import read_package, write_package
from tests.economy.package.alike import differences, economies


def restated(provenance: Provenance) -> Provenance:
    """Leave out exceptions that say the same as the field does."""
    general = (provenance.source, provenance.grade)
    kept = {key: own for key, own in provenance.exceptions.items() if own != general}
    return dataclasses.replace(provenance, exceptions=kept)


def expected(economy: Economy) -> Economy:
    return dataclasses.replace(
        economy, provenance={key: restated(one) for key, one in economy.provenance.items()}
    )


@pytest.mark.parametrize("form", ["csv", "parquet"])
@settings(max_examples=40, deadline=None)
@given(economy=economies())
def test_every_economy_comes_back_exactly(economy: Economy, form: str) -> None:
    with TemporaryDirectory() as scratch:
        write_package(economy, Path(scratch) / "package", form=form)
        found = read_package(Path(scratch) / "package")

    assert differences(expected(economy), expected(found)) == []


def test_writing_again_changes_no_byte(folder: Path, tmp_path: Path) -> None:
    write_package(read_package(folder), tmp_path / "first")
    write_package(read_package(tmp_path / "first"), tmp_path / "second")

    first = {file.name: file.read_bytes() for file in (tmp_path / "first").iterdir()}
    second = {file.name: file.read_bytes() for file in (tmp_path / "second").iterdir()}
    assert first == second


def test_numbers_can_be_rounded_to_significant_digits(folder: Path, tmp_path: Path) -> None:
    economy = read_package(folder)
    exact = np.array([123456.789, 0.000123456789, 5.0])
    labelled = dataclasses.replace(
        economy, techniques=dataclasses.replace(economy.techniques, activity=exact)
    )

    write_package(labelled, tmp_path / "rounded", digits=5)

    found = read_package(tmp_path / "rounded").techniques.activity
    assert found.tolist() == [123460.0, 0.00012346, 5.0]


def test_numbers_are_written_as_a_person_would(folder: Path, tmp_path: Path) -> None:
    write_package(read_package(folder), tmp_path / "plain")

    text = (tmp_path / "plain" / "trade.csv").read_text(encoding="utf-8")
    assert "timber-hill,90,0,0,100,0,200" in text  # no "90.0"
    assert "fuel,0,24.5,0,0,300,\n" in text  # no limit: an empty cell
