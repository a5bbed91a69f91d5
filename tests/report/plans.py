"""Plans for the report's tests: a small crisis to check by hand, and pages read back."""

from dataclasses import replace
from html.parser import HTMLParser

from counterplan.economy.economy import Economy
from counterplan.economy.package import read_package
from counterplan.examples import packaged_economy, packaged_scenario
from counterplan.plan.make import make_plan
from counterplan.plan.mandate import ForeignRules, InvestmentGoal, Mandate
from counterplan.plan.plan import Plan
from counterplan.plan.scenario import Scenario, read_scenario
from counterplan.plan.shocks import DebtShock, PriceShock
from tests.plan.builders import scenario_of, two_branch_economy

HALVED = PriceShock(kind="export_price", products=("corn",), factor=0.5)
DUE = DebtShock(kind="debt_service", amounts={2021: 1.0})
# Half of the observed outflow may end, and two dollars of reserves be drawn.
RELIEF = Mandate(foreign=ForeignRules(reserves_floor=3.0, surplus=0.5))
REBUILT = Mandate(
    foreign=RELIEF.foreign,
    goals=(InvestmentGoal(kind="investment", branches=("industry",), factor=1.3),),
)


def titled(scenario: Scenario, title: str) -> Scenario:
    """Return a scenario under another title."""
    return scenario.model_copy(update={"title": title})


def small_plans() -> dict[str, Plan]:
    """Return a reference, a crisis and its variant in the economy of corn and machines."""
    economy = two_branch_economy()
    shocks = (HALVED, DUE)
    return {
        "reference": make_plan(economy, titled(scenario_of(), "Corn as usual")),
        "crisis": make_plan(
            economy, titled(scenario_of(mandate=RELIEF, shocks=shocks), "Corn at half the price")
        ),
        "variant": make_plan(
            economy,
            titled(
                scenario_of(mandate=REBUILT, shocks=shocks),
                "Corn at half the price, with more shops",
            ),
        ),
    }


def packaged_plan(name: str, *, periods: int | None = None) -> Plan:
    """Return the plan of a packaged scenario, over fewer periods where that is enough."""
    scenario = read_scenario(packaged_scenario(name))
    if periods is not None:
        horizon = scenario.horizon.model_copy(update={"periods": periods})
        scenario = scenario.model_copy(update={"horizon": horizon})
    return make_plan(read_package(packaged_economy(scenario.economy)), scenario, seconds_max=120)


HOSTILE = '"><script>alert(1)</script><img src=http://evil.example/x onerror=alert(2)>{{7*7}}'


def hostile_economy() -> Economy:
    """Return the economy of corn and machines with every name an attack on the page."""
    economy = two_branch_economy()
    two = (f"corn {HOSTILE}", f"machine\x00\x1b {HOSTILE}")
    return replace(
        economy,
        title=HOSTILE,
        currency=f"crown {HOSTILE}",
        period=f"year {HOSTILE}",
        products=replace(economy.products, names=two, units=(HOSTILE, "piece\ud800")),
        producers=replace(
            economy.producers, names=two, branches=(f"food {HOSTILE}", f"work {HOSTILE}")
        ),
        techniques=replace(
            economy.techniques, emission_codes=(HOSTILE,), emission_units=(HOSTILE,)
        ),
        labour=replace(economy.labour, names=(HOSTILE,), units=(HOSTILE,)),
        capital=replace(economy.capital, names=two),
        demand=replace(economy.demand, groups=(HOSTILE,), group_names=(HOSTILE,)),
        trade=replace(economy.trade, currency=f"dollar {HOSTILE}"),
        notes=(HOSTILE, "a lone \ud800 surrogate"),
    )


VOID = {"meta", "link", "br", "hr", "img", "input", "path", "rect", "circle", "line"}


class Page(HTMLParser):
    """A page read back: its elements, its tables, its text, and whether every tag is closed.

    Attributes
    ----------
    elements
        (tag, attributes) in order.
    tables
        Caption -> rows of cells, the head first.
    """

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.tables: dict[str, list[list[str]]] = {}
        self.words: list[str] = []
        self._open: list[str] = []
        self._rows: list[list[str]] = []
        self._caption = ""
        self.feed(text)
        self.close()
        assert self._open == [], f"never closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID or "svg" in self._open:
            self._open.append(tag)
        if tag == "table":
            self._rows, self._caption = [], ""
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("th", "td"):
            self._rows[-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop() == tag, f"</{tag}> closes another element"
        if tag == "table":
            self.tables[self._caption.removesuffix(" est.").strip()] = self._rows

    def handle_data(self, data: str) -> None:
        if "style" in self._open:
            return
        self.words.append(data)
        if "caption" in self._open:
            self._caption += data
        elif "th" in self._open or "td" in self._open:
            self._rows[-1][-1] += data

    @property
    def text(self) -> str:
        """All words of the page, with single spaces."""
        return " ".join(" ".join(self.words).split())

    def tags(self) -> set[str]:
        """Return the names of all elements."""
        return {tag for tag, _ in self.elements}

    def attributes(self) -> list[tuple[str, str, str]]:
        """Return (tag, attribute, value) of every attribute."""
        return [
            (tag, key, value or "") for tag, every in self.elements for key, value in every.items()
        ]


def number(cell: str) -> float:
    """Return the number in a cell, with or without the mark of a step's edge."""
    return float(cell.removeprefix("* ").replace(",", "").replace("\u2212", "-").replace("%", ""))
