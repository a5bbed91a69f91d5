"""Paths and archives: what leads out of the package, or unpacks without end, is refused."""

import io
import warnings
import zipfile
from pathlib import Path

import pytest

from counterplan.economy.package import Limits, read_package
from counterplan.errors import InputError, LimitError
from tests.economy.package.alike import differences


def zipped(folder: Path, to: Path, *, prefix: str = "") -> Path:
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        if prefix:
            archive.mkdir(prefix)
        for file in folder.iterdir():
            archive.write(file, prefix + file.name)
    return to


@pytest.mark.parametrize("prefix", ["", "my-economy/"])
def test_a_zip_of_the_folder_is_read_like_the_folder(
    folder: Path, tmp_path: Path, prefix: str
) -> None:
    archive = zipped(folder, tmp_path / "package.zip", prefix=prefix)

    assert differences(read_package(archive), read_package(folder)) == []


def test_the_descriptor_may_be_named_instead_of_the_folder(folder: Path) -> None:
    assert read_package(folder / "datapackage.json").name == "my-economy"


def test_faults_inside_an_archive_name_the_file_and_the_row(folder: Path, tmp_path: Path) -> None:
    text = (folder / "inputs.csv").read_text()
    (folder / "inputs.csv").write_text(text.replace("fuel", "fule"))

    with pytest.raises(InputError, match=r"inputs\.csv row 2 column 'product'"):
        read_package(zipped(folder, tmp_path / "package.zip"))


def test_a_truncated_archive_is_refused(folder: Path, tmp_path: Path) -> None:
    archive = zipped(folder, tmp_path / "package.zip")
    archive.write_bytes(archive.read_bytes()[:-500])

    with pytest.raises(InputError, match="not a readable zip file"):
        read_package(archive)


def test_a_damaged_part_is_refused(folder: Path, tmp_path: Path) -> None:
    archive = zipped(folder, tmp_path / "package.zip")
    content = bytearray(archive.read_bytes())
    content[60:90] = bytes(30)
    archive.write_bytes(bytes(content))

    with pytest.raises(InputError, match=r"package\.zip: this is not a readable zip file"):
        read_package(archive)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inputs.csv", b"0" * 30_000_000)

    with pytest.raises(LimitError, match=r"unpacks .* times; the limit is 200 times"):
        read_package(path)


def test_an_archive_too_large_unpacked_is_refused(folder: Path, tmp_path: Path) -> None:
    archive = zipped(folder, tmp_path / "package.zip")

    with pytest.raises(LimitError, match="bytes unpacked; the limit is 1,000"):
        read_package(archive, limits=Limits(unpacked_bytes_max=1000))


def test_tables_too_large_together_are_refused(folder: Path) -> None:
    with pytest.raises(LimitError, match=r"the tables have .* bytes and the limit is 1,000"):
        read_package(folder, limits=Limits(unpacked_bytes_max=1000))


def test_a_trusted_archive_beyond_the_limits_can_be_unpacked_by_hand(
    folder: Path, tmp_path: Path
) -> None:
    archive = zipped(folder, tmp_path / "package.zip")

    with pytest.raises(LimitError) as caught:
        read_package(archive, limits=Limits(unpacked_bytes_max=1000))
    assert caught.value.mend == "if you trust it, unpack it and name the folder"


@pytest.mark.parametrize("again", ["inputs.csv", "./inputs.csv"])
def test_two_parts_of_one_name_are_refused(folder: Path, tmp_path: Path, again: str) -> None:
    path = zipped(folder, tmp_path / "package.zip")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile warns of what is done here on purpose
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(again, "technique,product,quantity,unit\n")

    with pytest.raises(InputError) as caught:
        read_package(path)
    assert caught.value.thing == f"the archive holds two parts named '{again}'"
    assert caught.value.place == str(path)


