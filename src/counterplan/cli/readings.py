"""Commands that read saved plans: verify, explain, compare, report."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counterplan.cli.console import FAILED, doing, say
from counterplan.cli.targets import refuse_report_target
from counterplan.errors import CheckError

if TYPE_CHECKING:
    from counterplan.plan.plan import Plan
    from counterplan.plan.verify import Verdict

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="a plan's folder")]


def verify(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="a plan's folder, or that of a dialogue")
    ],
    accept_stated: Annotated[  # noqa: FBT002
        bool,
        typer.Option(
            "--accept-stated",
            help="be content with a bound over all choices of projects that is stated, not proved",
        ),
    ] = False,
) -> None:
    """Recompute a saved plan's certificate, without the solver, and compare every file.

    Of a dialogue's folder the plan in it is verified, that it is about what the dialogue is about,
    and that each workplace is assigned a mixture of its own proposals as they were saved and taken
    in, with weights that are found anew.

    Exit code 1 where the plan was altered, its certificate does not hold, it is no plan of this
    dialogue, an assignment is no such mixture, or its bound over all choices of projects is only
    stated in the file; 2 where the folder cannot be read.
    """
    with doing(f"recomputing {folder}"):
        from counterplan.dialogue.manifest import MANIFEST
        from counterplan.plan.verify import verify as verified

        talked = (folder / MANIFEST).is_file()
        verdict = verified(plan_of(folder) if talked else folder)
    for line in verdict_lines(verdict):
        say(line)
    if talked and verdict.plan is not None and verdict.holds:
        show_assignments(folder, verdict.plan)
    if not verdict.proved and not (verdict.holds and accept_stated):
        raise typer.Exit(FAILED)


def plan_of(folder: Path) -> Path:
    """Return the folder of the plan that a dialogue's folder holds."""
    from counterplan.dialogue.agreement import plan_folder

    return plan_folder(folder)


def show_assignments(folder: Path, plan: "Plan") -> None:
    """Say whether each workplace is assigned a mixture of its own proposals; leave where not."""
    with doing(f"comparing the plan with the dialogue in {folder}"):
        from counterplan.dialogue.agreement import UNCHECKED, version_words
        from counterplan.dialogue.assignments import assignments_of

        try:
            found = assignments_of(folder, plan)
        except CheckError as error:
            say(f"{folder}: REFUSED: {error}")
            raise typer.Exit(FAILED) from None
    if not found.hold:
        say(f"{folder}: REFUSED: {found.words()}")
        raise typer.Exit(FAILED)
    say(
        "  the dialogue is about this plan's economy and scenario, its quotas are the plan's, and "
        f"its rounds ({found.rounds:,}) follow from their answers"
    )
    say(f"  {found.words()}")
    say(f"  {UNCHECKED}")
    for line in version_words(folder):
        say(f"  note: {line}")


def verdict_lines(verdict: "Verdict") -> list[str]:
    """Return a verdict in words."""
    if not verdict.holds:
        first, *rest = verdict.differences
        lines = [f"{verdict.folder}: REFUSED: {first}", *(f"  also: {line}" for line in rest)]
        return [*lines, *(f"  note: {line}" for line in verdict.remarks)]
    certificate = verdict.certificate
    if certificate is None:
        return []
    lines = [
        f"{verdict.folder}: {verdict.words}",
        f"  every file is as it was saved; {len(certificate.residuals)} constraint families hold "
        f"to {certificate.residual:.1e} of their rows",
    ]
    bounds = verdict.projects
    gap = (
        f"  the plan is worth {certificate.value:.6g}, and no plan more than "
        f"{certificate.bound:.6g}: a gap of {certificate.gap:.1e} of consumption"
    )
    if bounds is None:
        lines.append(gap)
    elif verdict.proved:
        lines.append(f"{gap}, recomputed over every choice of projects (cases: {bounds.cases})")
    else:
        lines += [
            f"  with its choices of projects kept, no plan is better by more than "
            f"{bounds.choices_kept:.1e} of consumption (recomputed)",
            f"  over all choices of projects the file states a bound of {bounds.stated:.1e}; "
            f"what can be recomputed of that is {bounds.every_choice:.1e}",
            "  --accept-stated ends with 0 all the same",
        ]
    return [*lines, *(f"  note: {line}" for line in verdict.remarks)]


def explain(
    folder: Folder,
    product: Annotated[str, typer.Argument(metavar="PRODUCT", help="code of the product")],
    year: Annotated[
        str,
        typer.Option(
            "--year",
            "--period",
            help="a planned period; left out, all in short and the first with a scarcity in full",
        ),
    ] = "",
) -> None:
    """Say why there is not more of a product: what binds along its supply chain, and what helps.

    Every way by which more could come is named, with what limits it: capacity, people, foreign
    currency, a shock's limit on imports. Exit code 1 where `counterplan verify` refuses the plan.
    """
    with doing(f"reading {folder}"):
        from counterplan.plan.explain import explain as explained
        from counterplan.plan.verify import open_plan

        plan = open_plan(folder)
        answer = explained(plan, product, period=year or None)
    say(answer.text())


def compare(
    first: Annotated[Path, typer.Argument(metavar="DIR", help="the plan to start from")],
    second: Annotated[Path, typer.Argument(metavar="DIR", help="the plan that differs from it")],
) -> None:
    """Say how a second plan differs from the first: what is asked, what is given up, and why.

    Exit code 1 where `counterplan verify` refuses one of the plans.
    """
    with doing(f"reading {first} and {second}"):
        from counterplan.plan.compare import compare as compared
        from counterplan.plan.verify import open_plan

        answer = compared(open_plan(second), open_plan(first))
    say(answer.text())


def report(
    folders: Annotated[
        list[Path],
        typer.Argument(metavar="DIR...", help="the plan, and others to show beside it"),
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", help="the HTML file to write")],
    reference: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="the plan without the shock; left out, the first of the others without shocks",
        ),
    ] = None,
) -> None:
    """Write the report of a plan: one HTML file that works offline and prints.

    Exit code 1, and nothing written, where `counterplan verify` refuses one of the plans.
    """
    refuse_report_target(out)
    with doing("reading the plans"):
        from counterplan.plan.verify import open_plan
        from counterplan.report.report import write_report

        plan, *others = [open_plan(folder) for folder in folders]
        calm = None if reference is None else open_plan(reference)
    if calm is None and plan.scenario.shocks:
        calm = next((one for one in others if not one.scenario.shocks), None)
    with doing(f"writing {out}"):
        variants = [one for one in others if one is not calm]
        write_report(plan, out, reference=calm, variants=variants)
    say(f"wrote {out}")
