"""The sections on checks in the page of an experiment on honesty."""

from collections.abc import Sequence

import pandas as pd

from counterplan.dialogue.honesty.deliveries import ERROR, Falsehood
from counterplan.dialogue.honesty.findings import ALLOWED, RECORDS, Findings
from counterplan.dialogue.honesty.lies import Kind
from counterplan.dialogue.honesty.stocktaking import COUNTED, NOTICED
from counterplan.dialogue.honesty.suspicion import FALSE_ALARMS
from counterplan.report.blocks import (
    Block,
    Bullets,
    Figure,
    Figures,
    Paragraph,
    Section,
    Table,
    bold,
    rows_of,
)
from counterplan.report.charts import Line, lines
from counterplan.report.drawing import SERIES, drawn
from counterplan.report.numbers import percent

SPREADS = {
    "as split": "workplaces as split",
    "with productivity": "with productivity spread as plants' is",
}


def check_sections(
    found: Findings, *, crowd: int, degrees: Sequence[float], source: str
) -> list[Section]:
    """Return the sections on the four checks, and on what none of them finds.

    Parameters
    ----------
    crowd
        How many workplaces they were tried on.
    source
        Where the figures come from, in a sentence.
    """
    return [
        Section(
            "checks",
            "What the checks find",
            (
                Paragraph(
                    "A check is worth what it finds and what it spares: beside every share of "
                    "liars that are found stands the share of honest workplaces that are "
                    f"suspected. Tried on {crowd:,} workplaces."
                ),
                overview(found, degrees, source),
            ),
        ),
        Section(
            "deliveries", "Buyers' against sellers' reports", deliveries(found, degrees, source)
        ),
        Section("stocks", "Counting stores", stocks(found, degrees, source)),
        Section("likeness", "Like against like", likeness(found, degrees, source)),
        Section("capacity", "Capacity revealed over time", capacity(found, degrees, source)),
        Section("none", "What none of them finds", (nothing_finds(),)),
    ]


def overview(found: Findings, degrees: Sequence[float], source: str) -> Table:
    """Return who finds what, for a lie of the second degree."""
    degree = degrees[min(1, len(degrees) - 1)]
    deals, stores = found.deliveries, found.stocks
    alike = at(found.likeness, ratio="work", spread="with productivity", allowed=ALLOWED)
    shown = at(found.capacity, degree=degree)
    years = RECORDS[1]
    rows = [
        (
            str(lie),
            share(at(deals, lie=str(lie), degree=degree), "caught"),
            NONE,
            NONE,
            NONE,
        )
        for lie in Falsehood
    ]
    for kind in Kind:
        counted = at(stores, kind=str(kind), degree=degree, years=years)
        rows.append(
            (
                str(kind),
                share(at(deals, lie=OTHER_LIES), "caught"),
                share(counted, "caught") if kind is not Kind.SANDBAGGING else NONE,
                share(at(alike, degree=degree), "caught") if kind is Kind.PADDING else NONE,
                share(at(shown, years=years), "caught") if kind is Kind.SANDBAGGING else NONE,
            )
        )
    rows.append(
        (
            "honest workplaces suspected",
            share(at(deals, lie=OTHER_LIES), "suspected"),
            share(stores, "suspected"),
            share(at(alike, degree=degree), "suspected"),
            share(shown, "suspected"),
        )
    )
    return Table(
        f"Share of liars found, lies of {percent(degree, digits=0)}",
        ("lie", "both sides' reports", f"stores, {years} years", "like against like",
         f"records of {years} years"),
        rows_of(rows),
        note=(
            f"{NONE}: has nothing to go by. Reports of both sides about deliveries are true where "
            "the lie is about something else; who is suspected there is so by error of "
            f"measurement. {source}"
        ),
        estimated=True,
    )  # fmt: skip


OTHER_LIES = "padding, hoarding, sandbagging"
NONE = "\u2013"


def at(table: pd.DataFrame, **where: object) -> pd.DataFrame:
    """Return the rows in which some columns have some values."""
    for column, value in where.items():
        table = table[table[column] == value]
    return table


def share(table: pd.DataFrame, column: str) -> str:
    """Return the mean of a column of shares as a cell."""
    return percent(float(table[column].mean())) if len(table) else NONE


def heads_of(degrees: Sequence[float]) -> tuple[str, ...]:
    """Return degrees as heads of columns."""
    return tuple(percent(degree, digits=0) for degree in degrees)


def deliveries(found: Findings, degrees: Sequence[float], source: str) -> tuple[Block, ...]:
    """Return what comparing both sides' reports finds."""
    table = found.deliveries
    rows = [
        (
            f"{lie}: {words}",
            *(share(at(table, lie=str(lie), degree=degree), column) for degree in degrees),
        )
        for lie in Falsehood
        for words, column in (("liars found", "caught"), ("honest suspected", "suspected"))
    ]
    other = at(table, lie=OTHER_LIES)
    return (
        Paragraph(
            "Each seller says what it delivered to whom, each buyer what it received from whom; "
            f"both measure with an error of {percent(ERROR, digits=0)}. Lies about what changed "
            "hands stand out, since each partner tells another story. Lies about needs do not: "
            "what a padder or a hoarder asked for was really delivered, and both sides say so. Of "
            f"them {share(other, 'caught')} are suspected, of the honest "
            f"{share(other, 'suspected')}: the error of measurement, no more."
        ),
        Table(
            "Comparing both sides of every deal",
            ("lie", *heads_of(degrees)),
            rows_of(rows),
            note=source,
            estimated=True,
        ),
    )


