r"""The supply chain of a valuation: of what it is made, down to what cannot be produced.

In an optimum every variable breaks even: what it brings, at the plan's valuations, is what it
takes, and the rest is the rent of its own bound,

.. math:: c_j - \sum_r a_{rj}\, y_r = d_j .

Of the variable j that supplies product i at the margin this gives the product's valuation in
parts; the parts that are valuations of other products are resolved in the same way, all at once:

.. math:: \lambda = Q^\top \lambda + v \quad\Longrightarrow\quad
          \lambda_i = \sum_k \big[(I - Q)^{-1}\big]_{ki}\, v_k

Q what one unit of each product takes of the others from its own source, v what it takes of
everything else, priced. This is Leontief's total requirement, with the plan's techniques in the
plan's proportions at the margin, imports included.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import splu

from counterplan.economy.economy import Floats, Sparse
from counterplan.plan.labels import column_label, column_numbers, row_label
from counterplan.plan.plan import Plan

SUPPLY = ("activity", "imports", "investment_imports", "stock", "shipment")
SHARES = {"import_share": "imports", "investment_import_share": "investment_imports"}
RUNS = 1e-3  # of a product's supply: a technique below this is not at work
WILD = 1e6  # total requirements beyond this say that the chain runs in a circle
COST, LIMIT = "cost", "limit"


@dataclass(frozen=True)
class Part:
    """One part of a valuation.

    Attributes
    ----------
    family
        The constraint family that prices it; "limit" for a variable at its bound, "cost" for
        what the mandate itself charges.
    variable
        The variable at its bound, else empty.
    item, period
        Positions in the family or variable.
    quantity
        What one more unit takes, in the family's unit.
    price
        Worth of one unit of it, base-period money of the explained period.
    """

    family: str
    variable: str
    item: int
    period: int
    quantity: float
    price: float

    @property
    def value(self) -> float:
        """Its part of the valuation, base-period money per product unit."""
        return self.quantity * self.price


@dataclass(frozen=True)
class Chain:
    """Everything that valuations of one period are made of.

    Attributes
    ----------
    period
        Position of the explained period.
    price
        [R] worth of one more unit in each row, in money of the period, against the basket.
    rent
        [N] rent of each variable's bound, likewise.
    reward
        [N] what the mandate itself gives for each variable, likewise.
    source
        Row -> the column that supplies it at the margin.
    beside
        The same for what only comes beside another product, by the other's source.
    """

    plan: Plan
    period: int
    matrix: Sparse
    price: Floats
    rent: Floats
    reward: Floats
    source: dict[int, int]
    beside: dict[int, int]

    def product_row(self, product: int) -> int:
        """Return the row of a product's balance."""
        return int(self.plan.problem.rows["product_balance"].rows[product, self.period])

    def direct(self, product: int) -> tuple[Part, ...]:
        """Return what the marginal supply of one more unit takes; empty when nothing supplies it.

        The values add up to the product's valuation.
        """
        row = self.product_row(product)
        return named(self, self.of_row(row)) if row in self.source | self.beside else ()

    def total(self, product: int) -> tuple[Part, ...]:
        """Return what one more unit takes along its whole chain, of what cannot be produced.

        The values add up to the product's valuation, too. For what comes beside another product,
        and where the chain runs in a circle that takes nothing else, they are the direct parts.
        """
        row = self.product_row(product)
        if row not in self.source:
            return self.direct(product)
        total = self.resolved({("row", row): 1.0})
        return self.direct(product) if total is None else named(self, total)

    def total_through(self, row: int, column: int) -> tuple[Part, ...]:
        """Return the same for one more unit from a column that need not be the product's source.

        What the column takes is resolved, but for the habits of its own product: those are
        supplied by the column itself.
        """
        taken = self.of_column(row, column)
        if self.source.get(row) == column:
            total = self.resolved({("row", row): 1.0})
        else:
            own = {key: taken.pop(key) for key in self.own_habits(row) if key in taken}
            total = self.resolved(taken)
            for key, quantity in own.items():
                if total is not None:
                    total[key] = total.get(key, 0.0) + quantity
        return named(self, self.of_column(row, column) if total is None else total)

    def own_habits(self, row: int) -> list[tuple[str, int]]:
        """Return the rows of a product's import shares, by the row of its balance."""
        problem = self.plan.problem
        product = row_label(problem, row).item
        numbers = [int(problem.rows[name].rows[product, self.period]) for name in SHARES]
        return [("row", number) for number in numbers if number >= 0]

    def resolved(self, taken: dict[tuple[str, int], float]) -> dict[tuple[str, int], float] | None:
        """Return what is taken with everything that has a source resolved; None in a circle."""
        inner, parts, inverse = self.requirements
        place = {r: k for k, r in enumerate(inner)}
        bought = np.zeros(len(inner))
        total: dict[tuple[str, int], float] = {}
        for (name, number), quantity in taken.items():
            if name == "row" and number in place:
                bought[place[number]] += quantity
            else:
                total[name, number] = total.get((name, number), 0.0) + quantity
        needs = inverse(bought)
        if needs is None:
            return None
        for need, of_row in zip(needs, parts, strict=True):
            for (name, number), quantity in of_row.items():
                if name != "row" or number not in place:
                    total[name, number] = total.get((name, number), 0.0) + float(need) * quantity
        return total

    @cached_property
    def requirements(
        self,
    ) -> tuple[list[int], list[dict[tuple[str, int], float]], Callable[[Floats], Floats | None]]:
        """Rows with a source, what each takes of it, and the solver of total requirements."""
        inner = list(self.source)
        place = {r: k for k, r in enumerate(inner)}
        parts = [self.of_column(r, column) for r, column in self.source.items()]
        entries = [
            (quantity, place[number], k)
            for k, of_row in enumerate(parts)
            for (name, number), quantity in of_row.items()
            if name == "row" and number in place
        ]
        values, rows, columns = zip(*entries, strict=True) if entries else ((), (), ())
        taken = sp.csc_array((values, (rows, columns)), shape=(len(inner), len(inner)))
        return inner, parts, total_requirements(taken)

    def of_row(self, row: int) -> dict[tuple[str, int], float]:
        """Return what one more unit in a row takes from its source: ("row" or "column", number)."""
        column = self.source[row] if row in self.source else self.beside[row]
        return self.of_column(row, column)

    def of_column(self, row: int, column: int) -> dict[tuple[str, int], float]:
        """Return what one more unit in a row takes from a column that supplies it."""
        entries = slice(self.matrix.indptr[column], self.matrix.indptr[column + 1])
        rows, values = self.matrix.indices[entries], self.matrix.data[entries]
        pivot = float(values[rows == row][0])
        taken = {
            ("row", int(r)): -float(value) / pivot
            for r, value in zip(rows, values, strict=True)
            if r != row
        }
        taken["column", column] = 1 / pivot
        return taken


