"""The draft: findings with the words, marks and pictures that all sections share."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from counterplan.report.blocks import Figure, Key, Row, Table, Text
from counterplan.report.drawing import Specification, drawn
from counterplan.report.findings import Findings
from counterplan.report.names import clean
from counterplan.report.numbers import change, percent
from counterplan.report.sources import Sources, sources_of

ROWS_MOST = 80
REPORT = "docs/report.md"  # the page with the equations of what the report itself works out
ALIKE = 5e-4  # of a share: what is shown as 0.0% or 0.1% is spoken of as unchanged
CAPITAL = ("capital.capacity", "capital.investment", "capital.composition")
PEOPLE = ("labour.need", "labour.force")
EXTERNAL = ("trade.exports", "trade.imports_other", "trade.imports_investment", "accounts")
PRODUCTION = ("techniques.activity", "techniques.use")


@dataclass(frozen=True)
class Draft:
    """What every section of a report is written from."""

    findings: Findings

    @cached_property
    def sources(self) -> Sources:
        """The numbered sources of the economy."""
        return sources_of(self.findings.plan.economy)

    # ---- words -----------------------------------------------------------------------

    def when(self, label: str) -> str:
        """Return a period as it is spoken of."""
        return self.findings.names.when(label)

    @property
    def span(self) -> str:
        """Return the planned periods: "the 6 years 2015 to 2020"."""
        years, period = self.findings.years, clean(self.findings.names.period)
        if len(years) == 1:
            return self.when(years[0])
        return f"the {len(years)} {period}s {years[0]} to {years[-1]}"

    @property
    def heads(self) -> tuple[str, ...]:
        """Return the planned periods as heads of columns."""
        return tuple(self.when(year) for year in self.findings.years)

    @property
    def last(self) -> str:
        """Return the last planned period."""
        return self.findings.years[-1]

    @property
    def first(self) -> str:
        """Return the first planned period."""
        return self.findings.years[0]

    @property
    def after(self) -> str:
        """Return what stands above the tail: "after 2020"."""
        return f"after {self.when(self.last)}"

    def below(self, share: float) -> str:
        """Return "4.2% above", "0.2% below" or "level with"."""
        if abs(share) < ALIKE:
            return "level with"
        return f"{percent(abs(share))} {'above' if share > 0 else 'below'}"

    # ---- tables and charts -------------------------------------------------------------

    def picture(
        self,
        spec: Specification,
        *,
        name: str,
        title: str,
        unit: str,
        fields: Sequence[str],
        keys: tuple[Key, ...] = (),
    ) -> Figure:
        """Draw a chart under the finding it shows.

        Parameters
        ----------
        fields
            Fields of the economy whose figures it rests on: its sources and its mark.
        """
        return Figure(
            title=title,
            unit=unit,
            svg=drawn(spec, name=name, alternative=f"{title}. {unit}."),
            source=self.cited(*fields),
            keys=keys,
            estimated=self.findings.estimated(*fields),
        )

    def cited(self, *fields: str, by: str = REPORT) -> str:
        """Return where figures come from: this plan, and the numbers of its data's sources.

        Parameters
        ----------
        by
            The library's verb, or the page of the documentation that holds the equation.
        """
        numbers = self.sources.numbers(*fields)
        text = f"Source: this plan ({by})"
        if not numbers:
            return f"{text}."
        word = "source" if len(numbers) == 1 else "sources"
        return f"{text}, from {word} {', '.join(map(str, numbers))}."

    def clipped(self, table: Table) -> Table:
        """Return a table that is not longer than a reader can use, saying what was left out."""
        if len(table.rows) <= ROWS_MOST:
            return table
        left = len(table.rows) - ROWS_MOST
        note: Text = Markup("{} {} more rows are in the saved plan.").format(table.note, left)
        return Table(
            table.caption, table.head, table.rows[:ROWS_MOST], note, table.texts, table.estimated
        )


def changes(values: Sequence[float]) -> tuple[str, ...]:
    """Return relative changes as cells."""
    return tuple(change(value) for value in values)


def shares(values: Sequence[float]) -> tuple[str, ...]:
    """Return shares as cells."""
    return tuple(percent(value) for value in values)


def row(first: Text, cells: Sequence[str]) -> Row:
    """Return a plain row."""
    return Row((first, *cells))
