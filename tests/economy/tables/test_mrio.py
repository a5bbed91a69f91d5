import builtins
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from counterplan.economy.tables import FinalKind, RowKind
from counterplan.economy.tables.identities import breaches
from counterplan.economy.tables.mrio import KINDS, from_pymrio, read_mrio
from counterplan.economy.tables.regions import national_table
from counterplan.errors import InputError

pymrio = pytest.importorskip("pymrio")


@pytest.fixture
def system() -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield pymrio.load_test()


def test_a_pymrio_system_becomes_a_table(system: Any) -> None:
    table = from_pymrio(system, year=2010)
    np.testing.assert_array_equal(table.domestic_use, system.Z.to_numpy())
    np.testing.assert_array_equal(table.domestic_final, system.Y.to_numpy())
    assert table.products.codes[:2] == ("reg1_food", "reg1_mining")
    assert table.products.region_codes() == tuple(f"reg{i}" for i in range(1, 7))
    assert table.unit == "Mill USD"
    assert table.source == "testmrio"
    assert table.final.kinds[:7] == (
        FinalKind.HOUSEHOLD,
        FinalKind.NONPROFIT,
        FinalKind.COLLECTIVE,
        FinalKind.INVESTMENT,
        FinalKind.INVENTORIES,
        FinalKind.INVENTORIES,
        FinalKind.EXPORTS,
    )
    np.testing.assert_array_equal(table.value_added(), system.factor_inputs.F.to_numpy()[0])
    assert breaches(table, identities=["product_balance", "make_totals"]) == []
    assert breaches(national_table(table, "reg3"), identities=["product_balance"]) == []


def test_output_and_coefficients_are_those_of_pymrio(system: Any) -> None:
    table = from_pymrio(system, year=2010)
    system.calc_all()
    np.testing.assert_allclose(table.output, system.x.to_numpy().ravel(), rtol=1e-12)
    np.testing.assert_allclose(table.technical_coefficients(), system.A.to_numpy(), rtol=1e-12)
    again = from_pymrio(system, year=2010)
    np.testing.assert_array_equal(again.output, system.x.to_numpy().ravel())


def test_a_system_of_coefficients_only(system: Any) -> None:
    whole = from_pymrio(system, year=2010)
    system.calc_all()
    bare = pymrio.IOSystem(A=system.A, Y=system.Y)
    table = from_pymrio(bare, year=2010)
    np.testing.assert_allclose(table.output, whole.output, rtol=1e-9)
    np.testing.assert_allclose(table.domestic_use, whole.domestic_use, rtol=1e-9)
    assert table.unit == "as published"
    assert len(table.other_rows) == 0


def test_parts_that_are_missing_or_not_finite(system: Any) -> None:
    with pytest.raises(InputError, match="the system has no final demand"):
        from_pymrio(pymrio.IOSystem(Z=system.Z), year=2010)
    system.Y.iloc[3, 2] = np.nan
    with pytest.raises(
        InputError,
        match=r"row 'reg1_electricity' column 'reg1_Final .*: the figure of the final demand",
    ):
        from_pymrio(system, year=2010)


def test_labels_must_have_two_levels(system: Any) -> None:
    flat = system.Z.copy()
    flat.index = flat.columns = [str(i) for i in range(48)]
    with pytest.raises(InputError, match="rows are not labelled by region and sector"):
        from_pymrio(pymrio.IOSystem(Z=flat, Y=system.Y), year=2010)
    demand = system.Y.copy()
    demand.columns = [str(i) for i in range(42)]
    with pytest.raises(InputError, match="final demand is not labelled by region and category"):
        from_pymrio(pymrio.IOSystem(Z=system.Z, Y=demand), year=2010)


def test_kinds_of_final_demand_that_names_do_not_tell(system: Any) -> None:
    system.Y = system.Y.rename(columns={"Export": "Sundry"})
    with pytest.raises(InputError, match="kind of the final demand 'Sundry' is not known; pass"):
        from_pymrio(system, year=2010)
    table = from_pymrio(system, year=2010, final_kinds={"Sundry": FinalKind.ADJUSTMENT})
    assert table.final.kinds[6] is FinalKind.ADJUSTMENT


