"""Rising costs in bands: their limits and costs by hand, and that they are filled in order."""

import numpy as np
import pytest

from counterplan.errors import InputError
from counterplan.plan.families.bands import band_block, moved, summed
from counterplan.plan.family import Variables
from counterplan.plan.linear import Block, of_block
from counterplan.plan.mandate import Bands
from counterplan.plan.periods import Periods
from counterplan.plan.scenario import parse_scenario
from counterplan.plan.shocks import LabourShock
from tests.plan.builders import outlook_of, two_branch_economy
from tests.plan.relief import plan_for

SCENARIO = b"""name: test
title: Test
economy: test
horizon: {first: 2021, periods: 1}
mandate:
  rules:
    output: """
PERIODS = Periods(first=2021, count=1, base=2020, beta=0.9, growth=0.0)
BANDS = Bands(widths=(0.1, 0.2), costs=(0.5, 1.5), beyond=4.0)
REFERENCE = np.array([[10.0, 20.0], [100.0, 200.0]])
PRICE = np.array([[1.0, 2.0], [3.0, 4.0]])
BOX = np.array([[50.0, 51.0], [52.0, 53.0]])


def bands(name: str) -> Block:
    return band_block(
        name=name,
        unit="t",
        dimension="product",
        items=("corn", "machine"),
        bands=BANDS,
        reference=REFERENCE,
        price=PRICE,
        box=BOX,
    )


def test_a_band_is_a_share_of_the_reference_and_costs_a_share_of_the_price() -> None:
    block = bands("up")

    assert block.items == (
        "corn band 1",
        "corn band 2",
        "corn band 3",
        "machine band 1",
        "machine band 2",
        "machine band 3",
    )
    assert block.upper == pytest.approx(
        np.array([[1.0, 2.0], [2.0, 4.0], [50.0, 51.0], [10.0, 20.0], [20.0, 40.0], [52.0, 53.0]])
    )
    assert block.reward == pytest.approx(
        -np.array([[0.5, 1.0], [1.5, 3.0], [4.0, 8.0], [1.5, 2.0], [4.5, 6.0], [12.0, 16.0]])
    )
    assert np.all(block.lower == 0)
    assert (block.dimension, block.unit) == ("product band", "t")


def test_what_moved_is_the_steps_up_less_the_steps_down() -> None:
    plan = Variables([bands("up"), bands("down")], PERIODS)
    up = np.arange(12.0).reshape(6, 2)
    down = 0.1 * np.arange(12.0)[::-1].reshape(6, 2)

    shift = moved(plan, up="up", down="down", bands=BANDS)
    found = (shift.blocks["up"] @ up.T.ravel() + shift.blocks["down"] @ down.T.ravel()).reshape(
        2, -1
    )

    assert found.T == pytest.approx(
        np.array([(up - down)[:3].sum(axis=0), (up - down)[3:].sum(axis=0)])
    )


def test_pieces_of_one_item_are_added_up() -> None:
    shape = (6, 2)
    pieces = Block(
        "x", "t", "item", tuple("abcdef"), np.zeros(shape), np.ones(shape), np.zeros(shape)
    )
    values = np.arange(12.0).reshape(shape)

    total = summed(of_block(pieces, PERIODS), pieces=2)
    found = (total.blocks["x"] @ values.T.ravel()).reshape(2, -1).T

    assert found == pytest.approx(values[::2] + values[1::2])


@pytest.mark.parametrize("name", ["output", "investment", "imports", "exports"])
def test_a_plan_fills_the_cheaper_band_before_the_dearer_and_never_both_ways(name: str) -> None:
    shock = LabourShock(kind="labour", skills=("worker",), factor=0.9)
    plan = plan_for(outlook_of(two_branch_economy(), shocks=(shock,)))
    count = len(getattr(plan.outlook.mandate.rules, name).widths) + 1

    moves = 0.0
    for direction in ("up", "down"):
        block = plan.problem.variables.blocks[f"{name}_{direction}"]
        used = plan.quantity(f"{name}_{direction}").reshape(-1, count, 4)
        room = block.upper.reshape(-1, count, 4) - used
        assert np.all((used[:, 1:] < 1e-4) | (room[:, :-1] < 1e-4))
        moves += used.sum()
    up = plan.quantity(f"{name}_up").reshape(-1, count, 4).sum(axis=1)
    down = plan.quantity(f"{name}_down").reshape(-1, count, 4).sum(axis=1)

    assert moves > 0.1
    assert np.all(np.minimum(up, down) < 1e-4)


def test_bands_without_a_cost_each_are_refused_with_their_place() -> None:
    text = SCENARIO + b"{widths: [0.1, 0.2], costs: [0.1], beyond: 0.5}"

    with pytest.raises(InputError, match=r"mandate\.rules\.output.*2 widths and 1 costs"):
        parse_scenario(text, place="test.yaml")


@pytest.mark.parametrize("costs", [b"[0.5, 0.1], beyond: 0.6", b"[0.1, 0.5], beyond: 0.2"])
def test_bands_whose_costs_fall_are_refused(costs: bytes) -> None:
    # A plan would fill the cheaper one first, and the mandate would not be kept as it reads.
    text = SCENARIO + b"{widths: [0.1, 0.2], costs: " + costs + b"}"

    with pytest.raises(InputError, match=r"mandate\.rules\.output.*costs fall"):
        parse_scenario(text, place="test.yaml")
