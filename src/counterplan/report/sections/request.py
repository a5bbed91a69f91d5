"""The request: the economy, the horizon, the shocks and the mandate, in words."""

from counterplan.report.blocks import Block, Bullets, Paragraph, Section, bold
from counterplan.report.draft import Draft
from counterplan.report.names import clean
from counterplan.report.numbers import listed, percent
from counterplan.report.sections.physical import in_money
from counterplan.report.texts import Teller


def differs(draft: Draft) -> bool:
    """Return whether the reference has another mandate than the plan."""
    reference = draft.findings.reference
    return reference is not None and (
        reference.scenario.mandate != draft.findings.plan.scenario.mandate
    )


def request(draft: Draft) -> Section:
    """Return what was asked: the economy, the horizon, the shocks and the mandate."""
    found = draft.findings
    plan, economy = found.plan, found.plan.economy
    period = clean(economy.period)
    blocks: list[Block] = []
    if plan.scenario.description:
        blocks.append(Paragraph(clean(plan.scenario.description)))
    blocks.append(
        Paragraph(
            f"The economy is \u201c{clean(economy.title)}\u201d, observed in "
            f"{draft.when(str(economy.base_period))}. The plan covers {draft.span}; one more "
            f"{period} stands for all the {period}s after and carries "
            f"{percent(found.after.share, digits=0)} of what the mandate counts. What nobody "
            f"decides grows on a trend of {percent(economy.trend.growth)} a {period}."
        )
    )
    if not in_money(plan):
        blocks.append(Paragraph(measure(draft)))
    teller = Teller(plan, found.names)
    shocks = tuple(f"{teller.shock(shock)}." for shock in plan.scenario.shocks)
    blocks.append(
        Bullets(shocks, bold("The shocks")) if shocks else Paragraph("There is no shock.")
    )
    blocks.append(Bullets(mandate_lines(draft), bold("The mandate, beyond what was observed")))
    if found.reference is not None:
        blocks += reference_blocks(draft)
    return Section("asked", "What was asked", tuple(blocks))


def measure(draft: Draft) -> str:
    """Say how different goods are added up where they are not counted in money."""
    economy = draft.findings.plan.economy
    units = listed([clean(unit) for unit in dict.fromkeys(economy.products.units)])
    return (
        f"Goods are counted in their own units ({units}). Only where different goods are added up "
        f"does each count what it cost in {draft.when(str(economy.base_period))} by the economy's "
        f"own list of prices, in {clean(economy.currency)}: that weighs them, and is not money "
        "that anybody holds or spends."
    )


def mandate_lines(draft: Draft) -> tuple[str, ...]:
    """Return the mandate in words; what the reference does not ask is said to be so."""
    found = draft.findings
    mine = Teller(found.plan, found.names).mandate()
    if not mine:
        return ("Nothing: every group is to have its observed basket, grown on the trend.",)
    if found.reference is None:
        return tuple(f"{text}." for text in mine)
    its = Teller(found.reference, found.names).mandate()
    return tuple(
        f"{text}." if text in its else f"{text}. (Not so in the plan without the shock.)"
        for text in mine
    )


def reference_blocks(draft: Draft) -> list[Block]:
    """Say how the reference differs from the plan in shocks and mandate."""
    found = draft.findings
    reference = found.reference
    assert reference is not None, "only called with a reference"
    text = f"The plan without the shock is \u201c{clean(reference.scenario.title)}\u201d."
    if differs(draft):
        text += (
            " Its mandate is not the same, so that not every difference on this page is the "
            "shock's doing."
        )
    blocks: list[Block] = [Paragraph(text)]
    teller = Teller(reference, found.names)
    own = [f"A shock of its own: {teller.shock(shock)}." for shock in reference.scenario.shocks]
    mine = Teller(found.plan, found.names).mandate()
    own += [f"It asks instead: {asked}." for asked in teller.mandate() if asked not in mine]
    if own:
        blocks.append(Bullets(tuple(own)))
    return blocks
