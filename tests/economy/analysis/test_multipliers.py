"""Multipliers against textbooks and two published tables."""

import numpy as np
import pandas as pd
import pytest

from counterplan.economy.analysis import (
    Households,
    LeontiefModel,
    effect_ratios,
    intensities,
    multipliers,
    output_multipliers,
    type_two_multipliers,
)
from counterplan.errors import InputError
from tests.economy.analysis.conftest import GERMANY_BRANCHES, Accounts

# Miller and Blair (2009), section 2.5: households earn 300 and 500 in the two sectors and 50 from
# each other, and spend 50, 400 and 50 of their income of 1,000.
INCOME = np.array([0.30, 0.25])
HOUSEHOLDS = Households(income=INCOME, consumption=np.array([0.05, 0.40]), own_income=0.05)


def test_output_multipliers_of_the_textbook(two_sectors: Accounts) -> None:
    # Miller and Blair (2009), section 6.2.1: simple 1.518 and 1.452, total 2.462 and 2.262.
    model = LeontiefModel.from_flows(two_sectors.flows, two_sectors.output)

    assert output_multipliers(model).round(3).tolist() == [1.518, 1.452]
    closed = type_two_multipliers(model, [1.0, 1.0], households=HOUSEHOLDS, household_direct=1.0)
    assert closed.round(3).tolist() == [2.462, 2.262]


def test_income_multipliers_of_the_textbook(two_sectors: Accounts) -> None:
    # Miller and Blair (2009), section 6.2.2: type I 1.47 and 1.52, type II 1.90 and 1.96, and the
    # household row of the closed inverse 0.570 and 0.489.
    model = LeontiefModel.from_flows(two_sectors.flows, two_sectors.output)

    simple = multipliers(model, INCOME)
    total = type_two_multipliers(model, INCOME, households=HOUSEHOLDS, household_direct=0.05)

    assert total.round(3).tolist() == [0.570, 0.489]
    assert effect_ratios(simple, INCOME).round(2).tolist() == [1.47, 1.52]
    assert effect_ratios(total, INCOME).round(2).tolist() == [1.90, 1.96]
    # The same section: type II over type I is the same for every branch.
    assert np.ptp(total / simple) < 1e-14


def test_type_two_is_the_inverse_of_the_closed_model(two_sectors: Accounts) -> None:
    closed = np.linalg.inv(
        np.eye(3) - np.array([[0.15, 0.25, 0.05], [0.20, 0.05, 0.40], [0.30, 0.25, 0.05]])
    )
    # Miller and Blair (2009), section 2.5: the closed inverse to three decimals.
    assert closed.round(3).tolist() == [
        [1.365, 0.425, 0.251],
        [0.527, 1.348, 0.595],
        [0.570, 0.489, 1.289],
    ]
    model = LeontiefModel.from_flows(two_sectors.flows, two_sectors.output)
    rows, own = np.array([[3.0, 5.0], [0.2, 0.1]]), np.array([7.0, 0.0])

    total = type_two_multipliers(model, rows, households=HOUSEHOLDS, household_direct=own)

    expected = np.hstack([rows, own[:, np.newaxis]]) @ closed
    assert total == pytest.approx(expected[:, :2], rel=1e-13)


def test_value_added_multipliers_are_one_where_all_inputs_are_domestic(
    two_sectors: Accounts,
) -> None:
    model = LeontiefModel.from_flows(two_sectors.flows, two_sectors.output)
    direct = intensities(two_sectors.value_added, two_sectors.output)

    assert multipliers(model, direct) == pytest.approx([1.0, 1.0], rel=1e-14)


@pytest.mark.shared
def test_germany_1995_multipliers(germany: pd.DataFrame) -> None:
    # Eurostat manual (2008), p. 501: value added and employment multipliers.
    branches = list(GERMANY_BRANCHES)
    output = germany.loc["output", branches].to_numpy()
    model = LeontiefModel.from_flows(germany.loc[branches, branches].to_numpy(float), output)
    extension = germany.loc[["gva", "employment_domestic_total"], branches].to_numpy()

    both = multipliers(model, intensities(extension, output)).round(4).tolist()

    assert both[0] == [0.8450, 0.7647, 0.8615, 0.9019, 0.9393, 0.9199]
    assert both[1] == [0.0326, 0.0162, 0.0207, 0.0237, 0.0112, 0.0242]


@pytest.mark.shared
def test_netherlands_2000_income_multipliers(netherlands: pd.DataFrame) -> None:
    # Spicosa specification sheet (2011): income effects, type I and type II income multipliers.
    # The sheet rounds the household column to two decimals (0, 0, .08, .03, 0, .59), and so do
    # its type II figures stray in the fourth decimal.
    branches = list(netherlands.columns[:6])
    output = netherlands.loc["output_bp", branches].to_numpy(float)
    model = LeontiefModel.from_flows(netherlands.loc[branches, branches].to_numpy(float), output)
    wages = intensities(netherlands.loc["compensation_employees", branches].to_numpy(float), output)
    households = Households(income=wages, consumption=np.array([0, 0, 0.08, 0.03, 0, 0.59]))

    first = effect_ratios(multipliers(model, wages), wages)
    second = effect_ratios(type_two_multipliers(model, wages, households=households), wages)

    assert multipliers(model, wages).round(3).tolist() == [0.263, 0.099, 0.306, 0.212, 0.465, 0.493]
    assert first.round(3).tolist() == [2.466, 2.333, 1.840, 2.372, 1.953, 1.417]
    published = [3.6377, 3.4423, 2.7144, 3.4996, 2.8813, 2.0907]
    assert second == pytest.approx(published, rel=1e-3)


def test_a_ratio_to_nothing_is_not_a_number() -> None:
    ratios = effect_ratios([2.0, 3.0], [1.0, 0.0])

    assert ratios[0] == 2.0
    assert np.isnan(ratios[1])
    with pytest.raises(InputError, match=r"shape \(2,\) and direct effects of shape \(1, 2\)"):
        effect_ratios([2.0, 3.0], [[1.0, 0.0]])


def test_households_that_spend_more_than_comes_back_are_refused(two_sectors: Accounts) -> None:
    model = LeontiefModel.from_flows(two_sectors.flows, two_sectors.output)
    everything = Households(income=np.array([0.65, 0.70]), consumption=np.array([0.5, 0.5]))

    with pytest.raises(InputError, match="each unit of household income brings back 1 units"):
        type_two_multipliers(model, [1.0, 1.0], households=everything)
