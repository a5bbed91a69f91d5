"""Files: limits on their size, safe opening, and cells that know where they stand.

Every reader of the package opens files here. A file is checked before it is parsed (its size,
and for archives what they claim to unpack to), read into memory once, and handed on as a
:class:`Frame`, whose accessors name the file, the row, the column and the mend when a cell is
not what it should be. Parsers of other projects may fail in any way on a damaged file; only
:class:`~counterplan.errors.InputError` leaves this module.
"""

import csv
import io
import math
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from counterplan.errors import InputError, LimitError, did_you_mean

Floats = npt.NDArray[np.float64]
Result = TypeVar("Result")

MEBIBYTE = 1 << 20
LARGER = "if you trust the file, pass larger Limits"


@dataclass(frozen=True)
class Limits:
    """What one file may hold. Pass another to a reader to raise or lower a limit.

    Attributes
    ----------
    file_bytes_max
        Size on disk.
    unpacked_bytes_max
        What an archive (xlsx) or a Parquet file says it unpacks to.
    unpacked_ratio_max
        Unpacked size over packed size of one part of an archive that unpacks to over 1 MiB.
        Worksheets of zeros pack about 40 to 1; bombs pack about 1,000 to 1.
    parts_max
        Files inside one archive.
    rows_max, columns_max, cells_max
        Of one table.
    """

    file_bytes_max: int = 512 * MEBIBYTE
    unpacked_bytes_max: int = 1024 * MEBIBYTE
    unpacked_ratio_max: float = 200.0
    parts_max: int = 1000
    rows_max: int = 2_000_000
    columns_max: int = 20_000
    cells_max: int = 20_000_000


DEFAULT_LIMITS = Limits()


def is_plain(text: str) -> bool:
    """Return whether a text is a decimal number as a spreadsheet writes it ("-1.5e3")."""
    return text.isascii() and "_" not in text


def number(value: object, *, place: str) -> float:
    """Return a cell as a finite float.

    Raises
    ------
    InputError
        When the cell is blank, a text, a truth value, not a number or infinite.
    """
    if isinstance(value, (float, int, np.floating, np.integer)) and not isinstance(value, bool):
        try:
            found = float(value)
        except OverflowError:  # a whole number of more than 308 digits
            found = math.inf
    else:
        text = "" if value is None else str(value).strip()
        if not text:
            raise InputError("the cell is blank", place=place, mend="write 0 if it is zero")
        try:
            found = float(text) if is_plain(text) else math.nan
        except ValueError:
            found = math.nan
        if math.isnan(found) and text.lower() not in {"nan", "-nan", "+nan"}:
            raise InputError(
                f"'{text[:40]}' is not a number",
                place=place,
                mend="write digits with a decimal point and no spaces or thousands separators",
            )
    if not math.isfinite(found):
        raise InputError(f"the value is {found}", place=place, mend="give a finite number")
    return found


