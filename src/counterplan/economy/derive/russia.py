"""Russia 2014: what is known beside its input-output table."""

from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import as_file, files
from io import StringIO
from pathlib import Path

import pandas as pd

from counterplan.economy.derive.assumptions import Assumptions, Emission, Wages
from counterplan.economy.derive.evidence import Profile
from counterplan.economy.derive.national import derive_economy
from counterplan.economy.derive.prices import base_prices
from counterplan.economy.economy import Economy, Grade
from counterplan.economy.package import read_package
from counterplan.economy.tables.wiod2016 import read_wiod2016

#: Which activities of the Russian classification (OKVED 2007) pay stands for each branch;
#: the plain mean where there are two. Pay of transport alone is not published there.
BRANCH_ACTIVITIES: Mapping[str, tuple[str, ...]] = {
    "A01": ("Сельское хозяйство, охота и лесное хозяйство",),
    "B": ("Добыча полезных ископаемых",),
    "C10-C12": ("производство пищевых продуктов, включая напитки, и табака",),
    "C13-C15": (
        "текстильное и швейное производство",
        "производство кожи, изделий из кожи и производство обуви",
    ),
    "C16": ("обработка древесины и производство изделий из дерева",),
    "C17": ("целлюлозно-бумажное производство; издательская и полиграфическая деятельность",),
    "C19": ("производство кокса и нефтепродуктов",),
    "C20": ("химическое производство",),
    "C22": ("производство резиновых и пластмассовых изделий",),
    "C23": ("производство прочих неметаллических минеральных продуктов",),
    "C24": ("металлургическое производство и производство готовых металлических изделий",),
    "C26": ("производство электрооборудования, электронного и оптического оборудования",),
    "C28": ("производство машин и оборудования",),
    "C29": ("производство транспортных средств и оборудования",),
    "C31_C32": ("прочие производства",),
    "D35": ("Производство и распределение электроэнергии, газа и воды",),
    "F": ("Строительство",),
    **dict.fromkeys(
        ("G45", "G46", "G47"),
        (
            "Оптовая и розничная торговля; ремонт автотранспортных средств, мотоциклов, "
            "бытовых изделий и предметов личного пользования",
        ),
    ),
    **dict.fromkeys(("H49", "H50", "H51", "H52"), ("Транспорт и связь",)),
    "I": ("Гостиницы и рестораны",),
    "J61": ("из них связь",),
    "K64": ("Финансовая деятельность",),
    **dict.fromkeys(
        ("L68", "N"), ("Операции с недвижимым имуществом, аренда и предоставление услуг",)
    ),
    "O84": (
        "Государственное управление и обеспечение военной безопасности; социальное страхование",
    ),
    "P85": ("Образование",),
    "Q": ("Здравоохранение и предоставление социальных услуг",),
    "R_S": ("Предоставление прочих коммунальных, социальных и персональных услуг",),
}

#: Penn World Table 9.1, Russia 2014: persons engaged, 68.015 million.
PERSONS = 68_015.144

#: Penn World Table 9.1, Russia 2014: rnna / rgdpna = 13,424,841 / 3,789,688.5.
CAPITAL_OUTPUT = 3.5424655

#: International reserves at the end of 2014, Bank of Russia [million USD].
RESERVES = 385_460.0

#: Wholesale and retail trade: what is exported of them are the margins on exported goods, oil and
#: gas first, and cannot grow while these do not. Transport can be sold to others as well.
MARGINS = ("G45", "G46", "G47")

#: The rate with which the example is derived: beta = 0.96.
DISCOUNT = 1 / 0.96 - 1

#: What investment of 327 billion leaves for growth when capital of 3.54 times the product
#: loses 3.35% a year (Penn World Table 9.1: delta = 0.033472).
GROWTH = 0.017

NOTES = (
    "The makers of this table extrapolated Russian outputs and value added of 2013 and 2014: "
    "2012 is the last year with a pattern of its own.",
    "Gross domestic product is 1.83 trillion USD in this table; Rosstat's newer vintage gives "
    "2.06 trillion at the year's average rate. This table's is used throughout.",
    "Branches that NACE 1 did not tell apart are counted in one: C18 and J58 in C17, C21 in C20, "
    "C25 in C24, C27 in C26, C30 in C29, J62 to M75 in N, K65 and K66 in K64, H53 in J61.",
    "Exports of wholesale and retail trade (G45 to G47: 78 billion USD, 16% of the exports) are "
    "bounded by the observed volume on trend: they are the margins on exported goods.",
)


