"""Writing: whole or not at all, never over somebody else's files."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from counterplan.economy.economy import Economy
from counterplan.economy.package import read_package, write_package, write_template
from counterplan.economy.package.folder import whole_folder
from counterplan.errors import InputError


@pytest.fixture
def economy(folder: Path) -> Economy:
    return read_package(folder)


def renamed(economy: Economy, title: str) -> Economy:
    return dataclasses.replace(economy, title=title)


def test_an_own_package_is_replaced_and_files_beside_it_kept(
    economy: Economy, tmp_path: Path
) -> None:
    target = tmp_path / "target"
    write_package(economy, target)
    (target / "README.md").write_text("mine")
    (target / "scenarios").mkdir()
    (target / "scenarios" / "a.yaml").write_text("name: a")

    write_package(renamed(economy, "second"), target, form="parquet")

    assert read_package(target).title == "second"
    assert (target / "README.md").read_text() == "mine"
    assert (target / "scenarios" / "a.yaml").read_text() == "name: a"
    assert not list(target.glob("*.csv"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["package", "target"]


def test_an_empty_folder_may_be_filled(economy: Economy, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    write_package(economy, tmp_path / "empty")

    assert read_package(tmp_path / "empty").name == economy.name


def test_folders_on_the_way_are_made(economy: Economy, tmp_path: Path) -> None:
    write_package(economy, tmp_path / "a" / "b")

    assert read_package(tmp_path / "a" / "b").name == economy.name


@pytest.mark.parametrize("content", ["x", '{"name": "other", "resources": []}'])
def test_a_foreign_folder_is_left_alone(economy: Economy, tmp_path: Path, content: str) -> None:
    target = tmp_path / "target"
    target.mkdir()
    (target / "datapackage.json").write_text(content)

    with pytest.raises(InputError, match="not empty and holds no data package"):
        write_package(economy, target)
    with pytest.raises(InputError, match="not empty and holds no data package"):
        write_template(target)

    assert [file.name for file in target.iterdir()] == ["datapackage.json"]
    assert (target / "datapackage.json").read_text() == content


def test_a_file_is_not_replaced_by_a_folder(economy: Economy, tmp_path: Path) -> None:
    (tmp_path / "target").write_text("x")

    with pytest.raises(InputError, match="a file stands there"):
        write_package(economy, tmp_path / "target")


def test_what_could_not_be_read_is_not_written(economy: Economy, tmp_path: Path) -> None:
    target = tmp_path / "target"
    write_package(economy, target)
    activity = economy.techniques.activity.copy()
    activity[1] = np.nan
    broken = dataclasses.replace(
        economy, techniques=dataclasses.replace(economy.techniques, activity=activity)
    )

    with pytest.raises(InputError, match=r"techniques\.csv row 3 column 'activity'.*nan"):
        write_package(broken, target)

    assert read_package(target).title == economy.title
    assert sorted(path.name for path in tmp_path.iterdir()) == ["package", "target"]


@pytest.mark.parametrize(("title", "word"), [("\ud800", "surrogates"), ("a\x07", "U\\+0007")])
def test_titles_that_no_file_can_hold_are_refused(
    economy: Economy, tmp_path: Path, title: str, word: str
) -> None:
    with pytest.raises(InputError, match=word):
        write_package(renamed(economy, title), tmp_path / "target")

    assert not (tmp_path / "target").exists()


@pytest.mark.parametrize(
    ("name", "word"), [(" a", "starts or ends with a space"), ("a\nb", "U\\+000A")]
)
def test_texts_that_would_come_back_changed_are_refused(
    economy: Economy, tmp_path: Path, name: str, word: str
) -> None:
    names = (name, *economy.products.names[1:])
    odd = dataclasses.replace(economy, products=dataclasses.replace(economy.products, names=names))

    with pytest.raises(InputError, match=word):
        write_package(odd, tmp_path / "target")


def test_a_stock_that_may_not_be_stored_is_refused(economy: Economy, tmp_path: Path) -> None:
    nowhere = np.zeros(len(economy.products), dtype=np.bool_)
    stocks = dataclasses.replace(economy.stocks, storable=nowhere)

    with pytest.raises(InputError, match="'timber-hill' has a stock and may not be stored"):
        write_package(dataclasses.replace(economy, stocks=stocks), tmp_path / "target")


def test_a_place_that_cannot_be_written_to_is_named(economy: Economy, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    with pytest.raises(InputError, match="cannot be written"):
        write_package(economy, tmp_path / "file" / "target")


def test_when_the_last_step_fails_the_old_folder_comes_back(
    economy: Economy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "target"
    write_package(economy, target)
    rename = Path.rename

    def failing(self: Path, to: Path) -> Path:
        if self.name == "new":
            raise OSError(28, "No space left on device")
        return rename(self, to)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(InputError, match="No space left on device"):
        write_package(renamed(economy, "second"), target)

    assert read_package(target).title == economy.title


def test_an_error_inside_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail() -> None:
        with whole_folder(tmp_path / "target") as folder:
            (folder / "a").write_text("x")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list(tmp_path.iterdir()) == []
