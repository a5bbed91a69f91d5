from pathlib import Path

import pandas as pd
import pytest

from counterplan.economy.classifications import CLASSIFICATIONS, branch_names, classification
from counterplan.errors import InputError


def test_the_branches_of_2016_cover_every_division_of_isic_once() -> None:
    """ISIC Rev. 4 numbers its 88 divisions 01 to 99 with eleven gaps (United Nations 2008)."""
    gaps = {4, 34, 40, 44, 48, 54, 57, 67, 76, 83, 89}
    covered = [d for branch in classification("wiod2016").values() for d in branch.covers]
    assert sorted(map(int, covered)) == sorted(set(range(1, 100)) - gaps)
    assert len(covered) == 88


def test_counts_and_names() -> None:
    assert [len(classification(name)) for name in CLASSIFICATIONS] == [56, 35]
    assert branch_names("wiod2016")["K64"].startswith("Financial service activities")
    assert list(classification("wiod2013"))[-1] == "c35"
    assert classification("wiod2013")["c13"].covers == ("29",)
    with pytest.raises(InputError, match="no classification 'wiod2015'; did you mean 'wiod201"):
        classification("wiod2015")


@pytest.mark.shared
def test_codes_and_names_are_those_of_the_release(shared_data: Path) -> None:
    release = pd.read_csv(shared_data / "wiod2016_niot" / "sectors56.csv")
    names = {row.Code: row.Description.strip() for row in release.itertuples()}
    assert branch_names("wiod2016") == names
