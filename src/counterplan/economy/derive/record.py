"""What a derived economy says of its own figures: sources, grades, remarks."""

from collections.abc import Mapping

from counterplan.economy.derive.assumptions import Assumptions
from counterplan.economy.derive.estimate import Estimate
from counterplan.economy.derive.flows import Flows, column_gaps
from counterplan.economy.derive.trade import foreign_flow
from counterplan.economy.economy import Grade, Provenance

#: Columns that miss their output by less are rounding of the source.
GAP_LEAST = 1.0

_CAPITAL = (
    "estimated: capital-output ratios of the United States and Australia (WIOD socio-economic "
    "accounts 2016) and US assets by industry (Bureau of Economic Analysis), 2014, scaled to "
    "the country's investment"
)


def provenance_of(flows: Flows, given: Assumptions) -> Mapping[str, Provenance]:
    """Return source and grade of each field, keyed "table.field"."""
    licence = flows.licence

    def field(source: str, grade: Grade) -> Provenance:
        return Provenance(source=source, grade=grade, licence=licence)

    observed = field(flows.source, Grade.OBSERVED)
    derived = field(f"derived from {flows.source}", Grade.DERIVED)
    capital = field(f"{_CAPITAL}; {given.capital_source}", Grade.ESTIMATED)
    assumed = field("assumed: see the notes", Grade.ESTIMATED)
    pay = given.wages.source if given.wages else "no pay known: labour counted in its cost"
    labour = field(f"estimated: labour income over pay; {pay}", Grade.ESTIMATED)
    kept: dict[str, Provenance] = {
        "techniques.activity": observed,
        "techniques.use": derived,
        "techniques.output": derived,
        "demand.consumption": observed,
        "demand.collective": observed,
        "demand.other": derived,
        "trade.exports": observed,
        "trade.imports_other": observed,
        "trade.imports_investment": observed,
        "trade.export_price": derived,
        "trade.import_price": derived,
        "trade.export_limit": assumed,
        "products.prices": derived,
        "labour.need": labour,
        "labour.force": labour,
        "accounts": Provenance(
            source="derived: the surplus of trade in the table",
            grade=Grade.DERIVED,
            licence=licence,
            exceptions={
                "reserves": (given.reserves_source, given.reserves_grade),
                "debt_service": ("assumed: none apart from the transfers", Grade.ESTIMATED),
                "new_credit": ("assumed: none apart from the transfers", Grade.ESTIMATED),
            },
        ),
        "trend.growth": assumed,
        "trend.labour": assumed,
    }
    parts = ("need", "composition", "capacity", "investment", "depreciation", "lag")
    kept |= {f"capital.{name}": capital for name in parts}
    kept |= {f"stocks.{name}": assumed for name in ("initial", "minimum", "loss")}
    if given.emissions:
        source = "; ".join(dict.fromkeys(e.source for e in given.emissions))
        kept["techniques.emissions"] = field(source, Grade.DERIVED)
    return kept


def notes_of(flows: Flows, given: Assumptions, *, whole: Estimate) -> tuple[str, ...]:
    """Return remarks a reader of the economy must know, gaps of the table among them."""
    flow, capital, labour = foreign_flow(flows, whole.use), whole.capital, whole.employment
    stock, built = float(capital.stock.sum()), float(capital.investment.sum())
    notes = [
        f"Derived with discount rho = {given.discount:.10g} (beta = {1 / (1 + given.discount):.6g})"
        f" and growth g = {given.growth:.4g}: the plan must use the same.",
        f"Capital is {stock:.6g} {flows.unit}, {stock / flows.gross_domestic_product():.3g} times "
        f"gross domestic product; average depreciation {built / stock - given.growth:.4%}; "
        f"{given.capital_source}.",
        f"accounts.transfers of {flow.surplus:.6g} is the observed surplus of trade: transport "
        f"margins {flow.margins:.6g}, travel {flow.travel:.6g}, other income, capital and "
        f"reserves {flow.rest:.6g}.",
        f"Pay at base prices, {flows.unit} per skill unit: "
        + ", ".join(f"{c} {p:.10g}" for c, p in zip(labour.codes, labour.pay, strict=True))
        + ".",
        "Taxes on products are in no balance; value added here is output less products used.",
        "Stocks of goods are not in the table and start at nothing; other final use is "
        "inventories and every negative cell of final demand.",
    ]
    notes += [
        f"The table's column of {code} misses its output by {gap:.6g} {flows.unit}; kept in its "
        "value added."
        for code, gap in column_gaps(flows, least=GAP_LEAST)
    ]
    notes += [
        f"Branch {code} shows less value added than {given.least_value_added:.1%} of its output: "
        "reckoned at that, so its base price of 1 does not cover its costs."
        for code in whole.at_a_loss
    ]
    return tuple(notes) + given.notes
