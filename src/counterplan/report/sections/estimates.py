"""Estimates: how the headlines move when the estimated capital does."""

from counterplan.report.blocks import Paragraph, Row, Section, Table
from counterplan.report.draft import CAPITAL, Draft
from counterplan.report.frames import line
from counterplan.report.names import clean
from counterplan.report.numbers import figure, percent


def estimates(draft: Draft) -> Section | None:
    """Return the headlines' ranges, where they were computed."""
    ranges = draft.findings.ranges
    if ranges is None:
        return None
    failed = len(ranges.uncertified)
    left_out = f" {failed} of them could not be certified and are left out." if failed else ""
    rows = tuple(
        Row(
            (
                clean(str(name)).capitalize(),
                *(
                    f"{figure(low, digits=3)} to {figure(high, digits=3)}"
                    for low, high in zip(
                        line(ranges.low, name), line(ranges.high, name), strict=True
                    )
                ),
            )
        )
        for name in ranges.low.index
    )
    return Section(
        "estimates",
        "How far the estimates carry",
        (
            Paragraph(
                "Capital by branch is an estimate. The plan was made again "
                f"{ranges.draws} times, each time with the capital behind every branch's capacity "
                f"multiplied by chance (spread {percent(ranges.spread, digits=0)}), while "
                f"investment by product stayed as observed.{left_out} What lies within these "
                "ranges cannot be told apart by this plan."
            ),
            Table(
                caption="Lowest and highest of all draws",
                head=("", *draft.heads),
                rows=rows,
                note=draft.cited(*CAPITAL, by="docs/plan/sensitivity.md"),
                estimated=True,
            ),
        ),
    )
