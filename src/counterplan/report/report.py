"""The report: one HTML file that needs nothing else, for the screen and for paper."""

import os
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from counterplan import __version__
from counterplan.errors import InputError, LimitError
from counterplan.plan.plan import Plan
from counterplan.plan.ranges import Ranges
from counterplan.report.blocks import Section, speaks_of
from counterplan.report.draft import Draft
from counterplan.report.findings import Findings, find
from counterplan.report.names import FOREIGN, FOREIGN_LEGEND, clean
from counterplan.report.sections.alternatives import alternatives
from counterplan.report.sections.branches import branches
from counterplan.report.sections.capacities import capacities
from counterplan.report.sections.certificate import badge, certificate
from counterplan.report.sections.consumption import consumption
from counterplan.report.sections.cost import cost
from counterplan.report.sections.estimates import estimates
from counterplan.report.sections.limits import limits, reading
from counterplan.report.sections.opening import headline
from counterplan.report.sections.people import people
from counterplan.report.sections.physical import physical
from counterplan.report.sections.provenance import names_section, provenance
from counterplan.report.sections.request import request
from counterplan.report.sections.trade import trade

BYTES_MAX = 3_000_000
SECTIONS = (
    headline,
    request,
    cost,
    consumption,
    branches,
    trade,
    capacities,
    people,
    physical,
    alternatives,
    estimates,
    certificate,
    provenance,
    reading,
    limits,
    names_section,
)


def write_report(
    plan: Plan,
    path: Path,
    *,
    reference: Plan | None = None,
    variants: Sequence[Plan] = (),
    ranges: Ranges | None = None,
) -> None:
    """Write the report of a plan; the file appears whole or not at all.

    Parameters
    ----------
    plan
        The plan reported on.
    path
        The HTML file.
    reference
        The plan without the shock; without one the plan is measured against the observed
        course, grown on its trend.
    variants
        Plans under other mandates, at most four.
    ranges
        How the plan's headlines move with the estimates (:func:`counterplan.plan.ranges.ranges`).

    Raises
    ------
    InputError
        When the plans are of different economies or periods, or the path cannot be written.
    LimitError
        For more variants than a page can compare, or a page of over three million bytes.
    """
    page = render_report(find(plan, reference=reference, variants=variants, ranges=ranges))
    content = page.encode("utf-8")
    if len(content) > BYTES_MAX:
        raise LimitError(f"the report has {len(content):,} bytes", mend=f"at most {BYTES_MAX:,}")
    if path.is_dir():
        raise InputError(f"'{path}' is a folder", mend="give the name of an HTML file")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, work = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    except OSError as error:
        raise InputError(f"cannot write '{path}': {error.strerror}") from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(work).chmod(0o644)
        os.replace(work, path)
    finally:
        Path(work).unlink(missing_ok=True)


def render_report(findings: Findings) -> str:
    """Return the report as one HTML page."""
    draft = Draft(findings)
    page = templates().get_template("report.html")
    return page.render(
        title=clean(findings.plan.scenario.title),
        economy=clean(findings.plan.economy.title),
        name=findings.plan.scenario.name,
        sections=sections_of(draft),
        badge=badge(findings.plan.certificate),
        version=__version__,
    )


def sections_of(draft: Draft) -> list[Section]:
    """Return every section that has something to say."""
    made = [write(draft) for write in SECTIONS]
    return [section for section in made if section is not None]


@cache
def templates() -> Environment:
    """Return the templates; every text is escaped, and a missing one is an error."""
    environment = Environment(
        loader=PackageLoader("counterplan.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = environment.get_template("report.css").render()
    environment.globals["style"] = Markup(style)
    environment.globals["legend"] = FOREIGN_LEGEND
    environment.globals["foreign"] = lambda block: speaks_of(block, FOREIGN)
    return environment