def as_text(value: object) -> str:
    """Return a cell as text without surrounding spaces; blank and missing cells give ''."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


@dataclass(frozen=True)
class Frame:
    """One table of one file: named columns of cells, and the rows' numbers in the file.

    Attributes
    ----------
    columns
        Column name to its cells, all of one length: float64 arrays where the file stores
        numbers, lists of anything elsewhere.
    lines
        [rows] the number that a person sees beside each row.
    """

    path: Path
    columns: Mapping[str, Sequence[object] | Floats]
    lines: Sequence[int]
    sheet: str = ""

    def __len__(self) -> int:
        return len(self.lines)

    def place(self, row: int | None = None, column: str = "") -> str:
        """Return where a cell stands: "use.csv row 41 column 'steel'"."""
        parts = [self.path.name]
        if self.sheet:
            parts.append(f"sheet '{self.sheet}'")
        if row is not None:
            parts.append(f"row {self.lines[row]}")
        if column:
            parts.append(f"column '{column}'")
        return " ".join(parts)

    def require(self, names: Iterable[str]) -> None:
        """Raise an InputError for the first column of ``names`` that the file lacks."""
        for name in names:
            if name not in self.columns:
                raise InputError(
                    f"there is no column '{name}'", place=self.place(), mend=self._mend(name)
                )

    def _mend(self, name: str) -> str:
        only = list(self.columns)
        if len(only) == 1 and ";" in only[0]:
            return "separate the columns by commas, not by semicolons"
        return did_you_mean(name, only) or f"add it; the columns are {shown(only)}"

    def text(self, column: str) -> list[str]:
        """Return a column as texts; blank cells give ''."""
        self.require([column])
        return [as_text(value) for value in self.columns[column]]

    def number(self, row: int, column: str) -> float:
        """Return one cell as a finite float."""
        return number(self.columns[column][row], place=self.place(row, column))

    def numbers(self, names: Sequence[str], rows: Sequence[int] | None = None) -> Floats:
        """Return cells as finite floats [rows x names]; the first bad cell is the error."""
        self.require(names)
        chosen = np.arange(len(self)) if rows is None else np.asarray(rows, dtype=np.int64)
        found = np.empty((len(chosen), len(names)))
        for j, name in enumerate(names):
            cells = self.columns[name]
            if isinstance(cells, np.ndarray):
                found[:, j] = cells[chosen]
                for bad in chosen[~np.isfinite(found[:, j])]:
                    self.number(int(bad), name)
            else:
                found[:, j] = [self.number(int(row), name) for row in chosen]
        return found


def shown(names: Sequence[str], most: int = 8) -> str:
    """Return up to ``most`` names as a readable list."""
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")


def read_bytes(path: Path | str, *, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Return a file's bytes after checking that it is there, a file, not empty and not too large.

    Raises
    ------
    InputError, LimitError
        Naming the file and the mend.
    """
    path = Path(path)
    try:
        if not path.exists():
            raise InputError("the file is not there", place=str(path), mend=_neighbour(path))
        if not path.is_file():
            raise InputError("this is not a file", place=str(path), mend="name a file in it")
        size = path.stat().st_size
        if size > limits.file_bytes_max:
            raise LimitError(
                f"the file has {size:,} bytes and the limit is {limits.file_bytes_max:,}",
                place=path.name,
                mend="check that it is the right file, or raise Limits.file_bytes_max",
            )
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read: {error}", place=str(path)) from error
    if not content:
        raise InputError("the file is empty", place=path.name, mend="copy or download it again")
    return content


def _neighbour(path: Path) -> str:
    try:
        near = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return f"the folder '{path.parent}' is not there either"
    return did_you_mean(path.name, near)


def parsed(path: Path, kind: str, parse: Callable[[], Result]) -> Result:
    """Return ``parse()``, turning whatever it raises into an InputError.

    The parsers of spreadsheets and Parquet raise KeyError, AttributeError, struct.error,
    zlib.error and more on damaged input, so nothing narrower than Exception is safe.
    """
    try:
        return parse()
    except InputError:
        raise
    except (Exception, MemoryError) as error:
        reason = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        raise InputError(
            f"this is not a readable {kind} file ({reason})",
            place=path.name,
            mend="it may be truncated or damaged: copy or download it again",
        ) from error


