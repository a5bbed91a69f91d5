"""Exports: what another reader and another modelling layer make of the problem."""

import builtins
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import highspy
import numpy as np
import pytest
import scipy.sparse as sp

from counterplan.economy.economy import Projects
from counterplan.errors import InputError
from counterplan.plan.export import column_names, row_names, to_linopy, to_mps, written_names
from counterplan.plan.family import Variables, own_family
from counterplan.plan.labels import Label, column_label, column_labels, row_label, row_labels
from counterplan.plan.linear import Rows, at_least
from counterplan.plan.mandate import Mandate, Need
from counterplan.plan.outlook import Outlook
from counterplan.plan.problem import Problem, assemble
from counterplan.solve.highs import solve
from counterplan.solve.program import Engine
from tests.plan.builders import outlook_of, problem_of, two_branch_economy


def mill() -> Projects:
    return Projects(
        codes=("mill",),
        names=("Mill",),
        cost=(((1, 0, 1.0),),),
        capital=np.array([1]),
        capacity=np.array([4.0]),
        lag=np.array([1]),
    )


def corn_between(given: Outlook, plan: Variables) -> Rows:
    """Exports of corn between 3 and 7 t in every period: a row with two sides."""
    rows = at_least(plan.exports, 0.0, items=given.economy.products.codes, dimension="product")
    keep = np.zeros(rows.lower.shape, dtype=bool)
    keep[0] = True
    return replace(rows, lower=rows.lower + 3.0, upper=rows.lower + 7.0).only(keep)


def at_most_five(given: Outlook, plan: Variables) -> Rows:
    rows = at_least(plan.exports, 0.0, items=given.economy.products.codes, dimension="product")
    return replace(rows, lower=rows.lower - np.inf, upper=rows.lower + 5.0)


def rich_problem() -> Problem:
    """Every kind of row and column: two-sided, at most, a whole number, an equation."""
    economy = replace(two_branch_economy(), projects=mill())
    mandate = Mandate(needs=(Need(share=0.5),))
    extra = [
        own_family(corn_between, dual="", unit="t"),
        own_family(at_most_five, dual="", unit="t"),
    ]
    return assemble(outlook_of(economy, mandate=mandate), extra=extra)


def best(problem: Problem) -> float:
    answer = solve(problem.program, engine=Engine.SIMPLEX, seconds_max=30)
    return float(problem.program.reward @ answer.primal)


def read_back(path: Path) -> Any:
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("time_limit", 30.0)
    assert highs.readModel(str(path)) == highspy.HighsStatus.kOk
    return highs


def test_another_reader_finds_the_same_numbers_bit_for_bit(tmp_path: Path) -> None:
    problem = rich_problem()
    to_mps(problem, tmp_path / "plan.mps")

    model = read_back(tmp_path / "plan.mps").getLp()

    program = problem.program
    matrix = sp.csc_array(
        (model.a_matrix_.value_, model.a_matrix_.index_, model.a_matrix_.start_),
        shape=program.matrix.shape,
    )
    assert model.sense_ == highspy.ObjSense.kMaximize
    assert np.array_equal(model.col_cost_, program.reward)
    assert np.array_equal(model.col_lower_, program.lower)
    assert np.array_equal(model.col_upper_, program.upper)
    assert np.array_equal(model.row_lower_, program.row_lower)
    assert np.array_equal(model.row_upper_, program.row_upper)
    assert (matrix != sp.csc_array(program.matrix)).nnz == 0
    whole = [kind == highspy.HighsVarType.kInteger for kind in model.integrality_]
    assert np.array_equal(whole, program.integer)


def test_the_file_has_the_same_optimum(tmp_path: Path) -> None:
    problem = problem_of(two_branch_economy())
    to_mps(problem, tmp_path / "plan.mps")
    highs = read_back(tmp_path / "plan.mps")

    highs.run()

    assert highs.getObjectiveValue() == pytest.approx(best(problem), rel=1e-9)


def test_names_say_what_stands_where_and_survive_the_file(tmp_path: Path) -> None:
    problem = problem_of(two_branch_economy())
    to_mps(problem, tmp_path / "plan.mps")
    model = read_back(tmp_path / "plan.mps").getLp()

    assert tuple(model.col_names_) == column_names(problem)
    assert tuple(model.row_names_) == row_names(problem)
    assert "activity[farming,2021]" in column_names(problem)
    assert "consumption[corn_for_people_piece_1,2022]" in column_names(problem)
    assert "product_balance[machine,after]" in row_names(problem)
    for names in (column_names(problem), row_names(problem)):
        assert len(set(names)) == len(names)
        assert not any(re.search(r"\s", name) for name in names)


def test_items_that_would_share_a_name_are_told_apart() -> None:
    labels = [Label("x", 0, 0), Label("x", 1, 0), Label("x", 2, 0)]

    names = written_names(labels, {"x": ("a b", "a_b", "a $b")}, ("2021",))

    assert names == ("x[a_b,2021]", "x[a_b,2021]~2", "x[a_b,2021]~3")


def test_labels_stand_where_the_numbers_stand() -> None:
    problem = rich_problem()
    columns, rows = column_labels(problem), row_labels(problem)

    assert len(columns) == problem.program.reward.size
    assert len(rows) == problem.program.row_lower.size
    for number, label in enumerate(columns):
        marked = np.zeros(len(columns))
        marked[number] = 1.0
        assert problem.value(label.name, marked)[label.item, label.period] == 1.0
        assert column_label(problem, number) == label
    for number, label in enumerate(rows):
        assert problem.rows[label.name].rows[label.item, label.period] == number
        assert row_label(problem, number) == label
    for read, number in ((column_label, len(columns)), (row_label, len(rows))):
        with pytest.raises(IndexError):
            read(problem, number)


def test_a_file_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        to_mps(problem_of(two_branch_economy()), tmp_path / "nowhere" / "plan.mps")


@pytest.mark.filterwarnings("default")  # of linopy and what it imports, not of ours
@pytest.mark.parametrize("make", [rich_problem, lambda: problem_of(two_branch_economy())])
def test_linopy_finds_the_same_optimum(make: Any, capfd: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("linopy")
    problem = make()

    model = to_linopy(problem)
    status, _ = model.solve("highs", time_limit=30.0)

    assert status == "ok"
    assert model.objective.value == pytest.approx(best(problem), rel=1e-7)
    assert model.variables["activity"].dims == ("activity item", "period")
    assert model.constraints["product_balance"].coords["product_balance row"].values.tolist() == [
        "corn",
        "machine",
    ]


def test_without_linopy_the_mend_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *arguments: Any, **others: Any) -> Any:
        if name == "linopy":
            raise ImportError(name)
        return real(name, *arguments, **others)

    monkeypatch.delitem(sys.modules, "linopy", raising=False)
    monkeypatch.setattr(builtins, "__import__", missing)

    with pytest.raises(InputError, match=r"pip install 'counterplan\[linopy\]'"):
        to_linopy(problem_of(two_branch_economy()))
