"""Verifying a saved plan: nothing in its folder is believed, everything is recomputed.

Three questions, in this order. Is every file as it was saved (SHA-256)? Do the figures of the
certificate follow from the other files? Do they keep the limits? No solver takes part.

Whoever changes a file can write its new digest into the certificate, too; then the recomputed
figures are no longer the stated ones. Whoever changes those as well has made another plan, with
a certificate of its own that holds or does not.

Files are read once: the bytes whose digest is compared are the bytes that are parsed, whatever
happens to the folder meanwhile.

For plans with indivisible projects the verdict says what it rests on: cases that leave out no
choice of projects, recomputed, or the solver's word.
"""

import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from counterplan import __version__
from counterplan.errors import InputError
from counterplan.plan.case_tables import CHOICES
from counterplan.plan.cases import leave_out_nothing
from counterplan.plan.certificate import (
    GAP_MAX,
    RESIDUAL_MAX,
    Certificate,
    dual_bound,
    proved_bound,
)
from counterplan.plan.digests import file_differences, refuse_link, seal_differences
from counterplan.plan.plan import Plan
from counterplan.plan.storage import (
    CERTIFICATE,
    SEAL,
    as_dictionary,
    load_plan,
    read_certificate,
)
from counterplan.solve.program import Program

# Sums of some 1e5 products are added up in another order on another machine.
ROUNDING_VALUE = 1e-9  # of the plan's value and bound, relative
ROUNDING_SHARE = 1e-10  # of the gap and of relative violations, absolute


@dataclass(frozen=True)
class ProjectBounds:
    """What is known of better plans where projects are indivisible; shares as in the gap.

    Attributes
    ----------
    stated
        By branch and bound, over all choices of projects: a solver's word, not recomputed.
    choices_kept
        Recomputed, over all plans that build the same projects at the same time.
    every_choice
        Recomputed, over all plans, whatever they build.
    cases
        How many cases, which leave out no choice, prove ``every_choice``; 0 where none do, and
        it is proved as if projects were divisible: valid, and seldom tight.
    """

    stated: float
    choices_kept: float
    every_choice: float
    cases: int = 0

    @property
    def proved(self) -> bool:
        """Whether it is recomputed that no other choice of projects is better."""
        return self.every_choice <= GAP_MAX


@dataclass(frozen=True)
class Verdict:
    """What verifying a folder found.

    Attributes
    ----------
    differences
        Everything that does not hold, the first first; empty where the plan is as it was saved
        and its certificate holds.
    certificate
        Recomputed; None where the altered files cannot be read as a plan any more.
    projects
        For plans with indivisible projects.
    remarks
        What a reader should know and no reason to refuse the plan.
    plan
        As it was read; None where it cannot be.
    """

    folder: Path
    differences: tuple[str, ...]
    certificate: Certificate | None
    projects: ProjectBounds | None = None
    remarks: tuple[str, ...] = ()
    plan: Plan | None = None

    @property
    def holds(self) -> bool:
        """Whether the plan is as it was saved, and its certificate holds."""
        return not self.differences and self.certificate is not None

    @property
    def words(self) -> str:
        """The verdict in a few words, which say what was recomputed and what was not."""
        if not self.holds:
            return "REFUSED"
        if self.projects is None:
            return "holds"
        if self.projects.proved:
            return "holds, and for every other choice of projects it is recomputed, too"
        return (
            "holds for the projects that it builds; that no other choice of projects is better is "
            "stated by the solver, not recomputed"
        )