def wages_by_branch(table: pd.DataFrame, *, year: int) -> dict[str, float]:
    """Return average pay by branch [roubles a month] from Rosstat's table by activity."""
    pay = table.set_index(table["sector"].str.split().str.join(" "))[str(year)]
    return {
        branch: float(pay.loc[list(activities)].mean())
        for branch, activities in BRANCH_ACTIVITIES.items()
    }


def energy_use() -> tuple[Emission, ...]:
    """Return gross energy use by branch in 2014, from the packaged table."""
    text = files("counterplan.economy.derive").joinpath("energy_russia_2014.csv").read_text("utf-8")
    table = pd.read_csv(StringIO(text), comment="#").set_index("branch")
    return tuple(
        Emission(
            code=code,
            unit="TJ",
            by_branch={str(branch): float(value) for branch, value in table[code].items()},
            source="European Commission, Joint Research Centre, WIOD environmental accounts "
            "2000-2016 (doi 10.2760/024036), gross energy use by fuel",
            licence="reuse with acknowledgement (Commission Decision 2011/833/EU)",
        )
        for code in ("energy_fossil", "energy_other")
    )


def russian_assumptions(pay: Mapping[str, float], emissions: tuple[Emission, ...]) -> Assumptions:
    """Return the assumptions of the packaged example."""
    return Assumptions(
        discount=DISCOUNT,
        growth=GROWTH,
        capital_output=CAPITAL_OUTPUT,
        capital_source="national total by the ratio of the Penn World Table 9.1 (CC BY 4.0)",
        reserves=RESERVES,
        reserves_source="Bank of Russia, international reserves on 31 December 2014, as reported "
        "by the press (tass.com/economy/777247)",
        reserves_grade=Grade.OBSERVED,
        wages=Wages(
            by_branch=pay,
            persons=PERSONS,
            source="Rosstat, average monthly pay by activity, 2014; persons engaged by the Penn "
            "World Table 9.1",
            licence="Rosstat: free use with citation; Penn World Table: CC BY 4.0",
        ),
        emissions=emissions,
        exports_bounded=MARGINS,
        notes=NOTES,
    )


def russia_2014(shared: Path, *, profile: Profile | None = None) -> Economy:
    """Return Russia 2014 derived afresh from the tables beside the project.

    Parameters
    ----------
    shared
        The folder that holds ``data/``.
    profile
        Another profile of capital by branch than the packaged one, to see what it changes.
    """
    data = shared / "data"
    table = read_wiod2016(
        data / "wiod2016_niot" / "RUS_NIOT_2000_2014.parquet", country="RUS", year=2014
    )
    pay = pd.read_csv(data / "russia_macro" / "rosstat_wages_by_okved_2000_2015.csv")
    given = russian_assumptions(wages_by_branch(pay, year=2014), energy_use())
    if profile is not None:
        given = replace(given, profile=profile)
    return replace(
        derive_economy(table, given),
        name="russia-2014",
        title="Russia 2014: 33 branches, 55 products, million USD",
    )


def branch_table() -> str:
    """Return the branches of the packaged example as rows of a Markdown table.

    Branch, output and value added (output less products used) in billion USD, capital over
    value added, depreciation, user cost over value added, million people; largest first.
    """
    with as_file(files("counterplan.examples") / "russia-2014") as folder:
        russia = read_package(folder)
    costs = base_prices(russia, discount=DISCOUNT)
    output = russia.techniques.activity
    value = (1 - costs.products) * output
    stock = russia.products.prices @ russia.capital.composition * russia.capital.capacity
    people = russia.labour.need.sum(axis=0) * output
    return "\n".join(
        f"| {russia.techniques.codes[j]} | {output[j] / 1e3:.1f} | {value[j] / 1e3:.1f} "
        f"| {stock[j] / value[j]:.1f} | {russia.capital.depreciation[j]:.1%} "
        f"| {costs.capital[j] * output[j] / value[j]:.0%} | {people[j] / 1e3:.1f} |"
        for j in (-value).argsort()
    )
