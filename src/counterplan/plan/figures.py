"""Whether the figures that a certificate file states are those that its plan has.

A place where a family is furthest from holding may be another on a machine that adds up in
another order; it must then be as far from holding, to the rounding.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from counterplan.plan.certificate import Residual, violations
from counterplan.plan.certificate_file import CERTIFICATE, as_dictionary
from counterplan.plan.plan import Plan

# Sums of some 1e5 products are added up in another order on another machine.
ROUNDING_VALUE = 1e-9  # of the plan's value and bound, relative
ROUNDING_SHARE = 1e-10  # of the gap and of relative violations, absolute


def figure_differences(stated: object, plan: Plan) -> Iterator[str]:
    """Yield the stated figures that do not follow from the plan's other files."""
    recomputed = plan.certificate
    true = as_dictionary(recomputed)
    if not isinstance(stated, dict):
        yield f"{CERTIFICATE} states no figures"
        return
    yield from key_differences(stated, true, of="its figures")
    tolerance = ROUNDING_VALUE * max(abs(recomputed.value), abs(recomputed.bound), 1.0)
    close = {
        "value": tolerance,
        "bound": tolerance,
        "gap": ROUNDING_SHARE,
        "outside": ROUNDING_SHARE,
        "fractional": ROUNDING_SHARE,
        "residual": ROUNDING_SHARE,
    }
    for name, most in close.items():
        if not near(stated.get(name), true[name], most=most):
            yield stated_differently(name, stated.get(name), true[name])
    for name in ("holds", "basis"):
        if stated.get(name) is not true[name] and stated.get(name) != true[name]:
            yield stated_differently(name, stated.get(name), true[name])
    yield from residual_differences(stated.get("residuals"), plan)


def key_differences(
    stated: Mapping[str, Any], true: Mapping[str, Any], *, of: str
) -> Iterator[str]:
    """Yield the keys that are unknown and those that are missing."""
    for key in sorted({*stated} - {*true}):
        yield f"{CERTIFICATE} has an unknown key '{key:.60}' among {of}"
    for key in sorted({*true} - {*stated}):
        yield f"{CERTIFICATE} lacks '{key}' among {of}"


def residual_differences(stated: object, plan: Plan) -> Iterator[str]:
    """Yield what is stated of a family's violations and is not what was recomputed."""
    true = plan.certificate.residuals
    given = stated if isinstance(stated, list) else []
    names = [one.get("family") if isinstance(one, dict) else None for one in given]
    if names != [one.family for one in true]:
        yield f"{CERTIFICATE} states residuals of other constraint families than the plan has"
        return
    violation, scale = violations(plan.problem, plan.primal)
    for one, entry in zip(true, given, strict=True):
        yield from entry_differences(entry, one)
        rows = plan.problem.rows[one.family].rows
        unit = float(scale[rows[rows >= 0]].max())
        if not near(entry.get("absolute"), one.absolute, most=ROUNDING_SHARE * unit):
            name = f"absolute residual of {one.family}"
            yield stated_differently(name, entry.get("absolute"), one.absolute)
        if entry.get("place") == one.place:
            continue
        row = row_at(plan, one.family, entry.get("place"))
        if row is None or violation[row] / scale[row] < one.relative - ROUNDING_SHARE:
            yield stated_differently(f"place of {one.family}", entry.get("place"), one.place)


def entry_differences(entry: Mapping[str, Any], true: Residual) -> Iterator[str]:
    """Yield what differs in one family's entry, but for place and absolute violation."""
    yield from key_differences(entry, vars(true), of=f"the residuals of {true.family}")
    if shown(entry.get("rows")) != shown(true.rows):
        yield stated_differently(f"rows of {true.family}", entry.get("rows"), true.rows)
    if not near(entry.get("relative"), true.relative, most=ROUNDING_SHARE):
        yield stated_differently(f"residual of {true.family}", entry.get("relative"), true.relative)


def row_at(plan: Plan, family: str, place: object) -> int | None:
    """Return the row of a family that a place means; None where there is none."""
    block, labels = plan.problem.rows[family], plan.problem.outlook.periods.labels
    for item, period in np.argwhere(block.rows >= 0):
        if place == f"{block.items[item]}, {labels[period]}":
            return int(block.rows[item, period])
    return None


def near(stated: object, true: float, *, most: float) -> bool:
    """Return whether a stated figure is a number within a distance of the true one."""
    if isinstance(stated, bool) or not isinstance(stated, int | float):
        return False
    try:
        return float(stated) == true or bool(abs(float(stated) - true) <= most)
    except OverflowError:
        return False


def stated_differently(name: str, stated: object, true: object) -> str:
    """Say that a stated figure is not the recomputed one."""
    return f"{CERTIFICATE} states {name} {shown(stated)}, and it is {shown(true)}"


def shown(value: object) -> str:
    """Return a figure with every digit, anything else cut short."""
    return repr(value) if isinstance(value, float) else repr(value)[:60]