def verify(folder: Path) -> Verdict:
    """Compare a saved plan with its certificate, and recompute the certificate.

    Raises
    ------
    InputError
        Where the folder holds no plan, or one that cannot be read though nothing was altered.
    """
    with tempfile.TemporaryDirectory(prefix="counterplan-") as made:
        copy = Path(made)
        refuse_link(folder / CERTIFICATE)
        content = read_certificate(folder)
        altered = [*seal_differences(content), *file_differences(folder, content, copy=copy)]
        (copy / CERTIFICATE).write_text(json.dumps(content), encoding="utf-8")
        try:
            plan = load_plan(copy)
        except InputError as error:
            named = elsewhere(error, copy, folder)
            if not altered:
                raise named from None
            return Verdict(folder, (*altered, f"the plan cannot be read any more: {named}"), None)
    certificate = plan.certificate
    projects = None if plan.problem.program.divisible else project_bounds(plan)
    found = [
        *altered,
        *figure_differences(content, certificate),
        *limit_differences(certificate),
        *project_differences(plan, projects),
    ]
    return Verdict(folder, tuple(found), certificate, projects, tuple(remarks(content)), plan)


def elsewhere(error: InputError, copy: Path, folder: Path) -> InputError:
    """Return an error about a copy as one about the folder that was copied."""
    thing, place, mend = (
        text.replace(str(copy), str(folder)) for text in (error.thing, error.place, error.mend)
    )
    return type(error)(thing, place=place, mend=mend)


# ---- do the figures follow from the files ---------------------------------------------------


def figure_differences(content: Mapping[str, Any], recomputed: Certificate) -> Iterator[str]:
    """Yield the stated figures that do not follow from the plan's other files.

    Without a seal nothing else protects the stated figures, so they must be the recomputed ones
    to the last digit; with it, to the rounding of another machine.
    """
    stated, true = content.get("certificate"), as_dictionary(recomputed)
    true["residuals"] = list(true["residuals"])
    if not isinstance(stated, dict):
        yield f"{CERTIFICATE} states no figures"
        return
    if SEAL not in content:
        yield from exact_differences(stated, true)
        return
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
    if stated.get("holds") is not true["holds"]:
        yield stated_differently("holds", stated.get("holds"), true["holds"])
    if stated.get("basis") != true["basis"]:
        yield stated_differently("basis", stated.get("basis"), true["basis"])
    yield from residual_differences(stated.get("residuals"), true["residuals"])


def residual_differences(stated: Any, true: list[dict[str, Any]]) -> Iterator[str]:  # noqa: ANN401
    """Yield the families whose stated violation is not the recomputed one."""
    by_family = {
        str(one.get("family")): one
        for one in (stated if isinstance(stated, list) else [])
        if isinstance(one, dict)
    }
    if list(by_family) != [one["family"] for one in true]:
        yield f"{CERTIFICATE} states residuals of other constraint families than the plan has"
        return
    for one in true:
        given, family = by_family[one["family"]], one["family"]
        if given.get("rows") != one["rows"]:
            yield stated_differently(f"rows of {family}", given.get("rows"), one["rows"])
        if not near(given.get("relative"), one["relative"], most=ROUNDING_SHARE):
            yield stated_differently(
                f"residual of {family}", given.get("relative"), one["relative"]
            )


def exact_differences(stated: Mapping[str, Any], true: Mapping[str, Any]) -> Iterator[str]:
    """Yield every figure that is not the recomputed one to the last digit."""
    for name in sorted({*stated, *true}):
        if name == "residuals" or stated.get(name) == true.get(name):
            continue
        yield stated_differently(name, stated.get(name), true.get(name))
    if stated.get("residuals") == true["residuals"]:
        return
    found = list(residual_differences(stated.get("residuals"), true["residuals"]))
    yield from found or [f"{CERTIFICATE} states other residuals than the recomputed ones"]


def near(stated: object, true: float, *, most: float) -> bool:
    """Return whether a stated figure is a number within a distance of the true one."""
    if isinstance(stated, bool) or not isinstance(stated, int | float):
        return False
    try:
        return bool(abs(float(stated) - true) <= most)
    except OverflowError:
        return False


