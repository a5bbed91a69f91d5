"""Whatever is done to the cells and the bytes of a package, only InputError escapes."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterplan.economy.economy import Economy
from counterplan.economy.package import read_package, write_package, write_template
from counterplan.economy.package.schema import TABLES
from counterplan.errors import InputError

NAMES = [schema.name for schema in TABLES]
CELLS = st.one_of(
    st.sampled_from(
        [
            "",
            "-1",
            "nan",
            "inf",
            "1e400",
            "0x10",
            "1,5",
            "½",
            "٣",
            "1_0",
            '"',
            "\n",
            "\0",
            ";",
            "=1",
        ]
    ),
    st.text(max_size=20),
    st.floats().map(repr),
    st.integers().map(str),
)
fuzzed = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of the template in CSV, and of its tables in Parquet."""
    folder = tmp_path_factory.mktemp("template")
    write_template(folder / "csv")
    write_package(read_package(folder / "csv"), folder / "parquet", form="parquet")
    files = {file.name: file.read_bytes() for file in (folder / "csv").iterdir()}
    files.pop("README.md")
    tables = {file.name: file.read_bytes() for file in (folder / "parquet").glob("*.parquet")}
    return {**files, **tables}


def tried(path: Path) -> Economy | InputError:
    """Read a package; anything but an InputError escapes and fails the test."""
    try:
        return read_package(path)
    except InputError as error:
        return error


def read_with(template: dict[str, bytes], changed: dict[str, bytes]) -> Economy | InputError:
    """Read the template with some files changed, those of Parquet in place of CSV."""
    replaced = {name.replace(".parquet", ".csv") for name in changed if name.endswith(".parquet")}
    kept = {
        name: content
        for name, content in template.items()
        if not name.endswith(".parquet") and name not in replaced
    }
    with TemporaryDirectory() as scratch:
        for name, content in {**kept, **changed}.items():
            (Path(scratch) / name).write_bytes(content)
        return tried(Path(scratch))


def as_parquet(template: dict[str, bytes], name: str, content: bytes) -> dict[str, bytes]:
    """Return the changed files of a package whose table is in Parquet."""
    file = f"{name}.parquet"
    descriptor = template["datapackage.json"].replace(f"{name}.csv".encode(), file.encode())
    return {file: content, "datapackage.json": descriptor}


@fuzzed
@given(name=st.sampled_from(NAMES), data=st.data())
def test_any_cell_may_hold_anything(template: dict[str, bytes], name: str, data: Any) -> None:
    lines = template[f"{name}.csv"].decode().splitlines()
    row = data.draw(st.integers(0, len(lines) - 1))
    cells = lines[row].split(",")
    cells[data.draw(st.integers(0, len(cells) - 1))] = data.draw(CELLS)
    lines[row] = ",".join(cells)

    read_with(template, {f"{name}.csv": "\n".join(lines).encode("utf-8", "surrogatepass")})


def mutated(data: Any, content: bytes) -> bytes:
    """Cut a file, or overwrite, insert or delete a few of its bytes."""
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(start + 40, len(content))))
    if data.draw(st.booleans()):
        return content[:start]
    return content[:start] + data.draw(st.binary(max_size=40)) + content[end:]


@fuzzed
@given(name=st.sampled_from(NAMES), data=st.data())
def test_any_bytes_may_stand_in_a_csv_file(
    template: dict[str, bytes], name: str, data: Any
) -> None:
    read_with(template, {f"{name}.csv": mutated(data, template[f"{name}.csv"])})


@fuzzed
@given(name=st.sampled_from(NAMES), data=st.data())
def test_any_bytes_may_stand_in_a_parquet_file(
    template: dict[str, bytes], name: str, data: Any
) -> None:
    content = mutated(data, template[f"{name}.parquet"])

    read_with(template, as_parquet(template, name, content))


@fuzzed
@given(data=st.data())
def test_any_bytes_may_stand_in_the_descriptor(template: dict[str, bytes], data: Any) -> None:
    read_with(template, {"datapackage.json": mutated(data, template["datapackage.json"])})


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


@fuzzed
@given(data=st.data(), value=JSON)
def test_any_value_may_stand_in_the_descriptor(
    template: dict[str, bytes], data: Any, value: Any
) -> None:
    content = json.loads(template["datapackage.json"])
    container, key = data.draw(st.sampled_from(list(places(content))))
    container[key] = value

    read_with(template, {"datapackage.json": json.dumps(content).encode()})


def places(node: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every place in a JSON value: what holds it, and under which key."""
    keys = node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    for key in keys:
        yield node, key
        yield from places(node[key])


@fuzzed
@given(data=st.data())
def test_any_bytes_may_stand_in_an_archive(template: dict[str, bytes], data: Any) -> None:
    with TemporaryDirectory() as scratch:
        path = Path(scratch) / "package.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in template.items():
                if not name.endswith(".parquet"):
                    archive.writestr(name, content)
        path.write_bytes(mutated(data, path.read_bytes()))
        tried(path)


def test_the_template_itself_is_read(template: dict[str, bytes]) -> None:
    assert isinstance(read_with(template, {}), Economy)
    for name in NAMES:
        changed = as_parquet(template, name, template[f"{name}.parquet"])
        assert isinstance(read_with(template, changed), Economy)
