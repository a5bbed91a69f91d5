"""The experiment as a whole: its lines, its summary, its checks, and what it refuses."""

from functools import cache

import numpy as np
import pytest

from counterplan.dialogue.honesty.columns import meaning
from counterplan.dialogue.honesty.deliveries import Falsehood
from counterplan.dialogue.honesty.experiment import (
    MEASURES,
    Outcome,
    Setting,
    experiment,
    shortened,
)
from counterplan.dialogue.honesty.findings import Findings, findings_of
from counterplan.dialogue.honesty.lies import Kind
from counterplan.economy.package import read_package
from counterplan.economy.split import split_producers
from counterplan.errors import InputError, LimitError
from counterplan.examples import packaged_economy
from counterplan.plan.mandate import Mandate, Need
from counterplan.plan.open import open_scenario
from tests.dialogue.honesty.cases import DROP, workplaces
from tests.plan.builders import scenario_of

SETTING = Setting(share=0.3, draws=2, seed=1, degrees=(0.1, 0.4))


@cache
def made() -> tuple[Outcome, int]:
    told: list[int] = []
    outcome = experiment(
        workplaces(), scenario_of(periods=2, shocks=(DROP,)), SETTING, told=lambda: told.append(1)
    )
    return outcome, len(told)


@cache
def found() -> Findings:
    russia = read_package(packaged_economy("russia-2014"))
    return findings_of(split_producers(russia, producers=120, seed=2), made()[0].best, SETTING)


def test_every_kind_degree_and_draw_is_tried_once() -> None:
    outcome, told = made()
    keys = outcome.trials[["kind", "degree", "draw"]]

    assert told == SETTING.plans == 1 + len(keys)
    assert len(keys.drop_duplicates()) == len(Kind) * 2 * 2
    assert set(keys["draw"]) == {1, 2}
    assert outcome.trials["planned"].all()
    assert outcome.trials["liars"].isin([3, 4]).all()  # 0.3 of 12 is 3.6
    assert outcome.trials["share_of_output"].between(0, 1).all()


def test_the_summary_holds_mean_least_and_most() -> None:
    outcome, _ = made()
    summary = outcome.summary().set_index(["kind", "degree"])
    chosen = outcome.trials[
        (outcome.trials["kind"] == "padding") & (outcome.trials["degree"] == 0.4)
    ]
    line = summary.loc[("padding", 0.4)]

    assert line["plans"] == 2
    for name in MEASURES:
        assert line[name] == pytest.approx(np.mean(chosen[name]), nan_ok=True)
        assert line[f"{name}_least"] == pytest.approx(min(chosen[name]), nan_ok=True)
        assert line[f"{name}_most"] == pytest.approx(max(chosen[name]), nan_ok=True)


def test_parts_of_the_floor_add_up() -> None:
    trials = made()[0].trials

    np.testing.assert_allclose(
        trials["goods_floor"] + trials["work_floor"] + trials["plant_floor"], trials["floor"]
    )
    assert (trials["loss"] <= trials["loss_at_most"]).all()


def test_the_same_experiment_gives_the_same_figures() -> None:
    again = experiment(workplaces(), scenario_of(periods=2, shocks=(DROP,)), SETTING)

    assert again.trials.equals(made()[0].trials)


def test_lies_about_needs_are_not_found_by_comparing_deliveries() -> None:
    table = found().deliveries
    others = table[~table["lie"].isin([str(one) for one in Falsehood])]
    lied = table[table["lie"].isin([str(one) for one in Falsehood])]

    assert set(others["degree"]) == {0.0}
    assert others["caught"].mean() < 0.2
    assert lied["caught"].min() > 0.9


def test_stocktaking_finds_no_sandbagger_and_nobody_honest() -> None:
    table = found().stocks

    assert not table[table["kind"] == "sandbagging"]["caught"].any()
    assert not table["suspected"].any()
    assert not found().capacity["suspected"].any()


def test_every_column_is_explained() -> None:
    outcome, tables = made()[0], found()
    for frame in (
        outcome.trials,
        outcome.summary(),
        tables.deliveries,
        tables.stocks,
        tables.likeness,
        tables.capacity,
    ):
        for column in frame.columns:
            unit, words = meaning(column)
            assert unit in ("share", "count", "")
            assert words
    with pytest.raises(KeyError):
        meaning("stranger_least")


def test_reports_that_leave_no_plan_are_counted_and_left_out() -> None:
    hungry = scenario_of(periods=2, mandate=Mandate(needs=(Need(share=1.0),)))
    outcome = experiment(workplaces(), hungry, Setting(share=0.9, draws=1, degrees=(0.0, 0.4)))
    padding = outcome.trials[outcome.trials["kind"] == "padding"]

    assert padding["planned"].tolist() == [True, False]
    assert ("padding", 0.4) not in set(
        outcome.summary()[["kind", "degree"]].itertuples(index=False, name=None)
    )


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"share": 0.0}, "a share of 0 of the producers; give one above 0 and below 1"),
        ({"share": 1.0}, "a share of 1"),
        ({"share": float("nan")}, "a share of nan"),
        ({"draws": 0}, "0 draws; ask for 1 to 100"),
        ({"draws": 101}, "101 draws"),
        ({"seed": -1}, "a seed of -1; give 0 or more"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused(wrong: dict[str, float], words: str) -> None:
    with pytest.raises(InputError, match=words):
        Setting(**{"share": 0.1, "draws": 1, **wrong})  # type: ignore[arg-type]


def test_too_many_draws_are_a_limit() -> None:
    with pytest.raises(LimitError):
        Setting(share=0.1, draws=1000)


def test_an_experiment_without_a_liar_is_refused() -> None:
    with pytest.raises(InputError, match=r"0\.05 of 12 producers is less than one liar; give"):
        experiment(workplaces(), scenario_of(periods=2), Setting(share=0.05, draws=1))


def test_an_economy_with_projects_is_refused() -> None:
    scenario, economy = open_scenario("three-workplaces-canal")
    crowd = split_producers(economy, producers=10, seed=1)

    with pytest.raises(InputError, match="indivisible projects"):
        experiment(crowd, scenario, Setting(share=0.3, draws=1))


def test_a_scenario_is_shortened_and_never_lengthened() -> None:
    scenario = scenario_of(periods=3)

    assert shortened(scenario, periods=2).horizon.periods == 2
    assert shortened(scenario, periods=9).horizon.periods == 3