def stated_differently(name: str, stated: object, true: object) -> str:
    """Say that a stated figure is not the recomputed one."""
    return f"{CERTIFICATE} states {name} {shown(stated)}, and it is {shown(true)}"


def shown(value: object) -> str:
    """Return a figure with every digit, anything else cut short."""
    return repr(value) if isinstance(value, int | float) else repr(value)[:60]


# ---- do they keep the limits -----------------------------------------------------------------


def limit_differences(certificate: Certificate) -> Iterator[str]:
    """Yield the limits that a recomputed certificate does not keep."""
    for one in certificate.residuals:
        if not one.relative <= RESIDUAL_MAX:
            yield (
                f"{one.family} does not hold at {one.place}: it is violated by "
                f"{one.relative:.3g} of its row, above {RESIDUAL_MAX:g}"
            )
    if not certificate.outside <= RESIDUAL_MAX:
        yield (
            f"a variable is outside its bounds by {certificate.outside:.3g}, above {RESIDUAL_MAX:g}"
        )
    if not certificate.fractional <= RESIDUAL_MAX:
        yield f"a project is built to {certificate.fractional:.3g} and not whole"
    if not abs(certificate.gap) <= GAP_MAX:
        yield f"the gap to the best possible plan is {certificate.gap:.3g}, above {GAP_MAX:g}"


def project_differences(plan: Plan, bounds: ProjectBounds | None) -> Iterator[str]:
    """Yield what is stated of indivisible projects and cannot be."""
    if bounds is None:
        if plan.making.bound is not None:
            yield (
                f"{CERTIFICATE} states a bound by branch and bound for a plan without indivisible "
                "projects"
            )
        if plan.cases:
            yield f"{CHOICES} makes choices in a plan without indivisible projects"
        return
    if not abs(bounds.choices_kept) <= GAP_MAX:
        yield (
            f"with the choices of projects kept, the recomputed gap is "
            f"{bounds.choices_kept:.3g}, above {GAP_MAX:g}"
        )
    if plan.cases and not bounds.cases:
        yield f"the cases of {CHOICES} leave out some choices of projects, or count some twice"
    if bounds.stated < -GAP_MAX:
        yield (
            f"{CERTIFICATE} states a bound of {plan.making.bound!r} on the value of any plan, and "
            f"this plan is worth {plan.certificate.value!r}"
        )
    if bounds.stated > bounds.every_choice + GAP_MAX:
        yield (
            f"{CERTIFICATE} states a bound by branch and bound, {bounds.stated:.3g} of consumption "
            f"above the plan, that is worse than the recomputed one, {bounds.every_choice:.3g}"
        )


def project_bounds(plan: Plan) -> ProjectBounds:
    """Recompute what valuations prove about better plans where projects are indivisible."""
    program, yardstick = plan.problem.program, plan.problem.base_consumption
    value, stated = plan.certificate.value, plan.making.bound
    kept = dual_bound(choices_kept(program, plan), plan.dual)
    every = proved_bound(program, dual=plan.dual, cases=plan.cases)
    whole = bool(plan.cases) and leave_out_nothing(plan.cases, program)
    return ProjectBounds(
        stated=((every if stated is None else stated) - value) / yardstick,
        choices_kept=(kept - value) / yardstick,
        every_choice=(every - value) / yardstick,
        cases=len(plan.cases) if whole else 0,
    )


def choices_kept(program: Program, plan: Plan) -> Program:
    """Return the programme with every project chosen as the plan has it."""
    chosen = np.round(plan.primal)
    return replace(
        program,
        lower=np.where(program.integer, chosen, program.lower),
        upper=np.where(program.integer, chosen, program.upper),
    )


def remarks(content: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a reader of the verdict should know beside it."""
    version = content.get("counterplan")
    if version != __version__:
        yield f"the plan was made with counterplan {version}, and verified with {__version__}"
    if SEAL not in content:
        yield f"{CERTIFICATE} carries no seal: how long the plan took to make is anybody's word"
