"""What is packaged can be found by name, is read, and holds no error."""

import pytest

from counterplan.economy.checks import Severity, check_economy
from counterplan.economy.package import read_package
from counterplan.errors import InputError
from counterplan.examples import packaged_economies, packaged_economy


def test_the_two_economies_are_there() -> None:
    assert {"russia-2014", "three-workplaces"} <= set(packaged_economies())


@pytest.mark.parametrize("name", packaged_economies())
def test_a_packaged_economy_bears_its_folders_name_and_has_no_error(name: str) -> None:
    economy = read_package(packaged_economy(name))

    assert economy.name == name
    assert economy.title
    found = check_economy(economy)
    assert [str(one) for one in found if one.severity is Severity.ERROR] == []
    assert [one for one in found if one.check == "sources"] == []


def test_a_wrong_name_suggests_the_right_one() -> None:
    with pytest.raises(InputError, match="did you mean 'russia-2014'"):
        packaged_economy("russia-2015")
