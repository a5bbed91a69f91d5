"""Plans: those that a page shows side by side, what they are called, and their colours."""

from itertools import takewhile

from counterplan.plan.plan import Plan
from counterplan.report.draft import Draft
from counterplan.report.drawing import GREY, SERIES
from counterplan.report.names import short
from counterplan.report.standing import Standing

TITLE_MOST = 26


def standings(draft: Draft) -> list[Standing]:
    """Return the reference where there is one, the plan, and its variants."""
    found = draft.findings
    first = [found.then] if found.reference is not None else []
    return [*first, found.now, *(variant.standing for variant in found.variants)]


def titles(draft: Draft) -> list[str]:
    """Return what those are called in a chart."""
    found = draft.findings
    first = ["Without the shock"] if found.reference is not None else []
    rest = [beside(variant.title, found.plan.scenario.title) for variant in found.variants]
    named = [*first, "This plan", *rest]
    return [
        f"{name} ({number})" if named.count(name) > 1 else name
        for number, name in enumerate(named, start=1)
    ]


def beside(title: str, other: str) -> str:
    """Return a title for a chart, without what it shares with another's beginning."""
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(title, other, strict=False))
    shared = "".join(letter for letter, _ in alike)
    if shared not in (title, other):
        shared = shared[: 1 + max(shared.rfind(mark) for mark in ",:;(")]
    rest = title.removeprefix(shared).lstrip(" ,:;(").rstrip(")")
    return short(rest or title, most=TITLE_MOST)


def palette(draft: Draft) -> list[str]:
    """Return their colours: grey without the shock, blue for the plan."""
    first = [GREY] if draft.findings.reference is not None else []
    return [*first, *SERIES][: len(standings(draft))]


def others(draft: Draft) -> list[tuple[str, Plan]]:
    """Return the plan without the shock and the variants, with what they are called in a table."""
    found = draft.findings
    first = [("without the shock", found.reference)] if found.reference is not None else []
    variants = found.variants
    names = titles(draft)[-len(variants) :] if variants else []
    return [*first, *((name, one.plan) for name, one in zip(names, variants, strict=True))]
