"""Figures counted by grade, against a count by hand of a small economy."""

import dataclasses

from counterplan.economy.economy import Economy, Grade, Provenance
from counterplan.economy.package import figures_by_grade, read_package
from counterplan.economy.package.grades import UNSTATED
from counterplan.examples import packaged_economy
from tests.plan.builders import two_branch_economy


def bare(economy: Economy, **provenance: Provenance) -> Economy:
    stated = {field.replace("__", "."): one for field, one in provenance.items()}
    return dataclasses.replace(economy, provenance=stated)


def test_each_figure_is_counted_once_under_the_nearest_statement() -> None:
    economy = bare(two_branch_economy())
    every = figures_by_grade(economy)
    # Two techniques run at 100 and at ..., two products have a price: four figures.
    stated = figures_by_grade(
        bare(
            economy,
            techniques__activity=Provenance("census", Grade.OBSERVED),
            products__prices=Provenance(
                "rule", Grade.DERIVED, exceptions={"corn": ("guess", Grade.ESTIMATED)}
            ),
        )
    )

    assert list(every) == [UNSTATED]
    assert stated == {
        "observed": 2,
        "derived": 1,
        "estimated": 1,
        UNSTATED: every[UNSTATED] - 4,
    }


def test_a_statement_for_a_whole_part_counts_for_its_fields() -> None:
    economy = bare(two_branch_economy(), techniques=Provenance("census", Grade.OBSERVED))
    techniques = economy.techniques
    figures = techniques.use.nnz + techniques.output.nnz + techniques.emissions.nnz

    assert figures_by_grade(economy)["observed"] == figures + 2


def test_zeros_and_limits_that_are_not_there_are_no_figures() -> None:
    economy = read_package(packaged_economy("three-workplaces"))
    closed = dataclasses.replace(
        economy,
        trade=dataclasses.replace(economy.trade, exports=0 * economy.trade.exports),
    )
    sold = int((economy.trade.exports > 0).sum())

    before, after = figures_by_grade(economy), figures_by_grade(closed)

    assert sold > 0
    assert sum(before.values()) - sum(after.values()) == sold
