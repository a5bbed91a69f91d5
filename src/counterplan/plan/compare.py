"""Comparison: two plans product by product, what is given up first, and which valuations moved.

What each table means and an example are on ``docs/plan/compare.md``.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from counterplan.economy.economy import Floats
from counterplan.errors import InputError
from counterplan.plan.comparison import Comparison
from counterplan.plan.family import REGISTRY
from counterplan.plan.names import row_name
from counterplan.plan.outlook import COLLECTIVE
from counterplan.plan.plan import Plan
from counterplan.plan.wording import figure, titled

FIRST_MIN = 0.01  # a use that falls by less than this share is not given up
SMALL = 1e-3  # uses below this share of all consumption are left out of what is given up
# What there can be more of, or what is asked for: the valuations that give reasons. Those of
# products follow from them, and those of trade and pace only say how fast things may change.
REASONS = (
    "foreign_balance",
    "capacity",
    "labour",
    "needs",
    "investment_goal",
    "quota",
    "self_reliance",
    "emissions",
    "reserves_floor",
    "stocks",
    "transport",
)
MOVED_MIN = 1e-5  # of all mandated consumption: below this nothing moved


def compare(plan: Plan, other: Plan) -> Comparison:
    """Return how a plan differs from another, which is usually the one without a shock.

    Raises
    ------
    InputError
        When the two cover other periods, have no product in common, or measure differently.
    """
    years, codes = common(plan, other)
    both = (measures(plan), measures(other))
    here, there = ({n: t.loc[codes, years] for n, t in one.items()} for one in both)
    accounts = [one.foreign_account()[years] for one in (plan, other)]
    invested = [one.investment()[years] for one in (plan, other)]
    moves = moved_valuations(plan, other, years)
    return Comparison(
        title=plan.scenario.title,
        other_title=other.scenario.title,
        currency=plan.economy.currency,
        foreign=plan.economy.trade.currency,
        names=product_names(plan),
        asked=asked_differently(plan, other),
        headline=headlines(plan, other, years),
        products={name: here[name] - there[name] for name in here},
        relative={name: relative(here[name], there[name]) for name in here if name != "valuation"},
        investment=invested[0].sub(invested[1], fill_value=0.0).reindex(invested[0].index),
        foreign_account=accounts[0] - accounts[1],
        given_up=give_up(plan, other),
        reasons=reasons(moves, least=MOVED_MIN * plan.problem.base_consumption),
        families=families(moves, years),
    )


def check_periods(plan: Plan, other: Plan, *, role: str) -> None:
    """Refuse to compare plans that do not cover the same periods.

    A plan of another horizon has other years after it, and sums over all periods would not be
    sums of the same years.

    Parameters
    ----------
    role
        What the other plan is called in the complaint.

    Raises
    ------
    InputError
        With the horizon that both would need.
    """
    if other.years == plan.years:
        return
    horizon = plan.scenario.horizon
    raise InputError(
        f"{role} '{other.scenario.name}' covers {other.years[0]} to {other.years[-1]}, and the "
        f"plan '{plan.scenario.name}' {plan.years[0]} to {plan.years[-1]}",
        mend=(
            f"plan '{other.scenario.name}' again with "
            f"'horizon: {{first: {horizon.first}, periods: {horizon.periods}}}'"
        ),
    )


def common(plan: Plan, other: Plan) -> tuple[list[str], list[str]]:
    """Return the periods of both plans and the products that both have, or an error."""
    check_periods(plan, other, role="the plan")
    mine, theirs = plan.economy.products, other.economy.products
    units = dict(zip(theirs.codes, theirs.units, strict=True))
    codes = [code for code in mine.codes if code in units]
    if not codes:
        raise InputError(
            "the plans have no product in common", mend="compare plans of the same economy"
        )
    measured = dict(zip(mine.codes, mine.units, strict=True))
    for code in codes:
        if measured[code] != units[code]:
            raise InputError(
                f"product '{code}' is measured in {measured[code]} in one plan and in "
                f"{units[code]} in the other",
                mend="compare plans of the same economy",
            )
    return list(plan.years), codes


def measures(plan: Plan) -> dict[str, pd.DataFrame]:
    """Return the tables that are compared, product x period."""
    index = list(plan.economy.products.codes)
    consumption = plan.consumption().drop(index=COLLECTIVE, level="group", errors="ignore")
    return {
        "output": plan.output(),
        "consumption": consumption.groupby(level="product").sum().reindex(index, fill_value=0.0),
        "imports": plan.imports(),
        "exports": plan.exports(),
        "valuation": plan.valuations(),
    }


def relative(here: pd.DataFrame, there: pd.DataFrame) -> pd.DataFrame:
    """Return the difference as a share of the other plan's; nan where that has nothing."""
    share: pd.DataFrame = (here - there) / there.where(there.abs() > 0)
    return share


