"""Labour values against the textbook and their layers."""

import numpy as np
import pytest

from counterplan.economy.analysis import LeontiefModel, labour_layers, labour_values
from counterplan.errors import InputError
from tests.economy.analysis.conftest import Accounts


def test_a_bushel_holds_two_man_years_and_a_yard_five(wheat_and_cloth: Accounts) -> None:
    # Leontief (1986), ch. 2: 80 and 180 man-years make 100 bushels and 50 yards; the final use of
    # 55 bushels and 30 yards holds all 260.
    model = LeontiefModel.from_flows(wheat_and_cloth.flows, wheat_and_cloth.output)

    values = labour_values(model, [80 / 100, 180 / 50])

    assert values.total == pytest.approx([2.0, 5.0], rel=1e-14)
    assert values.indirect == pytest.approx([1.2, 1.4], rel=1e-13)
    assert values.of([55.0, 30.0]) == pytest.approx(260.0)
    assert values.of(np.diag([55.0, 30.0])) == pytest.approx([110.0, 150.0])


def test_skills_are_kept_apart_and_add_up(wheat_and_cloth: Accounts) -> None:
    model = LeontiefModel.from_flows(wheat_and_cloth.flows, wheat_and_cloth.output)
    by_skill = np.array([[0.5, 3.0], [0.3, 0.6]])

    values = labour_values(model, by_skill)

    assert values.total.sum(axis=0) == pytest.approx([2.0, 5.0])
    assert values.of([55.0, 30.0]).sum() == pytest.approx(260.0)


def test_wear_of_machines_is_an_input(wheat_and_cloth: Accounts) -> None:
    # One product, made with half of itself and worn by a quarter: value 1 / (1 - 0.5 - 0.25).
    assert labour_values(LeontiefModel([[0.5 + 0.25]]), [1.0]).total == pytest.approx([4.0])


def test_layers_of_labour_add_up(wheat_and_cloth: Accounts) -> None:
    # Sraffa (1960), ch. 6: labour of this round, of its inputs, of their inputs ...
    model = LeontiefModel.from_flows(wheat_and_cloth.flows, wheat_and_cloth.output)

    layers = labour_layers(model, [0.8, 3.6], count=80)

    assert layers[0].tolist() == [0.8, 3.6]
    assert layers[1] == pytest.approx([0.25 * 0.8 + 0.14 * 3.6, 0.40 * 0.8 + 0.12 * 3.6])
    assert layers.sum(axis=0) == pytest.approx([2.0, 5.0], rel=1e-12)


def test_labour_that_cannot_be_is_refused(wheat_and_cloth: Accounts) -> None:
    model = LeontiefModel.from_flows(wheat_and_cloth.flows, wheat_and_cloth.output)

    with pytest.raises(InputError, match="labour of -1 is negative"):
        labour_values(model, [-1.0, 1.0])
    with pytest.raises(InputError, match="0 rounds of labour"):
        labour_layers(model, [1.0, 1.0], count=0)
    with pytest.raises(InputError, match="one kind of labour"):
        labour_layers(model, [[1.0, 1.0]], count=2)
    with pytest.raises(InputError, match=r"basket has shape \(3,\)"):
        labour_values(model, [1.0, 1.0]).of([1.0, 1.0, 1.0])
