"""The comparison of two plans: its tables, and what they say in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from counterplan.plan.wording import figure, listed

MOST = 6
SEEN_MIN = 5e-4  # of a level against its trend: less than the last digit shown
NOUGHT = 1e-5  # against the other side: what an engine leaves of nought
WORTH = {
    "foreign_balance": "one more {unit} of {item}",
    "capacity": "one more unit of {item}",
    "labour": "one more {unit} of {item}",
    "needs": "a need of {item} lower by one {unit}",
    "investment_goal": "an investment goal of {item} lower by one unit",
    "quota": "one {unit} less of what was promised of {item}",
    "self_reliance": "one more imported {unit} of {item}",
    "emissions": "one more {unit} of {item}",
    "reserves_floor": "a floor under the reserves lower by one {unit}",
    "stocks": "a strategic minimum of {item} lower by one {unit}",
    "transport": "room for one more {unit} on {item}",
}


@dataclass(frozen=True)
class Comparison:
    """How one plan differs from another over the same periods, in products that both have.

    Attributes
    ----------
    title, other_title
        Of the scenarios.
    currency, foreign
        Base-period money and foreign currency.
    names
        Of the products, by code.
    asked
        What is asked of the one and not of the other, in words.
    headline
        Rows of the summary x periods; in levels "this", "other" and "difference".
    products
        Output, consumption, imports, exports [product units] and valuation
        [base-period money per unit, against the basket]: this less other [product x period].
    relative
        The same against the other plan [share]; not for valuations.
    investment
        By branch: this less other [branch x period], base-period money.
    foreign_account
        Entry x period: this less other, foreign currency.
    given_up
        Final uses that are lower than in the other plan, the first and deepest first.
    reasons
        Valuations of what is scarce or asked for, the one that matters most first.
    families
        How much the valuations of each family moved [family x period], base-period money.
    """

    title: str
    other_title: str
    currency: str
    foreign: str
    names: Mapping[str, str]
    asked: tuple[str, ...]
    headline: pd.DataFrame
    products: Mapping[str, pd.DataFrame]
    relative: Mapping[str, pd.DataFrame]
    investment: pd.DataFrame
    foreign_account: pd.DataFrame
    given_up: pd.DataFrame
    reasons: pd.DataFrame
    families: pd.DataFrame

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return every table by its title, with units, for a report or a spreadsheet."""
        money = self.currency
        named = {"headline": self.headline}
        for name, table in self.products.items():
            unit = f"{money} per product unit" if name == "valuation" else "product units"
            named[f"{name}, difference [{unit}]"] = table
        for name, table in self.relative.items():
            named[f"{name}, difference [share]"] = table
        named[f"investment by branch, difference [{money}]"] = self.investment
        named[f"foreign account, difference [{self.foreign}]"] = self.foreign_account
        named[f"given up [{money}]"] = self.given_up
        named[f"valuations that moved [{money} per unit]"] = self.reasons
        named[f"moves by constraint family [{money}]"] = self.families
        return named

    def text(self) -> str:
        """Say it in plain words."""
        return "\n".join(comparison_lines(self))


def comparison_lines(said: Comparison) -> list[str]:
    """Return the lines of a comparison."""
    years = list(said.headline.columns)
    span = years[0] if len(years) == 1 else f"{years[0]} to {years[-1]}"
    lines = [f"{said.title}, against {said.other_title}, {span}"]
    lines += [f"Asked differently: {one}." for one in said.asked]
    lines += headline_lines(said.headline)
    lines += account_lines(said)
    lines += given_up_lines(said)
    lines += output_lines(said)
    return [*lines, *reason_lines(said)]


def headline_lines(headline: pd.DataFrame) -> list[str]:
    """Say the headline rows in the first and in the last period."""
    ends = list(dict.fromkeys([headline.columns[0], headline.columns[-1]]))
    lines = []
    for row in headline.index.get_level_values("row").unique():
        said = [
            f"{headline.loc[(row, 'this'), year]:.3f} in {year} "
            f"({signed(headline.loc[(row, 'difference'), year])})"
            for year in ends
        ]
        lines.append(f"{str(row).capitalize()}: {listed(said)}.")
    return lines