def headlines(plan: Plan, other: Plan, years: list[str]) -> pd.DataFrame:
    """Return the rows of both summaries and their difference."""
    here, there = plan.summary()[years], other.summary()[years]
    here, there = here.loc[here.index.isin(there.index)], there.loc[there.index.isin(here.index)]
    parts = {"this": here, "other": there, "difference": here - there}
    table = (
        pd.concat(parts, names=["plan", "row"])
        .swaplevel()
        .sort_index(level=0, sort_remaining=False)
    )
    order = pd.MultiIndex.from_product([here.index, list(parts)], names=["row", "plan"])
    return table.reindex(order)


# ---- what is asked --------------------------------------------------------------------


def asked_differently(plan: Plan, other: Plan) -> tuple[str, ...]:
    """Say what is asked of one plan and not of the other: shocks, mandate, economy."""
    here, there = plan.scenario, other.scenario
    lines = []
    if plan.economy.name != other.economy.name:
        lines.append(f"the economy is {plan.economy.name} instead of {other.economy.name}")
    lines += [f"with {in_words(s)}" for s in here.shocks if s not in there.shocks]
    lines += [f"without {in_words(s)}" for s in there.shocks if s not in here.shocks]
    fields = type(here.mandate).model_fields
    for name in fields:
        mine, theirs = getattr(here.mandate, name), getattr(there.mandate, name)
        if mine != theirs:
            lines.append(f"mandate, {name}: {in_words(mine)} instead of {in_words(theirs)}")
    return tuple(lines)


def in_words(value: object) -> str:
    """Return a part of a scenario as it would be written in its file, on one line."""
    dump = getattr(value, "model_dump", None)
    if dump is not None:
        value = {k: v for k, v in dump(mode="json").items() if v not in (None, "")}
    if isinstance(value, Mapping) and "kind" in value:
        rest = {key: item for key, item in value.items() if key != "kind"}
        return f"{str(value['kind']).replace('_', ' ')} ({in_words(rest)})"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {in_words(item)}" for key, item in value.items()) or "none"
    if isinstance(value, list | tuple):
        return "; ".join(in_words(item) for item in value) or "none"
    return figure(value) if isinstance(value, float) else str(value)


# ---- what is given up -----------------------------------------------------------------


def give_up(plan: Plan, reference: Plan) -> pd.DataFrame:
    """Return the final uses that a plan lowers against a reference, the first and deepest first.

    Final uses are each product's household consumption, collective consumption and exports, and
    each branch's investment; those that matter little are left out.

    Returns
    -------
    pandas.DataFrame
        use, name, first (the period in which it first falls by more than a hundredth), share (how
        far it falls then), lost (over all periods, base-period money).
    """
    years, _ = common(plan, reference)
    here, there = final_uses(plan)[years], final_uses(reference)[years]
    here = here.reindex(there.index, fill_value=0.0)
    fall = (there - here) / there.where(there > 0)
    matters = there.sum(axis=1) > SMALL * float(there.to_numpy().sum())
    given = fall.gt(FIRST_MIN) & matters.to_numpy()[:, None]
    lost = there.sub(here)
    rows = []
    for use, name in given.index[given.any(axis=1)]:
        first = str(given.columns[int(np.argmax(given.loc[(use, name)].to_numpy()))])
        rows.append(
            {
                "use": use,
                "name": name,
                "first": first,
                "share": float(fall.loc[(use, name), first]),
                "lost": float(lost.loc[(use, name)].sum()),
            }
        )
    table = pd.DataFrame(rows, columns=["use", "name", "first", "share", "lost"])
    order = table["first"].map(years.index)
    return (
        table.assign(order=order)
        .sort_values(["order", "share"], ascending=[True, False], kind="stable")
        .drop(columns="order")
        .reset_index(drop=True)
    )


def final_uses(plan: Plan) -> pd.DataFrame:
    """Return final uses at base prices, (use, name) x period, base-period money."""
    products, names = plan.economy.products, product_names(plan)
    price = pd.Series(products.prices, index=list(products.codes))
    consumption = plan.consumption()
    collective = consumption.index.get_level_values("group") == COLLECTIVE
    parts = {
        "consumption": consumption[~collective].groupby(level="product").sum(),
        "collective consumption": consumption[collective].groupby(level="product").sum(),
        "exports": plan.exports(),
    }
    tables = {
        use: table.mul(price.reindex(table.index), axis=0).rename(index=names)
        for use, table in parts.items()
    }
    tables["investment"] = plan.investment().rename(index=branch_names(plan))
    return pd.concat(tables, names=["use", "name"])


def product_names(plan: Plan) -> dict[str, str]:
    """Return the names of products, with their codes, by code."""
    products = plan.economy.products
    both = zip(products.names, products.codes, strict=True)
    return {code: titled(name, code) for name, code in both}