def test_every_complaint_begins_with_the_path_of_the_package(folder: Path, tmp_path: Path) -> None:
    text = (folder / "inputs.csv").read_text()
    (folder / "inputs.csv").write_text(text.replace("fuel", "fule"))
    archive = zipped(folder, tmp_path / "package.zip")
    place = "inputs.csv row 2 column 'product'"

    for named, path in ((folder, folder), (folder / "datapackage.json", folder), (archive,) * 2):
        with pytest.raises(InputError) as caught:
            read_package(named)
        assert caught.value.place == f"{path}: {place}"
        assert caught.value.mend == "did you mean 'fuel'?"


@pytest.mark.parametrize("name", ["../out.csv", "/out.csv", "a/../../out.csv", "..\\out.csv"])
def test_nothing_is_written_outside_the_archives_own_folder(tmp_path: Path, name: str) -> None:
    path = tmp_path / "slip.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), "x")

    with pytest.raises(InputError, match="leads out of the archive"):
        read_package(path)


@pytest.mark.parametrize("names", [[], ["a/datapackage.json", "b/datapackage.json"]])
def test_an_archive_holds_exactly_one_package(tmp_path: Path, names: list[str]) -> None:
    path = tmp_path / "package.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "x")
        for name in names:
            archive.writestr(name, "{}")

    with pytest.raises(InputError, match=f"holds {len(names)} files datapackage.json"):
        read_package(path)


def test_an_encrypted_archive_is_refused(tmp_path: Path, folder: Path) -> None:
    content = bytearray(zipped(folder, tmp_path / "package.zip").read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(signature, at + 1)
    (tmp_path / "locked.zip").write_bytes(bytes(content))

    with pytest.raises(InputError, match="encrypted"):
        read_package(tmp_path / "locked.zip")


def test_a_link_out_of_the_folder_is_not_followed(folder: Path, tmp_path: Path) -> None:
    (folder / "skills.csv").rename(tmp_path / "skills.csv")
    (folder / "skills.csv").symlink_to(tmp_path / "skills.csv")

    with pytest.raises(InputError, match=r"'skills\.csv' leads out of the package"):
        read_package(folder)


def test_a_description_outside_the_folder_is_not_followed(folder: Path, tmp_path: Path) -> None:
    (folder / "datapackage.json").rename(tmp_path / "datapackage.json")
    (folder / "datapackage.json").symlink_to(tmp_path / "datapackage.json")

    with pytest.raises(InputError, match=r"'datapackage\.json' leads out of the package") as caught:
        read_package(folder)
    assert caught.value.place == str(folder)


def test_a_link_to_itself_is_not_followed(folder: Path) -> None:
    (folder / "skills.csv").unlink()
    (folder / "skills.csv").symlink_to(folder / "skills.csv")

    with pytest.raises(InputError, match=r"skills\.csv"):
        read_package(folder)


def test_a_link_inside_the_folder_is(folder: Path) -> None:
    (folder / "skills.csv").rename(folder / "labour-force.csv")
    (folder / "skills.csv").symlink_to(folder / "labour-force.csv")

    assert read_package(folder).labour.codes == ("workers", "joiners")


@pytest.mark.parametrize("name", ["nowhere", "a.txt", "x" * 5000, "a\0b"])
def test_what_is_not_there_or_no_package_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.txt").write_text("x")

    with pytest.raises(InputError, match=r"no such folder|not a data package|cannot be read"):
        read_package(tmp_path / name)


def test_a_folder_in_place_of_a_table_is_refused(folder: Path) -> None:
    (folder / "skills.csv").unlink()
    (folder / "skills.csv").mkdir()

    with pytest.raises(InputError, match="not a file"):
        read_package(folder)


def test_an_empty_zip_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    zipfile.ZipFile(buffer, "w").close()
    (tmp_path / "empty.zip").write_bytes(buffer.getvalue())

    with pytest.raises(InputError, match="holds 0 files"):
        read_package(tmp_path / "empty.zip")
