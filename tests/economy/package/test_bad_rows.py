"""Bad tables: each gives one error that names the file, the row, the thing and the mend."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from counterplan.economy.package import Limits, read_package
from counterplan.errors import InputError, LimitError
from tests.economy.package.conftest import Complaint

# File, what is changed into what, and the words that the error must hold.
FAULTS = {
    "missing column": (
        ("inputs.csv", "technique,product,quantity,unit", "technique,product,amount,unit"),
        ("inputs.csv", "no column 'quantity'", "the columns are"),
    ),
    "unknown column": (
        ("trade.csv", "imports_investment", "import_investment"),
        ("trade.csv", "'import_investment'", "did you mean 'imports_investment'?"),
    ),
    "column without a name": (
        ("groups.csv", "group,name", "group,"),
        ("groups.csv", "column 2 has no name", "delete it"),
    ),
    "unknown product": (
        ("inputs.csv", "sawing,fuel", "sawing,fule"),
        ("inputs.csv row 2 column 'product'", "'fule'", "products.csv", "did you mean 'fuel'?"),
    ),
    "unknown technique": (
        ("labour.csv", "joining-by-hand", "xyz"),
        ("labour.csv row 3 column 'technique'", "'xyz'", "techniques.csv", "write it into"),
    ),
    "negative coefficient": (
        ("inputs.csv", "0.02,t", "-0.02,t"),
        ("inputs.csv row 2 column 'quantity'", "-0.02", "not negative"),
    ),
    "not a number": (
        ("outputs.csv", "1,m3", "nan,m3"),
        ("outputs.csv row 2 column 'quantity'", "nan", "finite number"),
    ),
    "infinite": (
        ("outputs.csv", "1,m3", "1e999,m3"),
        ("outputs.csv row 2 column 'quantity'", "inf", "finite number"),
    ),
    "infinite limit in words": (
        ("routes.csv", "600", "inf"),
        ("routes.csv row 2 column 'limit'", "inf", "finite number"),
    ),
    "text for a number": (
        ("skills.csv", "20", "many"),
        ("skills.csv row 2 column 'force'", "'many' is not a number", "digits"),
    ),
    "decimal comma": (
        ("skills.csv", "20", '"25,5"'),
        ("skills.csv row 2 column 'force'", "'25,5' is not a number", "decimal point"),
    ),
    "figure grouped by underscores": (
        ("skills.csv", "20", "1_000"),
        ("skills.csv row 2 column 'force'", "'1_000' is not a number", "decimal point"),
    ),
    "number beyond reason": (
        ("skills.csv", "20", "1e31"),
        ("skills.csv row 2 column 'force'", "1e+31", "at most 1e+30"),
    ),
    "difference beyond reason": (
        ("final_use.csv", "40,8", "40,-1e31"),
        ("final_use.csv row 2 column 'other'", "-1e+31", "from -1e+30 to 1e+30"),
    ),
    "part of a period": (
        ("projects.csv", "50,2", "50,1.5"),
        ("projects.csv row 3 column 'lag'", "1.5", "whole number"),
    ),
    "no gestation": (
        ("projects.csv", "50,2", "50,0"),
        ("projects.csv row 3 column 'lag'", "0", "whole number from 1"),
    ),
    "depreciation above one": (
        ("capital.csv", "0.1,1", "10,1"),
        ("capital.csv row 2 column 'depreciation'", "10", "from 0 to 1"),
    ),
    "empty number": (
        ("skills.csv", "20", ""),
        ("skills.csv row 2 column 'force'", "blank", "write 0"),
    ),
    "empty code": (
        ("skills.csv", "workers,Workers", ",Workers"),
        ("skills.csv row 2 column 'skill'", "blank", "fill it in"),
    ),
    "duplicate row": (
        ("inputs.csv", "joining-by-machine,fuel", "sawing,fuel"),
        ("inputs.csv row 5", "technique 'sawing', product 'fuel'", "inputs.csv row 2", "delete"),
    ),
    "duplicate cost": (
        ("project_costs.csv", "hall,1,furniture", "hall,0,timber-valley"),
        ("project_costs.csv row 4", "offset '0'", "project_costs.csv row 3", "add them up"),
    ),
    "unit that does not fit": (
        ("inputs.csv", "2,m3", "2,kg"),
        ("inputs.csv row 3 column 'unit'", "'kg'", "'timber-valley' is counted in 'm3'", "convert"),
    ),
    "route that changes the unit": (
        ("products.csv", "Timber in the valley,m3", "Timber in the valley,t"),
        ("inputs.csv row 3", "'m3'", "'t'"),
    ),
    "route that ends where it starts": (
        ("routes.csv", "timber-valley", "timber-hill"),
        ("routes.csv row 2", "ends where it starts", "other region"),
    ),
    "unknown grade": (
        ("accounts.csv", "observed", "observd"),
        ("accounts.csv row 2 column 'grade'", "'observd'", "did you mean 'observed'?"),
    ),
    "unknown account": (
        ("accounts.csv", "transfers", "transferts"),
        ("accounts.csv row 3", "'transferts'", "did you mean 'transfers'?"),
    ),
    "negative reserves": (
        ("accounts.csv", "5000", "-5000"),
        ("accounts.csv row 2", "reserves is -5000", "only transfers"),
    ),
    "reserved group": (
        ("groups.csv", "valley,", "collective,All\nvalley,"),
        ("groups.csv row 3", "'collective'", "another code"),
    ),
    "required table without rows": (
        ("techniques.csv", None, "technique,name,producer,activity\n"),
        ("techniques.csv", "no rows", "at least one"),
    ),
    "empty file": (("stocks.csv", None, ""), ("stocks.csv", "empty", "again")),
    "only blank lines": (("stocks.csv", None, "\n,,\n"), ("stocks.csv", "no header", "name")),
    "row too long": (
        ("skills.csv", "person,20", "person,20,9"),
        ("skills.csv row 2", "5 cells", "commas"),
    ),
    "quotation mark left open": (
        ("skills.csv", "Workers", '"Workers'),
        ("skills.csv row 2", "quotation mark"),
    ),
    "semicolons": (
        ("stocks.csv", None, "product;initial;minimum\nfuel;5;5\n"),
        ("stocks.csv", "no column 'product'", "commas between the cells, not semicolons"),
    ),
    "semicolons and decimal commas": (
        ("stocks.csv", None, "product;initial;minimum\nfuel;5,5;5\n"),
        ("stocks.csv row 1", "between semicolons", "points in the numbers"),
    ),
    "tabs and decimal commas": (
        ("stocks.csv", None, "product\tinitial\tminimum\nfuel\t5\t5\nsteel\t5,5\t5\n"),
        ("stocks.csv row 1", "between tabs", "commas between the cells"),
    ),
    "tabs": (
        ("stocks.csv", None, "product\tinitial\tminimum\nfuel\t5\t5\n"),
        ("stocks.csv", "no column 'product'", "commas between the cells, not tabs"),
    ),
    "misspelt column": (
        ("inputs.csv", "quantity", "quantitty"),
        ("inputs.csv", "no column 'quantity'", "did you mean 'quantitty'?"),
    ),
    "control character": (
        ("skills.csv", "Workers", "Work\x07ers"),
        ("skills.csv row 2 column 'name'", "U+0007", "delete it"),
    ),
    "endless text": (
        ("skills.csv", "Workers", "w" * 1001),
        ("skills.csv row 2 column 'name'", "1,001 characters", "1,000"),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_names_its_place_and_the_mend(
    fault: str, folder: Path, complaint: Complaint
) -> None:
    (file, old, new), words = FAULTS[fault]
    if old is None:
        (folder / file).write_text(new, encoding="utf-8")
        old = new = ""

    message = str(complaint(file, old, new))

    assert [word for word in words if word not in message] == [], message


def test_a_route_must_not_change_the_unit(folder: Path, complaint: Complaint) -> None:
    for name in ("inputs.csv", "investment_goods.csv"):
        (folder / name).write_text(
            "\n".join(line.rpartition(",")[0] for line in (folder / name).read_text().splitlines())
        )

    error = complaint("products.csv", "Timber in the valley,m3", "Timber in the valley,t")

    assert error.place == "routes.csv row 2 column 'destination'"
    assert "from 'm3' to 't'" in error.thing


def test_an_absent_table_is_named_when_a_row_needs_it(folder: Path, complaint: Complaint) -> None:
    (folder / "skills.csv").write_text("skill,unit,force\n")

    error = complaint("skills.csv")

    assert error.place == "labour.csv row 2 column 'skill'"
    assert "there are no skills" in error.thing


def test_text_in_another_encoding_is_refused(folder: Path, complaint: Complaint) -> None:
    (folder / "skills.csv").write_bytes(
        "skill,name,unit,force\nw,Zimmermänner,x,1\n".encode("cp1252")
    )

    error = complaint("skills.csv")

    assert error.place == "skills.csv row 2"
    assert "UTF-8" in str(error)


def test_a_byte_order_mark_windows_lines_and_blank_rows_are_read(folder: Path) -> None:
    plain = read_package(folder)
    text = (folder / "skills.csv").read_text()
    odd = text.replace("\n", "\r\n") + ",,,\r\n\r\n"
    (folder / "skills.csv").write_bytes(b"\xef\xbb\xbf" + odd.encode())

    found = read_package(folder)

    assert found.labour.codes == plain.labour.codes == ("workers", "joiners")
    assert found.labour.force.tolist() == [20, 25]


def test_a_large_file_is_refused_before_it_is_read(folder: Path) -> None:
    size = (folder / "datapackage.json").stat().st_size
    (folder / "inputs.csv").write_bytes(b"x" * (size + 1))

    with pytest.raises(LimitError, match=r"inputs\.csv: the file has") as caught:
        read_package(folder, limits=Limits(file_bytes_max=size))

    assert "raise Limits.file_bytes_max" in caught.value.mend


def test_too_many_rows_are_refused(folder: Path) -> None:
    with pytest.raises(LimitError, match="rows or more and the limit is 3"):
        read_package(folder, limits=Limits(rows_max=3))


def as_parquet(folder: Path, name: str, table: pa.Table) -> None:
    (folder / f"{name}.csv").unlink()
    pq.write_table(table, folder / f"{name}.parquet")
    descriptor = (folder / "datapackage.json").read_text()
    (folder / "datapackage.json").write_text(
        descriptor.replace(f'"{name}.csv"', f'"{name}.parquet"')
    )


def skills(**columns: object) -> pa.Table:
    found = {"skill": ["workers", "joiners"], "unit": ["person", "person"], "force": [25.0, 26.0]}
    return pa.table({**found, **columns})


def test_parquet_tables_are_read_beside_csv(folder: Path) -> None:
    as_parquet(folder, "skills", skills(force=pa.array([25, 26], pa.int32())))

    assert read_package(folder).labour.force.tolist() == [25, 26]


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"force": [25.0, float("nan")]}, "row 2 column 'force'"),
        ({"force": [25.0, None]}, "row 2 column 'force'"),
        ({"force": [25.0, float("inf")]}, "row 2 column 'force'"),
        ({"force": [True, False]}, "'True' is not a number"),
        ({"force": [["a"], ["b"]]}, "is not a number"),
        ({"skill": [b"workers", b"joiners"]}, "holds a bytes; store it as text"),
        ({"skill": [["workers"], ["joiners"]]}, "holds a list; store it as text"),
        ({"skill": ["workers", None]}, "row 2 column 'skill'"),
    ],
)
def test_odd_cells_of_parquet_are_refused(
    folder: Path, columns: dict[str, object], words: str
) -> None:
    as_parquet(folder, "skills", skills(**columns))

    with pytest.raises(InputError, match=r"skills\.parquet") as caught:
        read_package(folder)
    assert words in str(caught.value)


def test_an_infinite_limit_in_parquet_means_none(folder: Path) -> None:
    route = {
        "route": ["road"],
        "origin": ["timber-hill"],
        "destination": ["timber-valley"],
        "limit": [float("inf")],
    }
    as_parquet(folder, "routes", pa.table(route))

    assert read_package(folder).routes.limit.tolist() == [float("inf")]


def test_a_truncated_parquet_file_is_refused(folder: Path, complaint: Complaint) -> None:
    as_parquet(folder, "skills", skills())
    content = (folder / "skills.parquet").read_bytes()
    (folder / "skills.parquet").write_bytes(content[: len(content) // 2])

    error = complaint("skills.parquet")

    assert error.place == "skills.parquet"
    assert "truncated" in error.mend
