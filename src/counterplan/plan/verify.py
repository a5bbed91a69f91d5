"""Verifying a saved plan: nothing in its folder is believed, everything is recomputed.

Four questions, in this order. Is every file as it was saved (SHA-256)? Do the economy's accounts
pass their checks? Do the figures of the certificate follow from the other files? Do they keep the
limits? No solver takes part.

Whoever changes a file can write its new digest into the certificate, too; then the recomputed
figures are no longer the stated ones. Whoever changes those as well has made another plan, with
a certificate of its own that holds or does not.

Files are read once: the bytes whose digest is compared are the bytes that are parsed, whatever
happens to the folder meanwhile.

For plans with indivisible projects the verdict says what it rests on: cases that leave out no
choice of projects, recomputed, or a bound that is stated in the file and not proved.
"""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from counterplan import __version__
from counterplan.economy.checks import check_economy
from counterplan.economy.economy import Economy
from counterplan.economy.finding import Severity
from counterplan.errors import CheckError, InputError
from counterplan.plan.case_tables import CASE_VALUATIONS, CHOICES
from counterplan.plan.cases import leave_out_nothing
from counterplan.plan.certificate import (
    GAP_MAX,
    RECOMPUTED,
    RESIDUAL_MAX,
    STATED,
    Certificate,
    dual_bound,
    promise_of,
    proved_bound,
)
from counterplan.plan.certificate_file import CERTIFICATE, parsed, read_text, written
from counterplan.plan.digests import (
    VALUATIONS,
    file_differences,
    form_differences,
    refuse_link,
    seal_differences,
)
from counterplan.plan.figures import figure_differences
from counterplan.plan.plan import Plan
from counterplan.plan.storage import load_plan
from counterplan.solve.program import Program

VALUATION_MAX = 1e100  # no plan's valuations come near; products with larger ones may overflow


@dataclass(frozen=True)
class ProjectBounds:
    """What is known of better plans where projects are indivisible; shares as in the gap.

    Attributes
    ----------
    stated
        In the file, as that of branch and bound over all choices of projects: not proved.
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
    def proved(self) -> bool:
        """Whether it holds, and the bound over all plans was recomputed, not only stated."""
        return self.holds and self.certificate is not None and self.certificate.basis == RECOMPUTED

    @property
    def words(self) -> str:
        """The verdict in a few words, which say what was recomputed and what was not."""
        if not self.holds:
            return "REFUSED"
        if self.certificate is not None and self.certificate.promised and self.projects:
            return f"{promised_words(self.certificate)}, whatever projects it builds"
        if self.projects is None:
            return promised_words(self.certificate)
        if self.proved:
            return "holds, and for every other choice of projects it is recomputed, too"
        return (
            "NOT PROVED: it holds for the projects that it builds; that no other choice of "
            f"projects is better is {STATED}"
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
        text = read_text(folder)
        content = parsed(text, place=str(folder / CERTIFICATE))
        altered = [
            *seal_differences(content),
            *form_differences(text, content),
            *file_differences(folder, content, copy=copy),
        ]
        (copy / CERTIFICATE).write_bytes(written(content).encode())
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
        *economy_differences(plan.economy),
        *valuation_differences(plan),
        *figure_differences(content.get("certificate"), plan),
        *limit_differences(certificate),
        *project_differences(plan, projects),
    ]
    return Verdict(folder, tuple(found), certificate, projects, tuple(remarks(content)), plan)


def open_plan(folder: Path) -> Plan:
    """Read a saved plan whose files are as they were saved and whose certificate holds.

    Whether its bound is recomputed or only stated, the plan's certificate says.

    Raises
    ------
    CheckError
        Where it was altered or does not hold: the first difference.
    InputError
        As :func:`verify`.
    """
    verdict = verify(folder)
    if verdict.plan is None or not verdict.holds:
        raise CheckError(
            f"'{folder}' is refused: {verdict.differences[0]}; see all of it with "
            f"`counterplan verify {folder}`"
        )
    return verdict.plan


def elsewhere(error: InputError, copy: Path, folder: Path) -> InputError:
    """Return an error about a copy as one about the folder that was copied."""
    thing, place, mend = (
        text.replace(str(copy), str(folder)) for text in (error.thing, error.place, error.mend)
    )
    return type(error)(thing, place=place, mend=mend)


# ---- do they keep the limits -----------------------------------------------------------------


def economy_differences(economy: Economy) -> Iterator[str]:
    """Yield the checks of its accounts that the plan's economy fails."""
    for one in check_economy(economy):
        if one.severity is Severity.ERROR:
            yield f"the economy fails a check: {one.place}: {one.thing}"


def valuation_differences(plan: Plan) -> Iterator[str]:
    """Yield the tables with valuations that no plan can have."""
    tables = [(VALUATIONS, plan.dual), *((CASE_VALUATIONS, case.dual) for case in plan.cases)]
    for name in dict.fromkeys(name for name, y in tables if not (np.abs(y) <= VALUATION_MAX).all()):
        yield f"{name} has a valuation that is not finite or above {VALUATION_MAX:g}"


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
    if not abs(certificate.gap) <= certificate.gap_max:
        most = f"{certificate.gap_max:g}{', which it promises' if certificate.promised else ''}"
        yield f"the gap to the best possible plan is {certificate.gap:.3g}, above {most}"


def promised_words(certificate: Certificate | None) -> str:
    """Say that a plan holds, and within what."""
    if certificate is None or not certificate.promised:
        return "holds"
    return (
        f"holds within {percent_above(certificate.gap)} of the consumption of the reported years: "
        f"no plan is better by more; it promises {percent_above(certificate.gap_max)}"
    )


def percent_above(share: float) -> str:
    """Return a share in per cent, with two digits, rounded up."""
    return f"{100 * (promise_of(share) or max(share, 0.0)):.2g}%"


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
    if plan.certificate.promised and plan.making.bound is not None:
        yield f"{CERTIFICATE} promises a gap and states a bound by branch and bound beside it"
    most = plan.certificate.gap_max
    if not plan.certificate.promised and not abs(bounds.choices_kept) <= most:
        yield (
            f"with the choices of projects kept, the recomputed gap is "
            f"{bounds.choices_kept:.3g}, above {most:g}"
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