def branch_names(plan: Plan) -> dict[str, str]:
    """Return the names of branches that are one producer; the others go by their codes."""
    producers = plan.economy.producers
    owners = zip(producers.branches, producers.names, strict=True)
    return {
        branch: titled(name, branch)
        for branch, name in owners
        if producers.branches.count(branch) == 1
    }


# ---- which valuations moved -------------------------------------------------------------


def moved_valuations(plan: Plan, other: Plan, years: list[str]) -> pd.DataFrame:
    """Return every valuation of both plans, with the money at stake.

    The stake of a row is what passes through it: half the sum of its terms, in the larger of the
    two plans. A demand that only one of the plans knows is worth nothing in the other.
    """
    frames = []
    for family in plan.problem.rows:
        here, stake_here = row_table(plan, family, years)
        if family not in other.problem.rows:
            there, stake_there = here * 0.0, stake_here * 0.0
        else:
            there, stake_there = row_table(other, family, years)
        index = here.index.union(there.index, sort=False)
        parts = [t.reindex(index).fillna(0.0) for t in (here, there, stake_here, stake_there)]
        stake = parts[2].where(parts[2] > parts[3], parts[3])
        long = [table.stack() for table in (parts[0], parts[1], stake)]
        frame = pd.concat(long, axis=1, keys=["this", "other", "stake"])
        frames.append(frame.assign(family=family))
    moves = pd.concat(frames)
    moves.index.names = ["item", "unit", "period"]
    moves["moved"] = (moves["this"] - moves["other"]).abs() * moves["stake"]
    return moves.reset_index()


def row_table(plan: Plan, family: str, years: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a family's valuations and stakes, (item, unit) x period; nan where it says nothing."""
    problem, program = plan.problem, plan.problem.program
    rows = problem.rows[family]
    terms = abs(program.matrix) @ np.abs(plan.primal)
    sides = np.nan_to_num(np.maximum(program.row_lower, -np.inf), neginf=0.0, posinf=0.0)
    stake = problem.row_values(family, (terms + np.abs(sides)) / 2)
    names = [row_name(problem, family, i) for i in range(len(rows.items))]
    index = pd.MultiIndex.from_tuples(names, names=["item", "unit"])
    worth = plan.worth(family) / plan.basket_valuation()
    chosen = [plan.years.index(year) for year in years]

    def as_table(values: Floats) -> pd.DataFrame:
        return pd.DataFrame(values[:, chosen], index=index, columns=years)

    return as_table(worth), as_table(stake)


def reasons(moves: pd.DataFrame, *, least: float) -> pd.DataFrame:
    """Return the scarce and the asked-for things whose valuation moved, most money first.

    Parameters
    ----------
    moves
        Of :func:`moved_valuations`.
    least
        Moves of less money are left out [base-period money].

    Returns
    -------
    pandas.DataFrame
        family, item, unit, period (of the largest move), this, other [base-period money per
        unit], moved [base-period money, all periods].
    """
    known = moves["family"].isin(REASONS) | ~moves["family"].isin(list(REGISTRY))
    chosen = pd.concat([moves[known & (moves["family"] != "labour")], all_skills(moves)])
    keys = ["family", "item", "unit"]
    total = chosen.groupby(keys, sort=False)["moved"].sum()
    peaks = chosen.groupby(keys, sort=False)["moved"].idxmax()
    peak = chosen.loc[peaks].set_index(keys)
    table = peak[["period", "this", "other"]].assign(moved=total)
    table = table[table["moved"] > least]
    return table.sort_values("moved", ascending=False, kind="stable").reset_index()


def all_skills(moves: pd.DataFrame) -> pd.DataFrame:
    """Return the valuation of labour, skills of one unit taken together at what each works.

    Between few skills the valuation swings from plan to plan; their mean does not.
    """
    labour = moves[moves["family"] == "labour"]
    values = labour[["this", "other"]].mul(labour["stake"], axis=0)
    frame = labour[["unit", "period", "stake"]].join(values)
    total = frame.groupby(["unit", "period"], sort=False).sum().reset_index()
    stake = total["stake"].where(total["stake"] > 0)
    total[["this", "other"]] = total[["this", "other"]].div(stake, axis=0).fillna(0.0)
    total["moved"] = (total["this"] - total["other"]).abs() * total["stake"]
    # Beyond the numbers of the rows, so that no two rows share one.
    total.index = total.index + int(moves.index.max()) + 1
    return total.assign(family="labour", item="all skills")


def families(moves: pd.DataFrame, years: list[str]) -> pd.DataFrame:
    """Return how much the valuations of each family moved, family x period."""
    table = moves.pivot_table(index="family", columns="period", values="moved", aggfunc="sum")
    ordered = table[years]
    return ordered.loc[ordered.sum(axis=1).sort_values(ascending=False, kind="stable").index]
