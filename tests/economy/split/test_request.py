"""What is refused, what is repeated, and what is written down."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from counterplan.economy.economy import Economy, Grade
from counterplan.economy.package import read_package, write_package
from counterplan.economy.split import Request, split_economy, split_producers
from counterplan.errors import InputError, LimitError
from tests.economy.package.alike import differences
from tests.plan.builders import changed, two_branch_economy


def test_the_same_seed_gives_the_same_economy_to_the_last_bit(russia: Economy):
    one, other = (split_producers(russia, producers=200, seed=9, alternatives=1) for _ in range(2))
    assert differences(one, other) == []


def test_another_seed_gives_another():
    old = two_branch_economy()
    found = differences(*(split_producers(old, producers=20, seed=s) for s in (1, 2)))
    for field in ("techniques.use", "techniques.activity", "labour.need", "capital.capacity"):
        assert field in found


def test_more_regions_leave_all_else_as_it_was():
    old = two_branch_economy()
    found = differences(*(split_producers(old, producers=20, seed=1, regions=r) for r in (3, 9)))
    assert set(found) == {"producers.regions", "notes"}


def test_the_functions_are_one():
    old = two_branch_economy()
    request = Request(producers=9, seed=3, techniques=3)
    assert (
        differences(
            split_economy(old, request), split_producers(old, producers=9, seed=3, techniques=3)
        )
        == []
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"producers": 1}, ["1 workplaces for the 2 producers", "at least 2"]),
        ({"producers": 0}, ["producers: it is 0", "at least 1"]),
        ({"producers": -5}, ["producers: it is -5", "at least 1"]),
        ({"producers": 2.5}, ["producers: 2.5 is not a whole number"]),
        ({"producers": True}, ["producers: True is not a whole number"]),
        ({"seed": -1}, ["seed: it is -1", "at least 0"]),
        ({"techniques": 0}, ["techniques: it is 0", "at least 1"]),
        ({"alternatives": -1}, ["alternatives: it is -1", "at least 0"]),
        ({"regions": 0}, ["regions: it is 0", "at least 1"]),
        ({"spread": -0.1}, ["spread: a spread of -0.1", "from 0"]),
        ({"spread": float("nan")}, ["spread: a spread of nan"]),
        ({"discount": 0.0}, ["discount: a discount of 0", "0.0416667"]),
        ({"discount": float("inf")}, ["discount: a discount of inf"]),
    ],
)
def test_what_cannot_be_meant_is_refused(change: dict, words: list[str]):
    given = {"producers": 10, "seed": 1, **change}
    with pytest.raises(InputError) as caught:
        split_producers(two_branch_economy(), **given)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    "change",
    [{"producers": 100_001}, {"techniques": 21}, {"alternatives": 11}, {"regions": 1_001}],
)
def test_limits_are_said(change: dict):
    with pytest.raises(LimitError, match="the limit is"):
        split_producers(two_branch_economy(), **{"producers": 10, "seed": 1, **change})


def test_too_many_coefficients_are_refused_before_they_are_made(russia: Economy):
    with pytest.raises(LimitError, match="coefficients"):
        split_producers(russia, producers=100_000, seed=1, techniques=20)


def test_capital_of_another_producer_is_refused():
    old = two_branch_economy()
    borrowed = changed(old, "capital", producer=np.array([1, 1]))
    with pytest.raises(InputError, match="technique 'farming' needs capital 'land'"):
        split_producers(borrowed, producers=10, seed=1)


def test_what_was_split_is_graded_estimated(thousand: Economy):
    for field in ("techniques.use", "techniques.activity", "labour.need", "capital.capacity"):
        stated = thousand.provenance[field]
        assert stated.grade is Grade.ESTIMATED
        assert "1000 workplaces with seed 7" in stated.source
    assert "World Input-Output Database" in thousand.provenance["techniques.use"].source
    assert thousand.provenance["demand.consumption"].grade is Grade.OBSERVED


def test_statements_about_whole_tables_end_where_a_table_was_split(russia: Economy):
    whole = {table: next(iter(russia.provenance.values())) for table in ("techniques", "labour")}
    new = split_producers(replace(russia, provenance=whole), producers=40, seed=1)
    assert "techniques" not in new.provenance
    assert new.provenance["labour"] == whole["labour"]  # of the force, which was not split
    assert whole["techniques"].source in new.provenance["techniques.use"].source


def test_names_say_what_they_are(russia: Economy, thousand: Economy):
    assert thousand.name == "russia-2014-1000"
    assert "1,000 workplaces" in thousand.title
    assert thousand.branches() == russia.branches()
    assert len(set(thousand.producers.regions)) == 8
    assert any("seed 7" in note for note in thousand.notes)
    assert thousand.notes[: len(russia.notes)] == russia.notes


def test_regions_and_projects_are_kept(workplaces: Economy):
    new = split_producers(workplaces, producers=30, seed=1)
    owner = dict(zip(workplaces.producers.codes, workplaces.producers.regions, strict=True))
    for code, region in zip(new.producers.codes, new.producers.regions, strict=True):
        assert region == owner[code.rsplit("-", 1)[0]] or owner[code.rsplit("-", 1)[0]] == ""
    assert len(workplaces.projects)
    for p, item in enumerate(new.projects.capital):
        source = workplaces.capital.codes[workplaces.projects.capital[p]]
        alike = [e for e, c in enumerate(new.capital.codes) if c.rsplit("-", 1)[0] == source]
        assert item in alike
        size = [
            new.techniques.activity[new.techniques.producer == new.capital.producer[e]].sum()
            for e in alike
        ]
        assert alike[int(np.argmax(size))] == item
    assert any("Each project enlarges" in note for note in new.notes)


def test_a_split_economy_can_be_saved_and_read(russia: Economy, tmp_path: Path):
    new = split_producers(russia, producers=40, seed=1, alternatives=1)
    write_package(new, tmp_path / "split")
    assert differences(read_package(tmp_path / "split"), new) == []
