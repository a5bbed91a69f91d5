"""The economy by branches: sums over the producers, and nothing else."""

import numpy as np
import pytest

from counterplan.dialogue.statistics import by_branches
from counterplan.economy.split import split_producers
from counterplan.plan.make import make_plan
from counterplan.plan.reproduction import as_observed
from tests.plan.builders import changed, two_branch_economy


def test_what_branches_use_make_and_employ_is_what_their_producers_do() -> None:
    economy = split_producers(two_branch_economy(), producers=14, seed=2, regions=1)
    whole = by_branches(economy)
    branch = np.array([economy.branches().index(b) for b in economy.branch_of_technique()])

    assert whole.producers.codes == economy.branches()
    for one, other in (
        (whole.techniques.use, economy.techniques.use),
        (whole.techniques.output, economy.techniques.output),
        (whole.labour.need, economy.labour.need),
    ):
        each = other.toarray() * economy.techniques.activity
        summed = np.stack([each[:, branch == b].sum(axis=1) for b in range(2)], axis=1)
        np.testing.assert_allclose(one.toarray() * whole.techniques.activity, summed, rtol=1e-12)


def test_investment_takes_the_same_goods() -> None:
    economy = split_producers(two_branch_economy(), producers=14, seed=2, regions=1)
    whole = by_branches(economy)

    np.testing.assert_allclose(
        whole.capital.composition @ whole.capital.investment,
        economy.capital.composition @ economy.capital.investment,
        rtol=1e-12,
    )


def test_the_observed_course_is_still_the_best_plan() -> None:
    whole = by_branches(split_producers(two_branch_economy(), producers=14, seed=2, regions=1))
    plan = make_plan(whole, as_observed(whole))

    assert plan.certificate.holds
    assert plan.activity().iloc[:, 0].to_numpy() == pytest.approx(
        whole.techniques.activity, rel=1e-5
    )


def test_capital_of_a_branch_is_counted_in_money_and_not_in_items() -> None:
    """Land takes a machine a unit, a shop half of one, and a machine costs two."""
    two = two_branch_economy()
    one_branch = changed(two, "producers", branches=("all", "all"))
    capital = by_branches(one_branch).capital
    output = 1.0 * 100 + 2.0 * 20

    assert capital.codes == ("all",)
    np.testing.assert_allclose(capital.capacity, [2.0 * 100 + 1.0 * 20])
    np.testing.assert_allclose(capital.investment, [2.0 * 10 + 1.0 * 2])
    np.testing.assert_allclose(capital.need.toarray(), [[(2.0 * 100 + 1.0 * 20) / output]])
    np.testing.assert_allclose(capital.composition.T @ two.products.prices, [1.0])
    worn = changed(one_branch, "capital", depreciation=np.array([0.1, 0.4]))
    np.testing.assert_allclose(by_branches(worn).capital.depreciation, [(20 + 8) / 220])
