"""Sentences: an explanation in plain words, with a unit behind every number."""

from collections.abc import Sequence
from dataclasses import replace

from counterplan.plan.components import SHOWN_MIN
from counterplan.plan.explanation import Component, Explanation, Relief, Way, Work, Year
from counterplan.plan.flows import Flow, largest
from counterplan.plan.outlook import COLLECTIVE
from counterplan.plan.wording import figure, listed, spoken

MOST = 6
WAY_PARTS = 3  # of what another way takes are said
EVEN = 1e-3  # worth and cost this close are called equal
RELIEFS = 4
SMALL = 1e-3  # of all that comes: an open way that brings less is not told of
IDLE = 1e-6  # of all that comes: a way that brings less brings nothing


def explanation_lines(said: Explanation) -> list[str]:
    """Return the lines of an explanation."""
    money, unit = said.money, said.unit
    lines = head_lines(said)
    lines += [
        f"It comes from: {flow_words(said.sources, unit)}.",
        f"It goes to: {flow_words(said.uses, unit)}.",
    ]
    lines += [need_words(said, group, worth) for group, worth in said.needs]
    if not said.direct:
        return [
            *lines,
            "Nothing in the plan makes or buys it: there is no source to ask for more.",
            *way_lines(said),
        ]
    direct = component_lines(said.direct, money, whole=said.valuation, work=said.work)
    total = component_lines(said.total, money, whole=said.valuation, work=said.work)
    lines += [f"One more {unit} of it, {said.source}, takes{minus_words(direct)}:", *direct]
    lines += [
        f"Along its whole supply chain, the {figure(said.valuation)} {money} are made of"
        f"{minus_words(total)}:",
        *total,
    ]
    return [*lines, *way_lines(said), *currency_lines(said), *relief_lines(said)]


def now(said: Explanation) -> str:
    """Return the explained period as it is spoken of."""
    return spoken(said.period, said.calendar)


# ---- the head ---------------------------------------------------------------------------


def head_lines(said: Explanation) -> list[str]:
    """Say what is explained: every period in short, or the one that was asked for."""
    money, unit = said.money, said.unit
    each = ", those of the table in that of each line" if said.years else ""
    worth = (
        f"One more {unit} is worth {figure(said.valuation)} {money} to the plan; its base-period "
        f"price is {figure(said.price)} {money}. All valuations are in {money} of household "
        f"consumption in {now(said)}{each}."
    )
    if not said.years:
        return [f"{said.name} in {now(said)}: why not more?", worth, *first_lines(said)]
    why = (
        f"The reasons in {now(said)}, the first period in which it is scarce (over 1% is missing "
        "from the baskets asked for, or it is worth over 1% more than at base-period prices):"
        if said.scarce
        else "It is scarce in no period: the baskets asked for are filled, and it is worth no more "
        f"than at base-period prices. What it is made of in {now(said)}, where it is worth most:"
    )
    first, last = spoken(said.years[0].period, said.calendar), said.years[-1].period
    return [
        f"{said.name}, {first} to {last}: why not more?",
        *year_lines(said),
        "",
        why,
        worth,
        *first_lines(said),
    ]


def first_lines(said: Explanation) -> list[str]:
    """Say what is doubtful about the first period."""
    if not said.first or not said.direct:
        return []
    return [
        f"In {now(said)}, the first planned period, capacity and people are as they are: how "
        "the worth divides between the two is not certain. Later periods tell more."
    ]