def write_oecd(folder: Path) -> Path:
    """A file in the layout of the OECD's inter-country tables: two countries, two sectors."""
    sectors = ["AUS_A01", "AUS_B05", "USA_A01", "USA_B05"]
    final = [f"{c}_{f}" for c in ("AUS", "USA") for f in ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT")]
    cells = np.arange(4 * 14.0).reshape(4, 14)
    frame = pd.DataFrame(cells, index=sectors, columns=[*sectors, *final])
    output = cells.sum(axis=1)
    frame["OUT"] = output
    taxes = np.append(np.ones(14), 14.0)
    added = output - cells[:, :4].sum(axis=0) - 1.0
    frame.loc["TLS"] = taxes
    frame.loc["VA"] = [*added, *np.zeros(10), added.sum()]
    frame.loc["OUT"] = [*output, *np.zeros(11)]
    path = folder / "ICIO2023_2018.csv"
    frame.rename_axis("V1").to_csv(path)
    return path


def test_the_layout_of_the_oecd(tmp_path: Path) -> None:
    table = read_mrio(write_oecd(tmp_path), "oecd", year=2018)
    assert table.products.codes == ("AUS_A01", "AUS_B05", "USA_A01", "USA_B05")
    assert table.other_rows.kinds == (RowKind.TAXES_ON_PRODUCTS, RowKind.VALUE_ADDED)
    assert set(table.final.kinds) == {
        FinalKind.HOUSEHOLD,
        FinalKind.NONPROFIT,
        FinalKind.COLLECTIVE,
        FinalKind.INVESTMENT,
        FinalKind.INVENTORIES,
    }
    assert table.domestic_use[1, 2] == 16.0
    assert breaches(table) == []


@pytest.mark.parametrize("kind", ["pymrio", "exiobase3"])
def test_saved_systems_are_loaded(tmp_path: Path, system: Any, kind: str) -> None:
    """EXIOBASE 3 is distributed in the layout that pymrio saves."""
    system.save_all(tmp_path / "saved")
    table = read_mrio(tmp_path / "saved", kind, year=2010)
    np.testing.assert_allclose(table.domestic_use, system.Z.to_numpy())


def test_bad_paths_and_kinds(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="kind 'oced' are not read; did you mean 'oecd'"):
        read_mrio(tmp_path, "oced", year=2018)
    with pytest.raises(InputError, match="the file or folder is not there"):
        read_mrio(tmp_path / "nowhere", "oecd", year=2018)
    for kind in KINDS:
        with pytest.raises(InputError, match=f"not a readable {kind} file"):
            read_mrio(tmp_path, kind, year=2018)
    broken = tmp_path / "ICIO2023_2018.csv"
    broken.write_bytes(b"\x00\xff,,,\n1")
    with pytest.raises(InputError, match="not a readable oecd file"):
        read_mrio(broken, "oecd", year=2018)


def test_without_pymrio_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "pymrio":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.delitem(sys.modules, "pymrio")
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(InputError, match=r"pip install 'counterplan\[mrio\]'"):
        read_mrio(tmp_path, "oecd", year=2018)


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("TLS", RowKind.TAXES_ON_PRODUCTS),
        ("AUS_TAXSUB", RowKind.TAXES_ON_PRODUCTS),
        ("Taxes less subsidies on products purchased: Total", RowKind.TAXES_ON_PRODUCTS),
        ("Cif/ fob adjustments on exports", RowKind.CIF_FOB),
        ("Direct purchases abroad by residents", RowKind.PURCHASES_ABROAD),
        ("Purchases on the domestic territory by non-residents", RowKind.PURCHASES_BY_VISITORS),
        ("International Transport Margins", RowKind.TRANSPORT_MARGINS),
        ("Compensation of employees; wages", RowKind.VALUE_ADDED),
        ("Other net taxes on production", RowKind.VALUE_ADDED),
    ],
)
def test_rows_are_known_by_their_names(system: Any, label: str, kind: RowKind) -> None:
    system.factor_inputs.F.index = pd.Index([label])
    assert from_pymrio(system, year=2010).other_rows.kinds == (kind,)


def test_rows_in_other_units_are_left_out(system: Any) -> None:
    system.factor_inputs.unit.iloc[0, 0] = "persons"
    assert len(from_pymrio(system, year=2010).other_rows) == 0
    system.factor_inputs.unit = None
    assert len(from_pymrio(system, year=2010).other_rows) == 1
