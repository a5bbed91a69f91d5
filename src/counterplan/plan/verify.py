"""Verifying a saved plan: nothing in its folder is believed, everything is recomputed.

Three questions, in this order. Is every file as it was saved (SHA-256)? Do the figures of the
certificate follow from the other files? Do they keep the limits? No solver takes part.

Whoever changes a file can write its new digest into the certificate, too; then the recomputed
figures are no longer the stated ones. Whoever changes those as well has made another plan, with
a certificate of its own that holds or does not.

For plans with indivisible projects a bound over all choices of projects is a solver's word. It is
reported as such, beside the two bounds that valuations prove by themselves.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from counterplan import __version__
from counterplan.errors import InputError
from counterplan.plan.certificate import (
    GAP_MAX,
    RESIDUAL_MAX,
    Certificate,
    dual_bound,
)
from counterplan.plan.plan import Plan
from counterplan.plan.storage import (
    CERTIFICATE,
    SEAL,
    as_dictionary,
    load_plan,
    read_certificate,
    seal_of,
)
from counterplan.solve.program import Program

CHUNK_BYTES = 1 << 20
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
        Recomputed, over all plans, as if projects were divisible: valid, and seldom tight.
    """

    stated: float
    choices_kept: float
    every_choice: float


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


def verify(folder: Path) -> Verdict:
    """Compare a saved plan with its certificate, and recompute the certificate.

    Raises
    ------
    InputError
        Where the folder holds no plan, or one that cannot be read though nothing was altered.
    """
    content = read_certificate(folder)
    altered = [*seal_differences(content), *file_differences(folder, content)]
    try:
        plan = load_plan(folder)
    except InputError as error:
        if not altered:
            raise
        return Verdict(folder, (*altered, f"the plan cannot be read any more: {error}"), None)
    program = plan.problem.program
    if program.divisible and plan.making.bound is not None:
        altered.append(
            f"{CERTIFICATE} states a bound by branch and bound for a plan without indivisible "
            "projects"
        )
    certificate = plan.certificate
    found = [
        *altered,
        *figure_differences(content, certificate),
        *limit_differences(certificate),
    ]
    projects = None if program.divisible else project_bounds(plan)
    if projects is not None and abs(projects.choices_kept) > GAP_MAX:
        found.append(
            f"with the choices of projects kept, the recomputed gap is "
            f"{projects.choices_kept:.3g}, above {GAP_MAX:g}"
        )
    return Verdict(folder, tuple(found), certificate, projects, tuple(remarks(content)), plan)


# ---- is every file as it was saved ----------------------------------------------------------


def seal_differences(content: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with the certificate file itself, where it was sealed."""
    if SEAL in content and content[SEAL] != seal_of(content):
        yield f"{CERTIFICATE} was altered: its content does not have the seal that it states"


def file_differences(folder: Path, content: Mapping[str, Any]) -> Iterator[str]:
    """Yield the files that were altered, taken away or added since the plan was saved.

    Raises
    ------
    InputError
        Where the certificate lists no files, or a file cannot be read.
    """
    stated = content.get("files")
    if not isinstance(stated, dict) or not all(isinstance(v, str) for v in stated.values()):
        raise InputError(
            "lists no files with their digests",
            place=str(folder / CERTIFICATE),
            mend="make the plan again",
        )
    there = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() or path.is_symlink()
    )
    for name in sorted({*stated, *there} - {CERTIFICATE}):
        if name not in there:
            yield f"{name} is missing"
        elif name not in stated:
            yield f"{name} is no part of the plan that was saved"
        elif digest(folder / name) != stated[name]:
            yield f"{name} was altered: it is not the file that was saved"


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    total = hashlib.sha256()
    if path.is_symlink() or not path.is_file():
        raise InputError(
            "is a link or no ordinary file", place=str(path), mend="put the file itself there"
        )
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                total.update(chunk)
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror}", place=str(path), mend="make it readable"
        ) from None
    return total.hexdigest()


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


def project_bounds(plan: Plan) -> ProjectBounds:
    """Recompute what valuations prove about better plans where projects are indivisible."""
    program, yardstick = plan.problem.program, plan.problem.base_consumption
    kept = dual_bound(choices_kept(program, plan), plan.dual)
    every = dual_bound(program, plan.dual)
    value = plan.certificate.value
    return ProjectBounds(
        stated=plan.certificate.gap,
        choices_kept=(kept - value) / yardstick,
        every_choice=(every - value) / yardstick,
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