#: How each entry of the foreign account is said: what it does, and whether it brings or takes.
ENTRY_WORDS = {
    "exports": ("exports earn", 1),
    "credit as observed": ("credit as observed brings", 1),
    "new credit": ("new credit brings", 1),
    "reserves drawn": ("drawing on reserves brings", 1),
    "imports": ("imports cost", -1),
    "debt service": ("debt service takes", -1),
    "repayment of new credit": ("repaying new credit takes", -1),
    "transfers": ("transfers take", -1),
    "left unused": ("what is left unused comes to", -1),
}


def account_lines(said: Comparison) -> list[str]:
    """Say what changes in the foreign account over all periods."""
    total = said.foreign_account.sum(axis=1)
    seen = total[total.abs() > 1e-6 * float(total.abs().max() or 1.0)]
    words = [entry_words(str(entry), float(value), said.foreign) for entry, value in seen.items()]
    return [f"Foreign account, all periods together: {listed(words)}."] if words else []


def entry_words(entry: str, value: float, currency: str) -> str:
    """Say by how much one entry of the account differs."""
    does, sign = ENTRY_WORDS[entry]
    more = "more" if sign * value > 0 else "less"
    return f"{does} {figure(abs(value))} {currency} {more}"


def given_up_lines(said: Comparison) -> list[str]:
    """Say what is given up first."""
    if said.given_up.empty:
        return ["Nothing that matters is given up."]
    lines = []
    for period, part in said.given_up.groupby("first", sort=False):
        top = part.head(MOST)
        words = [given_up_words(row, said.currency) for _, row in top.iterrows()]
        left = len(part) - len(top)
        rest = f"; and {left} more" if left else ""
        lines.append(f"Given up from {period} on: {'; '.join(words)}{rest}.")
    return lines


def given_up_words(row: "pd.Series[Any]", money: str) -> str:
    """Say one use that is given up: how far it falls at first, and what is lost in all periods."""
    link = "in" if row["use"] == "investment" else "of"
    lost = float(str(row["lost"]))
    more = f"{figure(lost)} {money} in all periods" if lost > 0 else "made good later"
    return f"{row['use']} {link} {row['name']} (-{row['share']:.0%}, {more})"


def signed(value: float) -> str:
    """Return a difference with its sign and three decimals; nought has none."""
    text = f"{value:+.3f}"
    return text if float(text) else "0.000"


def output_lines(said: Comparison) -> list[str]:
    """Say which outputs differ most in the last period."""
    last = said.relative["output"].iloc[:, -1].dropna()
    ordered = last[last.abs() > SEEN_MIN].sort_values(kind="stable")
    down, up = ordered[ordered < 0].head(MOST), ordered[ordered > 0].tail(MOST)[::-1]
    lines = []
    for word, part in (("more", up), ("less", down)):
        if len(part):
            words = [f"{said.names[str(code)]} {value:+.1%}" for code, value in part.items()]
            lines.append(f"Made {word} of in {last.name}: {listed(words)}.")
    return lines


def reason_lines(said: Comparison) -> list[str]:
    """Say which valuations moved most."""
    if said.reasons.empty:
        return ["No valuation of anything scarce or asked for moved."]
    lines = ["What became scarcer or less scarce, by the money at stake:"]
    for _, row in said.reasons.head(2 * MOST).iterrows():
        form = WORTH.get(str(row["family"]), "relaxing {item} by one {unit}")
        what = form.format(item=row["item"], unit=row["unit"])
        here, there = (float(row[side]) for side in ("this", "other"))
        nothing = NOUGHT * max(abs(here), abs(there))
        here, there = (value if abs(value) > nothing else 0.0 for value in (here, there))
        lines.append(
            f"- {what} in {row['period']} is worth {figure(here)} {said.currency}, in the other "
            f"plan {figure(there)} {said.currency}"
        )
    return lines