def check_archive(
    content: bytes, *, path: Path, limits: Limits = DEFAULT_LIMITS, mend: str = LARGER
) -> None:
    """Check what an archive claims to hold before anything of it is unpacked.

    Parameters
    ----------
    mend
        What to do with an archive beyond the limits that is trusted.

    Raises
    ------
    InputError, LimitError
        Truncated, encrypted, with overlapping parts or two of one name, with an XML document
        type (which may define entities that grow without bound), or larger unpacked than the
        limits.
    """
    archive = parsed(path, "xlsx", lambda: zipfile.ZipFile(io.BytesIO(content)))
    with archive:
        parts = archive.infolist()
        if len(parts) > limits.parts_max:
            what = f"{len(parts):,} parts; the limit is {limits.parts_max:,}"
            raise _bomb(path, what, mend=mend)
        unpacked = sum(part.file_size for part in parts)
        if unpacked > limits.unpacked_bytes_max:
            most = limits.unpacked_bytes_max
            raise _bomb(path, f"{unpacked:,} bytes unpacked; the limit is {most:,}", mend=mend)
        if sum(part.compress_size for part in parts) > len(content):
            raise _bomb(path, "parts that overlap", mend=mend)
        _refuse_namesakes(parts, path)
        for part in parts:
            ratio = part.file_size / max(part.compress_size, 1)
            if part.file_size > MEBIBYTE and ratio > limits.unpacked_ratio_max:
                raise _bomb(
                    path,
                    f"a part '{part.filename[:60]}' that unpacks {ratio:,.0f} times; "
                    f"the limit is {limits.unpacked_ratio_max:,.0f} times",
                    mend=mend,
                )
            if part.flag_bits & 1:
                raise InputError(
                    "the file is encrypted", place=path.name, mend="save it without a password"
                )
            if part.filename.endswith((".xml", ".rels")):
                _refuse_document_type(archive, part, path)


def _bomb(path: Path, what: str, *, mend: str) -> LimitError:
    return LimitError(f"the archive holds {what}", place=path.name, mend=mend)


def _refuse_namesakes(parts: Sequence[zipfile.ZipInfo], path: Path) -> None:
    """Refuse two parts of one name: which of them is meant nobody could say."""
    seen: set[PurePosixPath] = set()
    for part in parts:
        name = PurePosixPath(part.filename)
        if name in seen:
            raise InputError(
                f"the archive holds two parts named '{part.filename[:60]}'",
                place=path.name,
                mend="pack the folder again",
            )
        seen.add(name)


def _refuse_document_type(archive: zipfile.ZipFile, part: zipfile.ZipInfo, path: Path) -> None:
    def head() -> bytes:
        with archive.open(part) as stream:
            return stream.read(4096)

    # UTF-16 writes a zero byte beside each letter.
    if b"<!DOCTYPE" in parsed(path, "xlsx", head).replace(b"\0", b""):
        raise InputError(
            f"the part '{part.filename[:60]}' declares an XML document type",
            place=path.name,
            mend="no spreadsheet needs one: save the file again from a spreadsheet program",
        )


@dataclass
class Counter:
    """Counts rows and cells as they arrive and raises when a limit is passed."""

    path: Path
    limits: Limits
    rows: int = 0
    cells: int = 0
    _names: tuple[str, str, str] = field(default=("rows", "columns", "cells"), repr=False)

    def add(self, columns: int) -> None:
        """Count one row of ``columns`` cells."""
        self.rows += 1
        self.cells += columns
        self.check(self.rows, columns, self.cells)

    def check(self, rows: int, columns: int, cells: int) -> None:
        """Raise a LimitError when one of the three counts is over its limit."""
        most = (self.limits.rows_max, self.limits.columns_max, self.limits.cells_max)
        for name, count, limit in zip(self._names, (rows, columns, cells), most, strict=True):
            if count > limit:
                raise LimitError(
                    f"the table has {count:,} {name} or more and the limit is {limit:,}",
                    place=self.path.name,
                    mend=f"check that it is the right file, or raise Limits.{name}_max",
                )


def csv_rows(path: Path, *, limits: Limits = DEFAULT_LIMITS) -> Iterator[tuple[int, list[str]]]:
    """Yield (line number, cells) of a CSV file in UTF-8, skipping rows without any content."""
    content = read_bytes(path, limits=limits)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(
            "the text is not in UTF-8",
            place=f"{path.name} row {line}",
            mend="save it as 'CSV UTF-8 (comma delimited)'",
        ) from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    counter = Counter(path, limits)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InputError(
                f"the row cannot be read ({error})",
                place=f"{path.name} row {line}",
                mend="look for a quotation mark that is not closed",
            ) from error
        counter.add(len(cells))
        if any(cell.strip() for cell in cells):
            yield line, cells
