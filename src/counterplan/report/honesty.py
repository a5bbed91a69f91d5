"""The page of an experiment on honesty: what lies cost, what they bring, what finds them out."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from counterplan import __version__
from counterplan.dialogue.honesty.experiment import Outcome
from counterplan.dialogue.honesty.findings import ALLOWED, Findings
from counterplan.dialogue.honesty.lies import Kind
from counterplan.report.blocks import (
    Block,
    Bullets,
    Figure,
    Figures,
    Paragraph,
    Section,
    Table,
    Tile,
    Tiles,
    bold,
    rows_of,
)
from counterplan.report.charts import Line, lines
from counterplan.report.drawing import BLUE, GREEN, ORANGE, PURPLE, SKY, drawn
from counterplan.report.honesty_checks import check_sections
from counterplan.report.names import clean
from counterplan.report.numbers import NOTHING, change, listed, percent
from counterplan.report.report import templates
from counterplan.report.sources import sources_of

METHOD = "docs/dialogue/honesty.md"
COLOURS = {Kind.PADDING: BLUE, Kind.HOARDING: ORANGE, Kind.SANDBAGGING: GREEN}
OTHERS = (PURPLE, SKY)
MEANINGS = {
    Kind.PADDING: (
        "they say that every input and all work takes more than it does, and get it; the goods go "
        "to a store nobody knows of, the people work at a slower pace"
    ),
    Kind.HOARDING: (
        "they ask for a reserve of inputs that they do not need, in equal parts over the plan, and "
        "for more goods than a new plant takes"
    ),
    Kind.SANDBAGGING: "they say that less of their plant can be used than can be",
}


@dataclass(frozen=True)
class Page:
    """What the page is written from.

    Attributes
    ----------
    crowd
        Workplaces that the checks were tried on.
    """

    outcome: Outcome
    found: Findings
    crowd: int
    summary: pd.DataFrame

    @property
    def degrees(self) -> tuple[float, ...]:
        """Return the degrees of the lies."""
        return self.outcome.setting.degrees

    @property
    def heads(self) -> tuple[str, ...]:
        """Return the degrees as heads of columns."""
        return tuple(percent(degree, digits=0) for degree in self.degrees)

    @property
    def source(self) -> str:
        """Return where the figures come from."""
        return (
            f"Source: plans of this experiment ({METHOD}); the economy from the sources listed "
            "below, split into workplaces that are not real."
        )

    def of(self, kind: Kind, measure: str) -> tuple[float, ...]:
        """Return a measure of one kind of lie, by degree; nan where no draw has a plan."""
        rows = self.summary[self.summary["kind"] == str(kind)].set_index("degree")[measure]
        return tuple(float(rows.get(degree, float("nan"))) for degree in self.degrees)

    def range_of(self, kind: Kind, measure: str) -> tuple[str, ...]:
        """Return a measure with its least and most over the draws, as cells."""
        columns = [self.of(kind, f"{measure}{ending}") for ending in ("", "_least", "_most")]
        return tuple(ranged(*values) for values in zip(*columns, strict=True))


def ranged(middle: float, low: float, high: float) -> str:
    """Return "1.2% (0.9 to 1.4)", or "1.2%" where all draws are alike."""
    text = percent(middle, digits=2)
    if not low < high:
        return text
    return f"{text} ({percent(low, digits=2)[:-1]} to {percent(high, digits=2)[:-1]})"


def render_honesty(outcome: Outcome, found: Findings, *, crowd: int) -> str:
    """Return the page of an experiment as one HTML file.

    Parameters
    ----------
    crowd
        How many workplaces the checks were tried on.
    """
    page = Page(outcome, found, crowd, outcome.summary())
    scenario = outcome.best.scenario
    return str(
        templates()
        .get_template("honesty.html")
        .render(
            title=f"What lies cost, and what finds them: {clean(scenario.title)}",
            economy=clean(outcome.best.economy.title),
            sections=sections_of(page),
            version=__version__,
        )
    )


def sections_of(page: Page) -> list[Section]:
    """Return all sections."""
    return [
        opening(page),
        asked(page),
        costs(page),
        gains(page),
        *check_sections(page.found, crowd=page.crowd, degrees=page.degrees, source=checked(page)),
        limits(page),
        provenance(page),
    ]


def checked(page: Page) -> str:
    """Return where the figures of the checks come from."""
    return (
        f"Source: {page.crowd:,} workplaces of the same economy, {draws(page)} ({METHOD}). Figures "
        "of drawn workplaces."
    )


def draws(page: Page) -> str:
    """Return how often the liars were drawn."""
    count = page.outcome.setting.draws
    return "one draw of the liars" if count == 1 else f"{count} draws of the liars"


def opening(page: Page) -> Section:
    """Return the numbers that matter."""
    middle = 0.1 if 0.1 in page.degrees else page.degrees[0]
    place = page.degrees.index(middle)
    said = percent(page.outcome.setting.share, digits=0)
    tiles = tuple(
        Tile(
            percent(page.of(kind, "loss")[place], digits=2),
            f"of all consumption, every year, is lost where {said} of the workplaces go in for "
            f"{kind} of {percent(middle, digits=0)}",
        )
        for kind in Kind
    )
    pad = page.of(Kind.PADDING, "per_head")[place], page.of(Kind.PADDING, "lost_per_head")[place]
    return Section(
        "short",
        "In short",
        (
            Paragraph(
                "A plan is made from what workplaces say. Here some of them say what is not so: "
                "the plan made from their reports is carried out with what they can really do, and "
                "compared with the plan that full information would have given."
            ),
            Tiles(tiles),
            Paragraph(
                f"With padding of {percent(middle, digits=0)} the surplus in the padders' hands is "
                f"worth {percent(pad[0])} of average consumption for each of their people, while "
                f"every household gives up {percent(pad[1])} of its consumption in the planned "
                "years, the padders' among them."
            ),
        ),
    )


def asked(page: Page) -> Section:
    """Return what was tried."""
    setting, best = page.outcome.setting, page.outcome.best
    trials = page.outcome.trials
    output = trials["share_of_output"]
    names = [percent(degree, digits=0) for degree in page.degrees]
    blocks: list[Block] = [
        Paragraph(
            f"\u201c{clean(best.economy.title)}\u201d is planned for {listed(list(best.years))} "
            f"and the years after. {percent(setting.share, digits=0)} of the workplaces, drawn "
            f"branch by branch ({draws(page)}, with {percent(float(output.mean()))} of the output "
            "in their hands), report falsely by "
            f"{listed(names)}:"
        ),
        Bullets(
            tuple(bold(kind.capitalize()) + ": " + MEANINGS[kind] + "." for kind in Kind),
            bold("Three kinds of lies"),
        ),
        Paragraph(
            "Everything else is true, and so is the record of the base period. Every plan is "
            "certified: rules kept, and none better by more than a millionth of consumption."
        ),
    ]
    failed = int((~trials["planned"]).sum())
    if failed:
        blocks.append(
            Paragraph(
                f"{failed} of {len(trials)} sets of reports leave no plan that keeps the mandate; "
                "they are left out of what follows."
            )
        )
    return Section("asked", "What was tried", tuple(blocks))


def costs(page: Page) -> Section:
    """Return what lies cost the mandate and the consumers."""
    blocks: tuple[Block, ...] = (
        Figures(
            (
                curve(
                    page,
                    measure="loss",
                    sign=-1,
                    name="loss",
                    title="The larger the lie, the more is lost",
                    unit=(
                        "Mandate's value against full information, in shares of the observed "
                        "baskets of all years counted; by degree of the lie, mean of the draws"
                    ),
                ),
                curve(
                    page,
                    measure="consumption",
                    sign=1,
                    name="consumption",
                    title="What households give up in the planned years",
                    unit=(
                        "Households' consumption over the planned years at base prices, against "
                        "full information; by degree of the lie, mean of the draws"
                    ),
                ),
            )
        ),
        loss_table(page),
        parts_table(page),
    )
    return Section("costs", "What lies cost", blocks)


def curve(page: Page, *, measure: str, sign: int, name: str, title: str, unit: str) -> Figure:
    """Draw a measure of the three kinds by degree."""
    series = [
        Line(str(kind), tuple(sign * value for value in page.of(kind, measure)), COLOURS[kind])
        for kind in Kind
    ]
    series = [one for one in series if all(value == value for value in one.values)]  # noqa: PLR0124
    spec = lines(series, periods=page.heads, unit="+.1%", rule=0.0)
    return Figure(
        title=title,
        unit=unit,
        svg=drawn(spec, name=name, alternative=f"{title}. {unit}."),
        source=page.source,
        estimated=True,
    )


def loss_table(page: Page) -> Table:
    """Return the loss by kind and degree, with the least and the most of the draws."""
    rows = [(str(kind), *page.range_of(kind, "loss")) for kind in Kind]
    return Table(
        "Loss of the mandate's value: mean of the draws (least to most)",
        ("lie", *page.heads),
        rows_of(rows),
        note=(
            "Against the observed baskets of all years counted, those after the horizon included: "
            f"1% is a hundredth of consumption, every year. {page.source}"
        ),
        estimated=True,
    )


def parts_table(page: Page) -> Table:
    """Return the floor and the ceiling of the loss."""
    rows = [
        (f"{kind}: {words}", *(percent(value, digits=2) for value in page.of(kind, measure)))
        for kind in Kind
        for words, measure in (
            ("left unused", "floor"),
            ("lost in all", "loss"),
            ("ceiling", "ceiling"),
        )
    ]
    return Table(
        "What the loss is made of",
        ("lie", *page.heads),
        rows_of(rows),
        note=(
            "Left unused: surplus goods, work and capacity, at what they would have been worth to "
            "the full-information plan; the rest of the loss is work in the wrong places. "
            "Ceiling: what liars would have claimed on the best course, at the misled plan's "
            f"valuations. That the loss lies between the two is proved ({METHOD})."
        ),
        estimated=True,
    )


def gains(page: Page) -> Section:
    """Return what liars have, measured in more than one way, and who pays."""
    measures = (
        ("surplus goods, of their output", "goods", percent),
        ("work not needed, of their working time", "work", percent),
        ("room: idle capacity, of their own", "room", percent),
        ("their activity", "activity", change),
        ("activity of honest workplaces", "others", change),
        ("surplus for each of their people, of consumption per head", "per_head", percent),
        ("consumption each person loses", "lost_per_head", percent),
    )
    rows = [
        (f"{kind}: {words}", *(tell(value) for value in page.of(kind, measure)))
        for kind in Kind
        for words, measure, tell in measures
        if any(abs(value) > 1e-12 for value in page.of(kind, measure))
    ]
    places = [percent(value, digits=0)[:-1] for value in page.of(Kind.PADDING, "place")]
    return Section(
        "gains",
        "What a liar has from it, and who pays",
        (
            Paragraph(
                "What people want is in no table, so nobody can say what a lie is worth to them. "
                "These are its traces: goods in store, a slower pace, room in the plant. Against "
                "them stands that whoever looks worse than it is, is given less to do: a "
                "workplace that is judged by its size or its place among its like has lost by the "
                "lie."
            ),
            Table(
                "Liars and the others, in the planned years",
                ("", *page.heads),
                rows_of(rows),
                note=(
                    "Goods at the valuations of the plan in force; changes against the "
                    f"full-information plan; means of the draws. {page.source}"
                ),
                estimated=True,
            ),
            Paragraph(
                f"By stated goods and work per unit of output padders move up by {listed(places)} "
                "places of a hundred in their branch at the degrees shown. Workplaces of a split "
                "branch cost nearly the same, so that a small pad moves one past many; with real "
                "differences it would move it less."
            ),
        ),
    )


def limits(page: Page) -> Section:
    """Say what the experiment does not say."""
    items = (
        ("Nobody answers the checks", "liars do not lie less, or otherwise, because they are "
         "checked, and nobody lies because others do."),
        ("Nobody colludes", "a seller and a buyer who agree on a false figure agree; workplaces of "
         "a branch that all pad alike look alike."),
        ("All lies of a trial are of one kind and one degree", "in life they are mixed."),
        ("The record is true", "who has padded for years has a padded record, and the data on "
         "which the plan rests has it, too."),
        ("Workplaces are drawn", "only the branches' totals are data. Errors of measurement, the "
         "use of capacity and the shares counted are conventions, written in " + METHOD + "."),
        ("No blame", "a check suspects; it does not convict. The shares of honest workplaces that "
         "are suspected are given beside every share of liars that is found."),
    )  # fmt: skip
    return Section(
        "limits",
        "What this does not say",
        (Bullets(tuple(bold(word) + ": " + text for word, text in items)),),
    )


def provenance(page: Page) -> Section:
    """Return the sources of the economy."""
    listed_sources = sources_of(page.outcome.best.economy).listed
    rows: Sequence[tuple[str, str, str]] = [
        (str(one.number), one.text, one.licence or NOTHING) for one in listed_sources
    ]
    return Section(
        "sources",
        "Sources",
        (
            Table("Sources of the economy", ("", "source", "licence"), rows_of(rows), texts=3),
            Paragraph(
                "All figures of this page stand in the tables beside it (CSV); columns.csv says "
                f"what each column is. A false alarm of {percent(ALLOWED, digits=0)} is allowed "
                "wherever one figure is shown."
            ),
        ),
    )
