"""Commands about economies: new, import, check, examples."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counterplan.cli.console import FAILED, doing, say, show_table
from counterplan.cli.derivations import Balance, Gaps, ValueAdded
from counterplan.cli.plans import show_notes
from counterplan.cli.sources import Kind, Source
from counterplan.errors import InputError

if TYPE_CHECKING:
    from counterplan.economy.economy import Economy
    from counterplan.economy.finding import Finding
    from counterplan.economy.tables.table import Table

BREACHES_SHOWN = 10


def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="a new folder")],
) -> None:
    """Write a folder of tables to be filled in, in a spreadsheet, with an economy of your own."""
    from counterplan.economy.package import write_template

    if folder.is_dir() and any(folder.iterdir()):
        raise InputError(f"'{folder}' is not empty", mend="name a new folder")
    write_template(folder)
    say(f"wrote {folder}: start with its README.md, check as you go, and plan:")
    say(f"  counterplan check {folder}")
    say(f"  counterplan plan {folder / 'scenario.yaml'} --out {folder / 'plan'}")


def import_table(
    path: Annotated[
        Path, typer.Argument(metavar="SOURCE", help="a published table, file or folder")
    ],
    kind: Annotated[Kind, typer.Option(help="wiod2016, wiod2013, bea, supply-use or mrio")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="folder to write the economy to")],
    country: Annotated[
        str, typer.Option(help="code of the country, where the source holds several")
    ] = "",
    year: Annotated[int | None, typer.Option(help="year of the table")] = None,
    unit: Annotated[
        str, typer.Option(help='unit of the figures ("million EUR"), for supply-use')
    ] = "",
    layout: Annotated[
        str, typer.Option(help="for mrio: oecd, exiobase3, gloria, eora26 or pymrio")
    ] = "",
    value_added: Annotated[
        ValueAdded,
        typer.Option(
            help="residual: where the table has none, what is left of output when products are paid"
        ),
    ] = ValueAdded.STATED,
    balance: Annotated[
        Balance,
        typer.Option(help="where the table does not add up: gras or least-squares; records it"),
    ] = Balance.NONE,
    gaps: Annotated[
        Gaps,
        typer.Option(help="keep: take a table as it is that misses an identity by more than 1%"),
    ] = Gaps.REFUSE,
) -> None:
    """Turn a published table into an economy that can be planned, what it lacks estimated."""
    from counterplan.cli.derivations import derived, refuse_gaps
    from counterplan.cli.sources import read_source
    from counterplan.economy.package import write_package

    source = Source(path, kind, country=country, year=year, unit=unit, layout=layout)
    with doing(f"reading {path}"):
        table = read_source(source)
    if gaps is Gaps.REFUSE and balance is Balance.NONE and kind is not Kind.BEA:
        refuse_gaps(table, path)
    with doing("estimating what the table does not say"):
        economy, record = derived(table, source, value_added=value_added, balance=balance)
        write_package(economy, out)
    show_breaches(table)
    if record:
        say(f"balanced: {record}")
    say(f"wrote {out}: {economy.title}")
    say("labour, capital and prices are estimated by stated conventions; look at its notes with:")
    say(f"  counterplan check {out}")


def show_breaches(table: "Table") -> None:
    """Say which accounting identities the table breaks, and what cannot be checked."""
    from counterplan.economy.tables.identities import breaches, unchecked

    found = breaches(table)
    for breach in found[:BREACHES_SHOWN]:
        say(f"the table does not add up: {breach}")
    if len(found) > BREACHES_SHOWN:
        say(f"... and in {len(found) - BREACHES_SHOWN} more places")
    for name in unchecked(table):
        say(f"the table does not hold enough to check {name}")


def check(
    what: Annotated[
        str,
        typer.Argument(
            metavar="DIR|SCENARIO",
            help="an economy's folder, a scenario's file, or a packaged name",
        ),
    ],
) -> None:
    """Check an economy's accounts, or a scenario with the economy that it names.

    Exit code 1 where a check fails.
    """
    from counterplan.economy.checks import check_economy
    from counterplan.economy.package import read_package
    from counterplan.examples import packaged_economies, packaged_economy
    from counterplan.plan.dates import date_notes
    from counterplan.plan.open import read_both, scenario_file

    path = Path(what)
    if what in packaged_economies() and not path.exists():
        path = packaged_economy(what)
    if path.is_dir() or path.suffix.lower() == ".zip" or path.name == "datapackage.json":
        economy = read_package(path)
        say(f"{economy.title} ({economy.name})")
        show_quality(economy)
        show_findings(check_economy(economy))
        return
    scenario, economy = read_both(scenario_file(what))
    say(f"{scenario.title} ({scenario.name}), economy {economy.name}")
    show_notes(date_notes(economy, scenario))
    show_findings(check_economy(economy))


def show_quality(economy: "Economy") -> None:
    """Print how good an economy's figures are, and what its makers say of them."""
    from counterplan.economy.package import figures_by_grade

    counts = [f"{count:,} {grade}" for grade, count in figures_by_grade(economy).items()]
    say(f"figures: {', '.join(counts)}" if counts else "it holds no figures")
    show_notes([" ".join(note.split()) for note in economy.notes])


def show_findings(findings: "Sequence[Finding]") -> None:
    """Print what the checks found, and leave with 1 where one of them failed."""
    from counterplan.economy.finding import Severity

    if findings:
        rows = [(str(one.severity), one.place, f"{one.thing}; {one.mend}") for one in findings]
        show_table(("", "where", "what, and what to do"), rows, left=3)
    errors = sum(one.severity is Severity.ERROR for one in findings)
    warnings = sum(one.severity is Severity.WARNING for one in findings)
    say(f"{errors} errors, {warnings} warnings, {len(findings) - errors - warnings} notes")
    if errors:
        raise typer.Exit(FAILED)


def examples(
    copy: Annotated[
        tuple[str, Path] | None,
        typer.Option(metavar="NAME DIR", help="copy an economy or a scenario there, to change it"),
    ] = None,
) -> None:
    """List the packaged economies and scenarios, or copy one of them."""
    from counterplan.examples import packaged_economies, packaged_scenario, packaged_scenarios
    from counterplan.plan.scenario import read_scenario

    if copy is not None:
        copy_example(*copy)
        return
    read = [read_scenario(packaged_scenario(name)) for name in packaged_scenarios()]
    show_table(
        ("economy", "scenarios"),
        [(name, str(sum(one.economy == name for one in read))) for name in packaged_economies()],
    )
    say()
    show_table(("scenario", "what it is"), [(one.name, one.title) for one in read], left=2)


def copy_example(name: str, folder: Path) -> None:
    """Copy a packaged economy as a folder, or a packaged scenario into a folder."""
    import shutil

    from counterplan.errors import did_you_mean
    from counterplan.examples import (
        packaged_economies,
        packaged_economy,
        packaged_scenario,
        packaged_scenarios,
    )

    if name in packaged_economies():
        if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
            raise InputError(f"'{folder}' is there already", mend="name another folder")
        shutil.copytree(packaged_economy(name), folder, dirs_exist_ok=True)
        say(f"wrote {folder}: change its tables, then counterplan check {folder}")
        return
    if name not in packaged_scenarios():
        known = (*packaged_economies(), *packaged_scenarios())
        raise InputError(
            f"nothing packaged is called '{name}'",
            mend=did_you_mean(name, known) or "`counterplan examples` lists what there is",
        )
    source = packaged_scenario(name)
    target = folder / source.name
    if target.exists():
        raise InputError(f"'{target}' is there already", mend="name another folder")
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    say(f"wrote {target}: change it, then counterplan check {target}")
