"""Lies enter the rules they are about, with the coefficients that arithmetic gives."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterplan.dialogue.honesty.lies import Kind, Lie, drawn_liars, reserves
from counterplan.dialogue.honesty.reports import GOODS, PLANT, WORK, Report, report_of
from counterplan.errors import InputError
from counterplan.plan.mandate import Mandate, SelfRelianceGoal
from counterplan.plan.problem import Problem
from tests.dialogue.honesty.cases import bakery_plan, workplaces
from tests.plan.builders import problem_of, two_branch_economy

FARM_LIES = np.array([True, False])


def two_branches() -> Problem:
    goal = SelfRelianceGoal(kind="self_reliance", product="machine", share=0.5)
    return problem_of(two_branch_economy(), periods=2, mandate=Mandate(goals=(goal,)))


def changed(report: Report, family: str, item: int, variable: str, owner: int) -> np.ndarray:
    """Return the coefficient beyond the truth of one item on one variable, by period [P x P]."""
    problem = report.truth
    rows = problem.rows[family].rows[item]
    block = problem.variables.blocks[variable]
    columns = problem.columns[variable] + np.arange(len(rows)) * len(block.items) + owner
    return np.asarray(report.change.toarray()[np.ix_(rows, columns)])


def touched(report: Report) -> set[str]:
    """Return the families of which anything was changed."""
    rows = np.unique(np.concatenate([report.change.nonzero()[0], np.flatnonzero(report.shift)]))
    return {n for n, block in report.truth.rows.items() if np.isin(block.rows, rows).any()}


def test_a_padder_claims_goods_and_people_in_every_rule_that_counts_them() -> None:
    problem = two_branches()
    report = report_of(problem, Lie(Kind.PADDING, 0.1, np.array([False, True])))
    eye = np.eye(3)
    # Making takes 0.1 machine, of which 1 in 2 + 10 + 0 = 12 that are used otherwise is imported.
    np.testing.assert_allclose(
        changed(report, "product_balance", 1, "activity", 1), -0.01 * eye, atol=1e-15
    )
    np.testing.assert_allclose(
        changed(report, "import_share", 1, "activity", 1), -0.01 / 12 * eye, atol=1e-15
    )
    np.testing.assert_allclose(
        changed(report, "self_reliance", 1, "activity", 1), 0.005 * eye, atol=1e-15
    )
    np.testing.assert_allclose(changed(report, "labour", 0, "activity", 1), -0.2 * eye, atol=1e-15)
    # 0.2 people in t, of whom those of t - 1 are at home: the tail's lag is (1 - b), beta.
    moved = -0.2 * eye + 0.2 * np.array([[0, 0, 0], [1, 0, 0], [0, 0.04, 0.96]])
    np.testing.assert_allclose(
        changed(report, "labour_mobility", 1, "activity", 1), moved, atol=1e-15
    )
    assert not report.shift.any()
    assert touched(report) == {*GOODS, *WORK} - {"investment_import_share"}


def test_a_hoarder_claims_a_reserve_in_equal_parts_and_capital_goods() -> None:
    problem = two_branches()
    report = report_of(problem, Lie(Kind.HOARDING, 0.1, FARM_LIES))
    # 0.1 of the 0.2 x 100 corn of a year, over two years and none after; and of one machine a unit.
    np.testing.assert_allclose(
        report.shift[problem.rows["product_balance"].rows[0]], [-1.0, -1.0, 0.0]
    )
    np.testing.assert_allclose(
        changed(report, "product_balance", 1, "investment", 0), -0.1 * np.eye(3), atol=1e-15
    )
    # 2 of 11 machines for investment are imported.
    np.testing.assert_allclose(
        changed(report, "investment_import_share", 1, "investment", 0),
        -0.1 * 2 / 11 * np.eye(3),
        atol=1e-15,
    )
    assert touched(report) <= set(GOODS)
    assert reserves(problem.outlook, report.lie)[0].tolist() == [1.0, 1.0, 0.0]


def test_a_sandbagger_says_that_less_of_its_plant_can_be_used() -> None:
    report = report_of(two_branches(), Lie(Kind.SANDBAGGING, 0.1, FARM_LIES))

    np.testing.assert_allclose(
        changed(report, "capacity", 0, "capacity", 0), -0.1 * np.eye(3), atol=1e-15
    )
    assert not changed(report, "capacity", 1, "capacity", 1).any()
    assert touched(report) == set(PLANT)


@pytest.mark.parametrize("kind", list(Kind))
def test_the_centre_reads_the_truth_and_the_claims(kind: Kind) -> None:
    problem, best = bakery_plan()
    report = report_of(problem, Lie(kind, 0.3, FARM_LIES))
    told = report.told.program.matrix @ best.primal - report.told.program.row_lower
    true = problem.program.matrix @ best.primal - problem.program.row_lower

    np.testing.assert_allclose(true - told, report.surplus(best.primal), atol=1e-9)


@pytest.mark.parametrize("kind", list(Kind))
def test_nobody_lies_or_nobody_lies_about_anything(kind: Kind) -> None:
    problem = two_branches()

    for lie in (Lie(kind, 0.0, FARM_LIES), Lie(kind, 0.4, ~FARM_LIES & FARM_LIES)):
        report = report_of(problem, lie)
        assert report.change.nnz == 0
        assert not report.shift.any()


@given(st.floats(0, 1), st.integers(0, 50))
def test_of_every_branch_the_share_lies_as_far_as_whole_workplaces_allow(
    share: float, seed: int
) -> None:
    economy = workplaces(40)
    liars = drawn_liars(economy, share=share, seed=seed)
    branch = np.array(economy.producers.branches)

    for one in (branch == "agriculture", branch == "industry", branch != ""):
        assert abs(int(liars[one].sum()) - share * one.sum()) < 1 + 1e-9


def test_everybody_lies_as_often_as_the_share_says() -> None:
    economy = workplaces(40)
    often = np.mean([drawn_liars(economy, share=0.3, seed=s) for s in range(2000)], axis=0)
    # Four standard deviations of 2,000 draws.
    assert np.abs(often - 0.3).max() < 4 * np.sqrt(0.3 * 0.7 / 2000)


def test_one_seed_draws_the_same_liars() -> None:
    economy = workplaces(40)

    assert (
        drawn_liars(economy, share=0.2, seed=5) == drawn_liars(economy, share=0.2, seed=5)
    ).all()


@pytest.mark.parametrize("degree", [-0.1, 0.96, float("nan")])
def test_a_degree_that_is_none_is_refused(degree: float) -> None:
    with pytest.raises(InputError, match=r"degree: a lie of .*; give 0 to 0\.95"):
        Lie(Kind.PADDING, degree, FARM_LIES)


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(InputError, match=r"share: a share of .*; give 0 to 1"):
        drawn_liars(workplaces(), share=share, seed=0)
