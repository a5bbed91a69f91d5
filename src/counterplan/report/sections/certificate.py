"""The certificate in words, and by family."""

from counterplan.plan.certificate import RECOMPUTED, RESIDUAL_MAX, STATED, Certificate
from counterplan.plan.plan import Plan
from counterplan.plan.verify import project_bounds
from counterplan.report.blocks import Block, Fold, Paragraph, Section, Table, Text, bold
from counterplan.report.draft import Draft, row
from counterplan.report.names import clean
from counterplan.report.numbers import NOTHING, figure, power


def certificate(draft: Draft) -> Section:
    """Return the certificate in words and by family."""
    plan = draft.findings.plan
    proof = plan.certificate
    blocks: list[Block] = [
        Paragraph(verdict(plan)),
        Paragraph(f"{gap(plan)} {residual(proof)}"),
        *project_note(plan),
        Paragraph("To check it: counterplan verify DIR, where DIR is the folder of the plan."),
        Fold("Every family of conditions", (family_table(proof),)),
    ]
    return Section("certificate", "The certificate", tuple(blocks))


def badge(proof: Certificate) -> tuple[str, str]:
    """Return the two words beside the title, and whether they are good or bad."""
    if not proof.holds:
        return "NOT certified", "bad"
    return ("Certified", "good") if proof.basis == RECOMPUTED else ("Not proved", "bad")


def gap(plan: Plan) -> str:
    """Say how far the plan is from its bound, and what the bound is."""
    proof = plan.certificate
    value = (
        f"The gap: the plan's value to the mandate is {figure(proof.value, digits=1)} "
        f"{clean(plan.economy.currency)}, discounted, and"
    )
    above = (
        f"{figure(proof.bound - proof.value, digits=4)} above that: {power(proof.gap)} of the "
        f"value of the baskets observed, on trend; at most {power(proof.gap_max)} is allowed."
    )
    if proof.basis == RECOMPUTED:
        return f"{value} no plan under the same rules is worth more than {above}"
    return f"{value} the bound on the value of any plan, {STATED}, is {above}"


def residual(proof: Certificate) -> str:
    """Say how well the conditions hold, and what was recomputed."""
    both = "Both are" if proof.basis == RECOMPUTED else "The residual is"
    return (
        f"The residual: the worst condition is missed by {power(proof.residual)} of the sum of its "
        f"terms; at most {power(RESIDUAL_MAX)} is allowed. {both} recomputed from the saved "
        "numbers alone."
    )


def project_note(plan: Plan) -> list[Block]:
    """Say what is proved, and what is only stated, where projects are indivisible."""
    if plan.problem.program.divisible:
        return []
    bounds = project_bounds(plan)
    if bounds.proved:
        return [
            Paragraph(
                "The plan chooses whole projects, found by branch and bound. That no other choice "
                f"of projects does better is recomputed, too: {bounds.cases} cases leave out no "
                "choice, and the valuations saved with each prove that no plan within it is better "
                f"by more than {power(bounds.every_choice)} of the baskets' value."
            )
        ]
    return [
        Paragraph(
            "The plan chooses whole projects. Whether another choice of projects does better is "
            f"{STATED}. "
            "Recomputed are two weaker statements: with this choice of projects no plan is better "
            f"by more than {power(bounds.choices_kept)} of the baskets' value, and with any "
            f"choice, even of parts of projects, by more than {power(bounds.every_choice)}."
        )
    ]


def verdict(plan: Plan) -> Text:
    """Say whether the plan is proved, and what that means."""
    if plan.certificate.holds and plan.certificate.basis != RECOMPUTED:
        return bold(
            "The plan is not proved to be the best: it keeps every condition, and how much better "
            f"a plan with other projects may be is {STATED}."
        )
    if plan.certificate.holds:
        return (
            "The plan is certified. It keeps every condition, and under these rules no other plan "
            "serves the mandate better by more than the gap below. This proves the arithmetic. It "
            "does not prove that the data are true, or that the rules are the right ones."
        )
    return bold(
        "The plan is NOT certified: a condition is missed, or a better plan may exist. None of the "
        "figures on this page should be used."
    )


def family_table(proof: Certificate) -> Table:
    """Return residual by family, the worst first."""
    ordered = sorted(proof.residuals, key=lambda one: -one.relative)
    rows = tuple(
        row(
            one.family.replace("_", " "),
            [
                f"{one.rows:,}",
                power(one.relative),
                power(one.absolute),
                clean(one.place) if one.absolute > 0 else NOTHING,
            ],
        )
        for one in ordered
    )
    bounds = row("bounds of the variables", ["", power(proof.outside), "", ""])
    whole = row("whole numbers", ["", power(proof.fractional), "", ""])
    return Table(
        caption="How far each family of conditions is from holding",
        head=("", "conditions", "largest, relative", "largest, in units", "where"),
        rows=(*rows, bounds, whole),
    )