def year_lines(said: Explanation) -> list[str]:
    """Say every period in short, as a table."""
    heads = (
        "",
        f"worth [{said.money}]",
        "above base",
        f"made [{said.unit}]",
        "imported",
        "of baskets",
        "what weighs most",
    )
    rows = [heads, *(year_cells(one, said.price) for one in said.years)]
    widths = [max(len(row[k]) for row in rows) for k in range(len(heads))]
    return [
        "  ".join(
            cell.ljust(width) if k in (0, len(heads) - 1) else cell.rjust(width)
            for k, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def year_cells(one: Year, price: float) -> tuple[str, ...]:
    """Return one period of the table."""
    above = f"{one.valuation / price - 1:+.0%}" if price > 0 else ""
    most = f"{one.largest} ({one.share:.0%})" if one.largest else ""
    return (
        one.period,
        figure(one.valuation),
        above,
        figure(one.made),
        figure(one.imported),
        "" if one.filled is None else f"{one.filled:.0%}",
        most,
    )


# ---- flows and needs --------------------------------------------------------------------


def need_words(said: Explanation, group: str, worth: float) -> str:
    """Say what a binding need is worth."""
    what = "floor under collective consumption" if group == COLLECTIVE else f"need of {group}"
    return (
        f"The {what} of it binds: lower by one {said.unit}, it would free {figure(worth)} "
        f"{said.money}."
    )


def flow_words(flows: Sequence[Flow], unit: str) -> str:
    """Say flows in words."""
    if not flows:
        return "nowhere"
    shown = largest(tuple(flows), most=MOST)
    return listed([f"{one.name} {figure(one.quantity)} {unit} ({one.share:.0%})" for one in shown])


# ---- parts ------------------------------------------------------------------------------


def component_lines(
    parts: Sequence[Component], money: str, *, whole: float, work: Work | None
) -> list[str]:
    """Say the larger parts, and add up the rest; people of all skills are one part."""
    joined = people_joined(parts, work)
    shown = [one for one in joined if abs(one.value) >= SHOWN_MIN * abs(whole)][: 2 * MOST]
    lines = [f"- {component_words(one, money, work)}" for one in shown]
    rest = sum(one.value for one in joined) - sum(one.value for one in shown)
    left = len(joined) - len(shown)
    if left and abs(rest) >= 5e-5 * abs(whole):
        lines.append(f"- {figure(rest)} {money}: {left} smaller parts")
    return lines


def minus_words(lines: Sequence[str]) -> str:
    """Say what a minus means, where one of the parts has it."""
    saved = any(line.startswith("- -") for line in lines)
    return " (a minus is what one more saves, or brings along)" if saved else ""


def people_joined(parts: Sequence[Component], work: Work | None) -> list[Component]:
    """Join the skills: the valuation of one of them swings and is not published."""
    skills = [one for one in parts if one.kind == "labour"]
    if not skills:
        return list(parts)
    counted = work is not None and work.unit != ""
    joined = replace(
        skills[0],
        name="people of all skills",
        quantity=sum(one.quantity or 0.0 for one in skills) if counted else None,
        value=sum(one.value for one in skills),
        share=sum(one.share for one in skills),
    )
    others = [one for one in parts if one.kind != "labour"]
    return sorted([*others, joined], key=lambda one: -abs(one.value))


def component_words(one: Component, money: str, work: Work | None) -> str:
    """Say one part."""
    said = f"{figure(one.value)} {money} ({one.share:.0%}): {part_name(one)}"
    if one.kind == "labour":
        return f"{said}{work_words(one, money, work)}"
    if not one.quantity:
        return said
    price = one.value / one.quantity
    made_by = f" ({listed(one.causes)})" if one.causes else ""
    return f"{said}{made_by}, {figure(one.quantity)} {one.unit} at {figure(price)} {money} each"


def part_name(one: Component) -> str:
    """Return what a part is."""
    heads = {
        "input": one.name,
        "capacity": f"rent of {one.name}",
        "labour": f"work of {one.name}",
        "moving": "moving people between branches",
        "currency": "foreign currency",
        "habit": f"leaving the observed trade in {one.name}",
        "change": "changing the pace of output",
        "limit": f"the limit on {one.name}",
        "stock": f"{one.name}, kept",
        "self_reliance": f"the self-reliance goal for {one.name}",
        "transport": f"room on {one.name}",
    }
    return heads.get(one.kind, f"{one.kind.replace('_', ' ')} of {one.name}")


def work_words(one: Component, money: str, work: Work | None) -> str:
    """Say what work is worth, against the mean of the periods and what it added before."""
    if work is None or not one.quantity:
        return ""
    said = f", {figure(one.quantity)} {work.unit}"
    if work.base <= 0:
        return said
    return (
        f"{said}; one {work.unit} counts {figure(work.mean / work.base, digits=2)} of the "
        f"{figure(work.base)} {money} that one added on average in the base period (mean of the "
        f"planned periods; here {figure(work.now / work.base, digits=2)}, which swings)"
    )


# ---- ways -------------------------------------------------------------------------------


def way_lines(said: Explanation) -> list[str]:
    """Say every way by which more could come, and what stands in it."""
    words: dict[str, list[str]] = {}
    for one in said.ways:
        if one.limit == 0 or not IDLE < one.share < SMALL:
            words.setdefault(way_words(one, said), []).append(one.name)
    if not words:
        return []
    lines = [f"- {listed(names)}: {rest}" for rest, names in words.items()]
    return ["More could come by these ways:", *lines]


def way_words(one: Way, said: Explanation) -> str:
    """Say what stands in one way."""
    if one.limit == 0:
        return closed_words(one, said)
    nothing = one.share <= IDLE
    head = "nothing" if nothing else f"{figure(one.quantity)} {said.unit} ({one.share:.0%})"
    if one.name == said.source:
        return f"{head}; what one more takes is said above"
    cost = sum(part.value for part in one.takes)
    parts = [part for part in people_joined(one.takes, None) if abs(part.value) >= EVEN * abs(cost)]
    most = listed([taken_words(part) for part in parts[:WAY_PARTS]]) if parts else ""
    detail = f" ({'mostly ' if len(parts) > WAY_PARTS else ''}{most})" if most else ""
    now_money = f"{said.money}{kept_words(one, said)}"
    takes = f"{head}; one more takes {figure(cost)} {now_money}{detail}"
    return f"{takes}{limit_words(one, said)}"


def kept_words(one: Way, said: Explanation) -> str:
    """Say in whose consumption the valuation of another period is said, where one is taken."""
    kept = any(part.kind == "stock" for part in one.takes)
    return f" in consumption of {now(said)}" if kept else ""


def taken_words(part: Component) -> str:
    """Say one part of what a way takes."""
    if part.value < 0 and part.kind == "habit":
        return f"less {figure(-part.value)} for coming nearer to the observed trade"
    if part.kind == "habit":
        return f"{figure(part.value)} for leaving the observed trade"
    if part.value < 0:
        return f"less {figure(-part.value)} saved on {part_name(part)}"
    return f"{figure(part.value)} for {part_name(part)}"


def limit_words(one: Way, said: Explanation) -> str:
    """Say what limits a way, or that it does not pay."""
    money = said.money
    small = SHOWN_MIN * abs(said.valuation)
    if one.limit is not None and one.worth > small:
        return (
            f"; no more than {figure(one.limit)} {said.unit} may come{observed_words(one)}"
            f"{cause_words(one)}: a limit higher by one {said.unit} is worth {figure(one.worth)} "
            f"{money}"
        )
    if one.worth < -small:
        return f", {figure(-one.worth)} {money} more than it is worth"
    return ""


def closed_words(one: Way, said: Explanation) -> str:
    """Say why nothing may come by a way; what was never observed has no price to weigh."""
    if not one.causes:
        return "none were observed in the base period, and the plan allows none"
    pays = one.worth > SHOWN_MIN * abs(said.valuation)
    worth = f"is worth {figure(one.worth)} {said.money}" if pays else "would not pay"
    return f"forbidden by {listed(one.causes)}; one {said.unit} let in {worth}"


def observed_words(one: Way) -> str:
    """Say a limit against what was observed."""
    if one.observed is None:
        return ""
    return f", {figure(one.observed, digits=3)} of the observed on trend"


def cause_words(one: Way) -> str:
    """Say what made a limit."""
    return f" ({listed(one.causes)})" if one.causes else ""


def currency_lines(said: Explanation) -> list[str]:
    """Say what the shocks take of foreign currency."""
    if not said.currency:
        return []
    words = [f"{figure(amount)} {said.foreign} by {name}" for name, amount in said.currency]
    return [f"Of foreign currency in {now(said)} the shocks take {listed(words)}."]


# ---- reliefs ----------------------------------------------------------------------------


def relief_lines(said: Explanation) -> list[str]:
    """Say what relief is worth, that which brings the product most first."""
    if not said.reliefs:
        return []
    first, *others = said.reliefs[:RELIEFS]
    lines = [
        "What would help, the effort counted in percent of a limit's own size, at the plan's "
        "valuations, which is the most that it can bring:",
        f"- most: {relief_words(first, said)}",
    ]
    return [*lines, *(f"- then: {relief_words(one, said)}" for one in others)]


def relief_words(one: Relief, said: Explanation) -> str:
    """Say one relief."""
    money = said.money
    head = f"the limit on {one.name}" if one.kind == "limit" else one.name
    made_by = f" ({listed(one.causes)})" if one.causes else ""
    more = f"1% more of {head}" if one.kind != "limit" else f"{head} higher by 1%"
    words = (
        f"{more}{made_by}, {figure(0.01 * one.size)} {one.unit}, is worth "
        f"{figure(one.gain)} {money} in {now(said)}, {figure(one.own)} of it through {said.code}"
    )
    return f"{words}{building_words(one, said)}."


def building_words(one: Relief, said: Explanation) -> str:
    """Say what lasting capacity is worth and costs."""
    if one.kind != "capacity":
        return ""
    money, start = said.money, spoken(one.start, said.calendar)
    lasts = f"; a unit that lasts is worth {figure(one.lasting)} {money} from then on"
    if one.cost is None:
        return f"{lasts}, and what is begun in the plan opens in {start} at the earliest"
    verdict = "less than" if one.ratio > 1 + EVEN else "more than"
    verdict = "as much as" if abs(one.ratio - 1) <= EVEN else verdict
    return (
        f"{lasts}; building it from {start} on costs {figure(one.cost)} {money}, {verdict} it "
        "is worth"
    )
