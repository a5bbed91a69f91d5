"""The command analyse: multipliers, linkages, footprints, prices, labour values."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counterplan.cli.console import columns_of_figures, doing, say, show_table
from counterplan.cli.plans import show_notes, write_csv
from counterplan.cli.sources import Kind, Source
from counterplan.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from counterplan.economy.analysis.accounts import Accounts

ROWS_SHOWN = 60


class Question(StrEnum):
    """What can be asked of an economy or a table."""

    MULTIPLIERS = "multipliers"
    LINKAGES = "linkages"
    FOOTPRINTS = "footprints"
    PRICES = "prices"
    LABOUR_VALUES = "labour-values"


def analyse(
    source: Annotated[
        str,
        typer.Argument(
            metavar="DIR|TABLE",
            help="an economy's folder or packaged name; with --kind, a published table",
        ),
    ],
    what: Annotated[
        Question,
        typer.Option(help="multipliers, linkages, footprints, prices or labour-values"),
    ] = Question.MULTIPLIERS,
    kind: Annotated[
        Kind | None,
        typer.Option(help="of a published table: wiod2016, wiod2013, bea, supply-use or mrio"),
    ] = None,
    country: Annotated[str, typer.Option(help="code of the country in a published table")] = "",
    year: Annotated[int | None, typer.Option(help="year of a published table")] = None,
    unit: Annotated[str, typer.Option(help="unit of supply-use tables")] = "",
    layout: Annotated[
        str, typer.Option(help="for mrio: oecd, exiobase3, gloria, eora26 or pymrio")
    ] = "",
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="write all rows to a CSV file, too")
    ] = None,
) -> None:
    """Ask an economy, or a published table, one question of input-output analysis."""
    with doing(f"reading {source}"):
        accounts = (
            read_economy(source)
            if kind is None
            else read_table(Source(Path(source), kind, country, year, unit, layout))
        )
    show_notes(accounts.remarks)
    frame, explanation = ANSWERS[what](accounts)
    if out is not None:
        write_csv(frame.rename_axis("row").reset_index(), out)
    say(explanation)
    figures = columns_of_figures(frame.to_numpy(dtype=float).tolist())
    rows = [(str(code), *row) for code, row in zip(frame.index, figures, strict=True)]
    show_table(("", *map(str, frame.columns)), rows[:ROWS_SHOWN])
    if len(rows) > ROWS_SHOWN:
        say(f"... and {len(rows) - ROWS_SHOWN} more rows: --out FILE.csv writes all of them")


def read_economy(source: str) -> "Accounts":
    """Read an economy by its folder or its packaged name, and take its accounts."""
    from counterplan.economy.analysis.accounts import accounts_of_economy
    from counterplan.economy.package import read_package
    from counterplan.examples import packaged_economies, packaged_economy

    path = Path(source)
    if source in packaged_economies() and not path.exists():
        path = packaged_economy(source)
    if path.is_file() and path.suffix.lower() != ".zip" and path.name != "datapackage.json":
        raise InputError(
            f"'{source}' is a file", mend=f"say what kind of table it is: --kind {'|'.join(Kind)}"
        )
    return accounts_of_economy(read_package(path))


def read_table(source: Source) -> "Accounts":
    """Read a published table, and take its accounts."""
    from counterplan.cli.sources import read_source
    from counterplan.economy.analysis.accounts import accounts_of_table
    from counterplan.economy.tables.identities import breaches

    table = read_source(source)
    found = breaches(table)
    if found:
        say(f"the table does not add up in {len(found)} places, by most in: {found[0]}")
    return accounts_of_table(table)


def multipliers(accounts: "Accounts") -> "tuple[pd.DataFrame, str]":
    """Return what one unit of final use of each product calls forth at home."""
    import pandas as pd

    from counterplan.economy.analysis import multipliers as content
    from counterplan.economy.analysis import output_multipliers

    model = accounts.model
    columns = {
        "output": output_multipliers(model),
        "value added": content(model, accounts.value_added),
        "imports": content(model, accounts.imported),
    }
    for name, direct in zip(accounts.extension_names, accounts.extensions, strict=True):
        columns[name] = content(model, direct)
    text = (
        f"For one unit ({accounts.currency}) of final use of each home-made product: what is made, "
        "added, imported, worked and given off at home in all steps."
    )
    return pd.DataFrame(columns, index=list(accounts.codes)), text


def linkages(accounts: "Accounts") -> "tuple[pd.DataFrame, str]":
    """Return how strongly each product pulls on its suppliers and pushes its customers."""
    import pandas as pd

    from counterplan.economy.analysis import (
        GhoshModel,
        direct_backward,
        direct_forward,
        normalised,
        total_backward,
        total_forward,
    )

    model = accounts.model
    ghosh = GhoshModel.from_flows(
        accounts.domestic * accounts.output, accounts.output, labels=accounts.codes
    )
    columns = {
        "backward, direct": direct_backward(model),
        "backward, total": total_backward(model),
        "backward, mean 1": normalised(total_backward(model)),
        "forward, direct": direct_forward(ghosh),
        "forward, total": total_forward(ghosh),
        "forward, mean 1": normalised(total_forward(ghosh)),
    }
    text = (
        "Linkages through home-made inputs: backward from the Leontief inverse, forward from the "
        "Ghosh inverse. Above 1 in both columns 'mean 1': a key branch."
    )
    return pd.DataFrame(columns, index=list(accounts.codes)), text


def footprints(accounts: "Accounts") -> "tuple[pd.DataFrame, str]":
    """Return what each final use contains."""
    import numpy as np
    import pandas as pd

    from counterplan.economy.analysis import footprints as contained

    direct = np.vstack([accounts.value_added, accounts.imported, accounts.extensions])
    found = contained(accounts.model, direct, accounts.final)
    columns = {
        "value added": found[0],
        "imports in production": found[1],
        "imported directly": accounts.final_imports,
    }
    columns |= dict(zip(accounts.extension_names, found[2:], strict=True))
    text = (
        f"What each final use contains, directly and through all steps of home production "
        f"(values in {accounts.currency}; what is given off abroad is not counted)."
    )
    return pd.DataFrame(columns, index=list(accounts.final_names)), text


def prices(accounts: "Accounts") -> "tuple[pd.DataFrame, str]":
    """Return what each price is made of, and what dearer imports and value added do to it."""
    import pandas as pd

    from counterplan.economy.analysis import cost_prices

    model = accounts.model
    home = cost_prices(model, accounts.value_added)
    abroad = cost_prices(model, accounts.imported)
    columns = {
        "value added at home": home,
        "imports": abroad,
        "price": home + abroad,
        "imports 10% dearer": 0.1 * abroad,
        "value added 10% dearer": 0.1 * home,
    }
    text = (
        "What a price of 1 is made of when all steps of home production are followed back, and how "
        "much it rises when costs are passed on in full."
    )
    return pd.DataFrame(columns, index=list(accounts.codes)), text


def labour_values(accounts: "Accounts") -> "tuple[pd.DataFrame, str]":
    """Return the labour in one unit of each product."""
    import pandas as pd

    from counterplan.economy.analysis import labour_values as valued

    if not accounts.labour:
        raise InputError(
            "a published table holds no labour",
            mend="import it as an economy, which estimates it, and analyse that",
        )
    values = valued(accounts.model, accounts.extensions[: accounts.labour])
    columns = {}
    for k, name in enumerate(accounts.extension_names[: accounts.labour]):
        columns[f"{name}, direct"] = accounts.prices * values.direct[k]
        columns[f"{name}, total"] = accounts.prices * values.total[k]
    text = (
        "Labour in one unit of each product: in the last step, and in all steps at home (what is "
        "imported was made with labour elsewhere, which is not counted)."
    )
    labels = [f"{c}, 1 {u}" for c, u in zip(accounts.codes, accounts.units, strict=True)]
    return pd.DataFrame(columns, index=labels), text


ANSWERS: "dict[Question, Callable[[Accounts], tuple[pd.DataFrame, str]]]" = {
    Question.MULTIPLIERS: multipliers,
    Question.LINKAGES: linkages,
    Question.FOOTPRINTS: footprints,
    Question.PRICES: prices,
    Question.LABOUR_VALUES: labour_values,
}
