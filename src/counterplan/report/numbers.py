"""Numbers as a reader sees them: money in a fitting unit, shares, and very small ones."""

from dataclasses import dataclass
from math import floor, isfinite, log10

import numpy as np

from counterplan.economy.economy import Floats
from counterplan.report.names import clean

MINUS = "\u2212"
NOTHING = "\u2013"
SUPERSCRIPTS = str.maketrans(
    "-0123456789", "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"
)
LARGE = 10_000.0
MILLIONS = "million "


@dataclass(frozen=True)
class Scale:
    """How amounts of one currency are shown.

    Attributes
    ----------
    unit
        What is written behind the number ("billion USD").
    factor
        Shown number = amount x factor.
    digits
        Decimals that are shown.
    """

    unit: str
    factor: float
    digits: int

    def amount(self, value: float) -> str:
        """Return an amount without its unit."""
        return figure(value * self.factor, digits=self.digits)

    def change(self, value: float) -> str:
        """Return an amount with its sign and without its unit."""
        return signed(value * self.factor, digits=self.digits)

    def words(self, value: float) -> str:
        """Return an amount without sign and with its unit."""
        return f"{self.amount(abs(value))} {self.unit}"

    def steps(self, values: Floats) -> Floats:
        """Return amounts counted in the last digit that is shown."""
        counted: Floats = np.asarray(values) * (self.factor * 10**self.digits)
        return counted

    def amount_of_step(self, count: int) -> str:
        """Return so many of the last digit, without plus sign."""
        return figure(count / 10**self.digits, digits=self.digits)

    def step(self, count: int) -> str:
        """Return so many of the last digit, with sign."""
        return signed(count / 10**self.digits, digits=self.digits)


def scale_of(currency: str, largest: float) -> Scale:
    """Return how to show amounts of a currency whose largest is about ``largest``.

    A currency counted in millions is shown in billions, with one decimal, once the largest
    amount would have five digits.
    """
    currency = clean(currency)
    if currency.startswith(MILLIONS) and abs(largest) >= LARGE:
        return Scale(f"billion {currency.removeprefix(MILLIONS)}", 1e-3, 1)
    return Scale(currency, 1.0, 0 if abs(largest) >= 100 else 2)


def figure(value: float, *, digits: int = 1) -> str:
    """Return a number with thousands apart, a true minus sign, and no minus zero."""
    if not isfinite(value):
        return NOTHING
    text = f"{value:,.{digits}f}"
    if not any(sign in text for sign in "123456789"):
        text = text.removeprefix("-")
    return text.replace("-", MINUS)


def signed(value: float, *, digits: int = 1) -> str:
    """Return a number with its sign; zero has none."""
    text = figure(value, digits=digits)
    return f"+{text}" if value > 0 and any(sign in text for sign in "123456789") else text


def percent(share: float, *, digits: int = 1) -> str:
    """Return a share as a percentage."""
    text = figure(100 * share, digits=digits)
    return text if text == NOTHING else f"{text}%"


def change(share: float, *, digits: int = 1) -> str:
    """Return a relative change as a percentage with its sign."""
    text = signed(100 * share, digits=digits)
    return text if text == NOTHING else f"{text}%"


def points(now: float, then: float, *, digits: int = 1) -> str:
    """Return the difference of two shares in points, as the rounded percentages show it."""
    return signed(round(100 * now, digits) - round(100 * then, digits), digits=digits)


def power(value: float) -> str:
    """Return a very small or very large number as a few digits times a power of ten."""
    if value == 0 or not isfinite(value):
        return figure(value, digits=0)
    exponent = floor(log10(abs(value)))
    digits = figure(value / 10.0**exponent, digits=1)
    return f"{digits} x 10{str(exponent).translate(SUPERSCRIPTS)}".replace(" x ", " \u00d7 ")


def listed(words: list[str]) -> str:
    """Return "a", "a and b", "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
