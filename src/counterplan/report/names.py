"""Names: what products, branches and periods are called in sentences, tables and charts."""

import csv
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from counterplan.economy.classifications import classification
from counterplan.economy.economy import Codes, Economy

LABEL_MOST = 30
CODE = re.compile(r"^[A-Z][A-Z0-9_/-]{0,9}$")
DULL = re.compile(r"^(Manufacture|Production) of ")
CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
YEAR = re.compile(r"^\d{4}$")
FOREIGN = "\u2020"  # behind products that nobody at home makes
FOREIGN_LEGEND = (
    f"{FOREIGN} Wholly imported: nobody at home makes it in the economy's tables, which may count "
    "its makers in another branch."
)

# What households buy, by divisions of ISIC Rev. 4: first and last division of each.
GROUPS: tuple[tuple[str, tuple[tuple[int, int], ...]], ...] = (
    ("Food, drink and tobacco", ((1, 1), (3, 3), (10, 12))),
    ("Clothing and leather", ((13, 15),)),
    ("Fuels, power and water", ((5, 9), (19, 19), (35, 39))),
    ("Medicines and chemicals", ((20, 21),)),
    ("Electronics and machinery", ((26, 28),)),
    ("Vehicles and their trade", ((29, 30), (45, 45))),
    ("Furniture and other goods", ((2, 2), (16, 18), (22, 25), (31, 33))),
    ("Housing and construction", ((41, 43), (68, 68))),
    ("Trade", ((46, 47),)),
    ("Transport and post", ((49, 53),)),
    ("Hotels and restaurants", ((55, 56),)),
    ("Communication and media", ((58, 63),)),
    ("Finance and insurance", ((64, 66),)),
    ("Business services", ((69, 82),)),
    ("Public administration", ((84, 84),)),
    ("Education", ((85, 85),)),
    ("Health and care", ((86, 88),)),
    ("Culture and other services", ((90, 99),)),
)


def clean(text: str) -> str:
    """Return a name without control characters, which no page can show."""
    return CONTROL.sub("\ufffd", text).strip()


def short(name: str, *, most: int = LABEL_MOST) -> str:
    """Return a name that fits a label: its first part, cut between words."""
    text = DULL.sub("", clean(name))
    text = re.split(r"[;(]|, except ", text)[0].strip().rstrip(",") or clean(name)
    text = text[:1].upper() + text[1:]
    if len(text) <= most:
        return text
    cut = text[: most - 1].rsplit(" ", 1)[0].rstrip(" ,")
    cut = re.sub(r",? (and|or|of|the|for)$", "", cut)
    return f"{cut or text[: most - 1]}\u2026"


@cache
def usual_names() -> dict[str, str]:
    """Return plain names for the branches of the classification "wiod2016", by code."""
    text = files(__package__).joinpath("short_names.csv").read_text(encoding="utf-8")
    return {row["code"]: row["name"] for row in csv.DictReader(text.splitlines())}


def label(code: str, name: str) -> str:
    """Return code and short name where the code is one of a classification, else the name."""
    known = classification("wiod2016").get(code)
    if known is not None and name == known.name:
        return f"{code} {usual_names()[code]}"
    if not name or clean(name) == clean(code):
        return short(code)
    if CODE.match(code):
        return f"{clean(code)} {short(name, most=LABEL_MOST - len(code))}"
    return short(name)


def distinct(codes: Codes, names: Iterable[str]) -> dict[str, str]:
    """Return a label for each code; two that would look alike carry their codes."""
    labels = {code: label(code, name) for code, name in zip(codes, names, strict=True)}
    seen = Counter(labels.values())
    return {
        code: f"{short(text, most=20)} [{clean(code)}]" if seen[text] > 1 else text
        for code, text in labels.items()
    }


@dataclass(frozen=True)
class Names:
    """Labels by code, and how periods are spoken of.

    Products that nobody at home makes carry a mark behind their label.

    Attributes
    ----------
    products, branches, capital, groups, skills
        Code to label.
    period
        What a period is ("year").
    """

    products: dict[str, str]
    branches: dict[str, str]
    capital: dict[str, str]
    groups: dict[str, str]
    skills: dict[str, str]
    period: str

    def when(self, label: str) -> str:
        """Return a period as it is spoken of: "2017", or "month 3"."""
        return label if YEAR.match(label) else f"{clean(self.period)} {label}"


def names_of(economy: Economy) -> Names:
    """Return the labels of an economy."""
    branches = economy.branches()
    capital = economy.capital
    items = distinct(capital.codes, capital.names)
    owners = dict(zip(capital.codes, economy.branch_of_capital(), strict=True))
    branch_labels = distinct(branches, [branch_name(economy, code) for code in branches])
    if sorted(owners.values()) == sorted(branches):  # one item each: the branch says it better
        items = {code: branch_labels[branch] for code, branch in owners.items()}
    groups = distinct(economy.demand.groups, economy.demand.group_names)
    products = distinct(economy.products.codes, economy.products.names)
    for row in foreign_rows(economy):
        products[economy.products.codes[row]] += f" {FOREIGN}"
    return Names(
        products=products,
        branches=branch_labels,
        capital=items,
        groups={**groups, "collective": "Collective consumption"},
        skills=distinct(economy.labour.codes, economy.labour.names),
        period=clean(economy.period),
    )


def foreign_rows(economy: Economy) -> list[int]:
    """Return the products that are imported, and neither made nor carried here from a region."""
    made = np.asarray(economy.techniques.output.sum(axis=1)).ravel() > 0
    made[economy.routes.destination] = True
    bought = economy.trade.imports_other + economy.trade.imports_investment > 0
    return [int(row) for row in np.flatnonzero(bought & ~made)]


def branch_name(economy: Economy, branch: str) -> str:
    """Return a branch's name: its only producer's, or its code."""
    producers = economy.producers
    owners = [n for n, b in zip(producers.names, producers.branches, strict=True) if b == branch]
    if len(owners) == 1:
        return owners[0]
    products = economy.products
    return dict(zip(products.codes, products.names, strict=True)).get(branch, branch)


def product_groups(economy: Economy, names: Names) -> dict[str, str]:
    """Return the group of goods that each product is counted in.

    Products of ISIC Rev. 4 are counted in :data:`GROUPS`; in any other economy each product
    is a group of its own.
    """
    known = classification("wiod2016")
    codes = economy.products.codes
    if not all(code in known for code in codes):
        return dict(names.products)
    return {code: group_of(int(known[code].covers[0])) for code in codes}


def group_of(division: int) -> str:
    """Return the group of goods of a division of ISIC Rev. 4."""
    for name, ranges in GROUPS:
        if any(low <= division <= high for low, high in ranges):
            return name
    raise ValueError(f"ISIC Rev. 4 has no division {division:02d}")
