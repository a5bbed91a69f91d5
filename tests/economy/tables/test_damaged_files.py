"""Whatever a file holds, a reader either reads it or raises an InputError that names it."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterplan.economy.tables import Table
from counterplan.errors import InputError
from tests.economy.tables.samples import READERS, Reader, sample_bytes, write_samples

DAMAGE = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
WORDS = [
    b"",
    b"NaN",
    b"-inf",
    b"1e999",
    b"1,5",
    b'"',
    b"\0",
    b"\xff",
    b"\n",
    b"=1+1",
    b"a" * 300,
    b"A01",
    b"domestic",
    b"0x10",
    b"1_0",
    b"\xd9\xa1",
    b"-5",
    b"true",
    b"#REF!",
]

XML = [
    b"<",
    b"</row>",
    b"<c r='XFD1048576'><v>1</v></c>",
    b't="s"',
    b't="e"',
    b"<v>99999</v>",
    b"<!-- -->",
    b"&lol;",
    b'r="A0"',
    b'spans="1:99999"',
    b"<f>1/0</f>",
]


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    write_samples(tmp_path)
    return tmp_path


def survives(reader: Reader, path: Path, content: bytes) -> None:
    """Read a damaged file; nothing but an InputError that names it may come out."""
    path.write_bytes(content)
    try:
        found = reader(path)
    except InputError:
        return
    assert found is not None
    if isinstance(found, Table):
        assert found.output.size == len(found.branches)


@pytest.mark.parametrize("name", READERS)
def test_the_samples_are_sound(samples: Path, name: str) -> None:
    file, reader = READERS[name]
    assert reader(samples / file) is not None


@pytest.mark.parametrize("name", READERS)
@DAMAGE
@given(data=st.data())
def test_bytes_changed_cut_and_repeated(samples: Path, name: str, data: st.DataObject) -> None:
    file, reader = READERS[name]
    content = bytearray(sample_bytes()[file])
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(content)))
        kind = data.draw(st.sampled_from(["flip", "cut", "repeat", "insert"]))
        if kind == "flip":
            content[place : place + 1] = bytes([data.draw(st.integers(0, 255))])
        elif kind == "cut":
            del content[place : place + data.draw(st.integers(1, 200))]
        elif kind == "repeat":
            content[place:place] = content[place : place + data.draw(st.integers(1, 200))]
        else:
            content[place:place] = data.draw(st.binary(max_size=20))
    survives(reader, samples / file, bytes(content))


@pytest.mark.parametrize("name", ["wiod2016 workbook", "wiod2013 workbook"])
@DAMAGE
@given(data=st.data())
def test_parts_of_a_workbook_changed_inside(samples: Path, name: str, data: st.DataObject) -> None:
    """Damage that the archive's checksums do not catch: the XML itself is wrong."""
    file, reader = READERS[name]
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(sample_bytes()[file])) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        names = old.namelist()
        damaged = data.draw(st.sampled_from(names))
        for part in names:
            content = old.read(part)
            if part == damaged:
                place = data.draw(st.integers(0, len(content)))
                gone = data.draw(st.integers(0, 40))
                patch = data.draw(st.sampled_from([*WORDS, *XML]) | st.binary(max_size=8))
                content = content[:place] + patch + content[place + gone :]
            new.writestr(part, content)
    survives(reader, samples / file, packed.getvalue())


@pytest.mark.parametrize("name", [name for name, (file, _) in READERS.items() if "csv" in file])
@DAMAGE
@given(data=st.data())
def test_cells_exchanged_for_others(samples: Path, name: str, data: st.DataObject) -> None:
    file, reader = READERS[name]
    rows = [line.split(b",") for line in sample_bytes()[file].splitlines()]
    for _ in range(data.draw(st.integers(1, 4))):
        row = data.draw(st.sampled_from(rows))
        column = data.draw(st.integers(0, len(row) - 1))
        row[column] = data.draw(st.sampled_from(WORDS) | st.binary(max_size=8))
    survives(reader, samples / file, b"\n".join(b",".join(row) for row in rows))


@pytest.mark.parametrize("name", READERS)
@DAMAGE
@given(content=st.binary(max_size=300))
def test_bytes_that_are_no_file_at_all(samples: Path, name: str, content: bytes) -> None:
    file, reader = READERS[name]
    survives(reader, samples / file, content)