def stocks(found: Findings, degrees: Sequence[float], source: str) -> tuple[Block, ...]:
    """Return what counting stores finds."""
    rows = [
        (
            f"{kind}, {years} {'year' if years == 1 else 'years'}",
            *(
                share(at(found.stocks, kind=str(kind), degree=degree, years=years), "caught")
                for degree in degrees
            ),
        )
        for kind in (Kind.PADDING, Kind.HOARDING)
        for years in RECORDS
    ]
    return (
        Paragraph(
            f"Each year a lot decides on {percent(COUNTED, digits=0)} of the workplaces, whose "
            f"stores are counted; a surplus above {percent(NOTICED, digits=0)} of a year's inputs "
            "is found. This finds goods, if they are still there, and nobody honest. It finds no "
            "slower pace and no idle plant."
        ),
        Table(
            "Liars whose stores were found, by years of counting",
            ("lie", *heads_of(degrees)),
            rows_of(rows),
            note=source,
            estimated=True,
        ),
    )


def likeness(found: Findings, degrees: Sequence[float], source: str) -> tuple[Block, ...]:
    """Return what comparing like with like finds."""
    rows = [
        (
            f"{percent(allowed)} allowed: {words}",
            *(
                share(
                    at(
                        found.likeness,
                        ratio="work",
                        spread="with productivity",
                        degree=degree,
                        allowed=allowed,
                    ),
                    column,
                )
                for degree in degrees
            ),
        )
        for allowed in FALSE_ALARMS
        for words, column in (("liars found", "caught"), ("honest suspected", "suspected"))
    ]
    return (
        Paragraph(
            "What a workplace states per unit of output is compared with its branch: who states "
            "far more is suspected. How far is a choice between finding liars and sparing the "
            "honest; the charts run from careless on the left to careful on the right. Honest "
            "workplaces of one branch differ by a quarter and more, so that a pad of a tenth "
            "drowns in honest differences; and where many pad, they move what is usual."
        ),
        Figures(tuple(operating(found, degrees, spread, source) for spread in SPREADS)),
        Table(
            "Padded work per unit of output, with productivity spread as plants' is",
            ("threshold", *heads_of(degrees)),
            rows_of(rows),
            note=f"Allowed: of the honest, by a normal distribution. {source}",
            estimated=True,
        ),
    )


def operating(found: Findings, degrees: Sequence[float], spread: str, source: str) -> Figure:
    """Draw the share of liars found against the share of the honest that may be suspected."""
    table = at(found.likeness, ratio="work", spread=spread)
    series = [
        Line(
            f"pad of {percent(degree, digits=0)}",
            tuple(
                nought(at(table, degree=degree, allowed=allowed)["caught"])
                for allowed in FALSE_ALARMS
            ),
            colour,
        )
        for degree, colour in zip(degrees, SERIES, strict=False)
    ]
    heads = tuple(percent(allowed) for allowed in FALSE_ALARMS)
    title = f"Padders found by work per unit of output: {SPREADS[spread]}"
    unit = "Share of padders found, by the share of honest workplaces that may be suspected"
    name = f"operating-{'split' if spread == 'as split' else 'productivity'}"
    return Figure(
        title=title,
        unit=unit,
        svg=drawn(
            lines(series, periods=heads, unit=".0%", rule=0.0),
            name=name,
            alternative=f"{title}. {unit}.",
        ),
        source=source,
        estimated=True,
    )


def nought(values: pd.Series) -> float:
    """Return the mean of some values; 0 where none is known."""
    known = values.dropna()
    return float(known.mean()) if len(known) else 0.0


def capacity(found: Findings, degrees: Sequence[float], source: str) -> tuple[Block, ...]:
    """Return what records of past years find."""
    rows = [
        (
            f"{years} {'year' if years == 1 else 'years'}",
            *(
                share(at(found.capacity, degree=degree, years=years), "caught")
                for degree in degrees
            ),
        )
        for years in RECORDS
    ]
    with_wear, without = found.worn
    return (
        Paragraph(
            "What a workplace made once, it can make, less what wore out, and what was built since "
            "comes on top. Who states less contradicts its own books. The base period of this "
            "economy counts as a full year, and every sandbagger is found by it at once; the "
            "table shows years in which between 80 and 100% of a plant is used."
        ),
        Table(
            "Sandbaggers found, by years on record",
            ("on record", *heads_of(degrees)),
            rows_of(rows),
            note=source,
            estimated=True,
        ),
        Paragraph(
            f"With wear allowed for, the rule accuses {percent(with_wear)} of the honest plants; "
            f"without, {percent(without)}: plants that shrink because the plan builds elsewhere."
        ),
    )


def nothing_finds() -> Bullets:
    """Return what escapes all checks."""
    items = (
        ("A slower pace", "people who were asked for and not needed leave no goods, no idle plant "
         "and no false delivery. Only likeness sees them, and only where the pad is large."),
        ("Small pads", "of a tenth or less, among workplaces that differ by a quarter."),
        ("Goods used up", "a surplus that was wasted, or taken home, is in no store."),
        ("A capacity never shown", "whoever has held back from the first day on has a record "
         "that fits the lie; so has a new plant."),
        ("A lie that all tell", "a branch that pads as a whole has no honest like."),
    )  # fmt: skip
    return Bullets(tuple(bold(word) + ": " + text for word, text in items))