def chain(plan: Plan, period: int) -> Chain:
    """Return the chain of valuations in a planned period, by its position."""
    program, outlook = plan.problem.program, plan.outlook
    money = float(outlook.periods.weights[period] * plan.basket_valuation()[period])
    rent = (program.reward - program.matrix.T @ plan.dual) / money
    source, beside = sources(plan, period)
    return Chain(
        plan=plan,
        period=period,
        matrix=sp.csc_array(program.matrix),
        price=-plan.dual / money,
        rent=rent,
        reward=program.reward / money,
        source=source,
        beside=beside,
    )


def sources(plan: Plan, period: int) -> tuple[dict[int, int], dict[int, int]]:
    """Return the column that supplies each product at the margin, each taken once.

    The second answer is for the products that are left with columns already taken.

    A technique at work comes first, then the largest of imports, stocks and deliveries from
    elsewhere; where several supply a product, all of them break even. Imports that follow the
    use of a product by habit have a source as well, the imports themselves, unless the product
    comes from nowhere else.
    """
    problem = plan.problem
    rows = problem.rows["product_balance"].rows[:, period]
    techniques = column_numbers(problem, "activity")
    found: dict[int, int] = {}
    taken: set[int] = set()

    def rank(one: tuple[float, int, int]) -> tuple[bool, float]:
        share, _, column = one
        makes = techniques[0, 0] <= column <= techniques[-1, -1] and share > RUNS
        return not makes, -share

    ranked = sorted(supplies(plan, period), key=rank)
    for _, row, column in ranked:
        if row not in found and column not in taken:
            found[row] = column
            taken.add(column)
    beside = {row: column for _, row, column in reversed(ranked) if row not in found}
    for family, variable in SHARES.items():
        columns = column_numbers(problem, variable)[:, period]
        for product in range(len(rows)):
            row = int(problem.rows[family].rows[product, period])
            if row >= 0 and int(columns[product]) not in taken:
                found[row] = int(columns[product])
    return found, beside


def supplies(plan: Plan, period: int) -> Iterator[tuple[float, int, int]]:
    """Yield share of the supply, row and column for everything that can supply a product."""
    problem = plan.problem
    rows = problem.rows["product_balance"].rows[:, period]
    able = np.zeros(problem.program.reward.size, dtype=bool)
    for name in SUPPLY:
        able[column_numbers(problem, name).ravel()] = True
    part = sp.csr_array(problem.program.matrix)[rows]
    for k, row in enumerate(rows):
        entries = slice(part.indptr[k], part.indptr[k + 1])
        columns, values = part.indices[entries], part.data[entries]
        chosen = (values > 0) & able[columns] & (problem.program.upper[columns] > 0)
        flows = values[chosen] * plan.primal[columns[chosen]]
        whole = float(flows.sum())
        for column, flow in zip(columns[chosen], flows, strict=True):
            yield (float(flow) / whole if whole > 0 else 0.0), int(row), int(column)


def total_requirements(taken: Sparse) -> Callable[[Floats], Floats | None]:
    """Return the function from what is wanted [k] to what that takes of everything in all [k].

    It gives None where the chain runs in a circle that takes nothing else.

    Parameters
    ----------
    taken
        [k x k] what one unit of each column takes of each row from its source.
    """
    if taken.shape[0] == 0:
        return lambda wanted: wanted
    try:
        factors = splu(sp.csc_array(sp.eye_array(taken.shape[0]) - taken))
    except RuntimeError:  # exactly singular
        return lambda wanted: None

    def needed(wanted: Floats) -> Floats | None:
        needs: Floats = factors.solve(wanted)
        return needs if np.all(np.abs(needs) < WILD) else None

    return needed


def named(given: Chain, taken: dict[tuple[str, int], float]) -> tuple[Part, ...]:
    """Return the priced parts, largest value first; those worth nothing are left out."""
    problem = given.plan.problem
    parts = []
    for (name, number), quantity in taken.items():
        if name == "row":
            label = row_label(problem, number)
            price = float(given.price[number])
            parts.append(Part(label.name, "", label.item, label.period, quantity, price))
            continue
        label = column_label(problem, number)
        rent, cost = float(given.rent[number]), -float(given.reward[number])
        parts.append(Part(LIMIT, label.name, label.item, label.period, quantity, rent))
        parts.append(Part(COST, label.name, label.item, label.period, quantity, cost))
    worth = [part for part in parts if part.value != 0]
    return tuple(sorted(worth, key=lambda part: -abs(part.value)))
