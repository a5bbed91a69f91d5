"""What a derived economy says of its own figures: sources, grades, remarks."""

from collections.abc import Mapping

from counterplan.economy.derive.assumptions import Assumptions
from counterplan.economy.derive.estimate import Estimate
from counterplan.economy.derive.flows import Flows, column_gaps
from counterplan.economy.derive.trade import foreign_flow
from counterplan.economy.economy import Codes, Floats, Grade, Provenance

#: Columns that miss their output by less are rounding of the source.
GAP_LEAST = 1.0

#: How the remark on pay begins.
PAY = "Pay at base prices"

_CAPITAL = (
    "estimated: capital-output ratios of the United States and Australia (WIOD socio-economic "
    "accounts 2016) and US assets by industry (Bureau of Economic Analysis), 2014, scaled to "
    "the country's investment"
)


def provenance_of(flows: Flows, given: Assumptions) -> Mapping[str, Provenance]:
    """Return source, grade and licence of each field, keyed "table.field"."""
    observed = Provenance(flows.source, Grade.OBSERVED, flows.licence)
    derived = Provenance(f"derived from {flows.source}", Grade.DERIVED, flows.licence)
    closing = Provenance(f"{derived.source}: what balances", Grade.DERIVED, flows.licence)
    capital = Provenance(f"{_CAPITAL}; {given.capital_source}", Grade.ESTIMATED, flows.licence)
    assumed = Provenance("assumed: see the notes", Grade.ESTIMATED)
    fields = {
        "products": {"prices": derived},
        "techniques": {"activity": observed, "use": derived, "output": derived},
        "labour": dict.fromkeys(("need", "force"), labour_provenance(given)),
        "capital": dict.fromkeys(
            ("need", "composition", "capacity", "investment", "depreciation", "lag"), capital
        ),
        "stocks": dict.fromkeys(("initial", "minimum", "loss"), assumed),
        "demand": {"consumption": observed, "collective": observed, "other": closing},
        "trade": dict.fromkeys(("exports", "imports_other", "imports_investment"), observed)
        | dict.fromkeys(("export_price", "import_price"), derived)
        | {"export_limit": assumed},
        "trend": dict.fromkeys(("growth", "labour"), assumed),
    }
    kept = {f"{table}.{name}": p for table, parts in fields.items() for name, p in parts.items()}
    if given.emissions:
        source = "; ".join(dict.fromkeys(e.source for e in given.emissions))
        licence = "; ".join(dict.fromkeys(e.licence for e in given.emissions))
        kept["techniques.emissions"] = Provenance(source, Grade.DERIVED, licence)
    none = ("assumed: none apart from the transfers", Grade.ESTIMATED)
    kept["accounts"] = Provenance(
        source="derived: the surplus of trade in the table",
        grade=Grade.DERIVED,
        licence=flows.licence,
        exceptions={
            "reserves": (given.reserves_source, given.reserves_grade),
            "debt_service": none,
            "new_credit": none,
        },
    )
    return kept


def labour_provenance(given: Assumptions) -> Provenance:
    """Return where labour by skill comes from."""
    if given.wages is None:
        return Provenance("estimated: labour counted in its own cost", Grade.ESTIMATED)
    source = f"estimated: labour income over pay; {given.wages.source}"
    return Provenance(source, Grade.ESTIMATED, given.wages.licence)


def pay_note(codes: Codes, pay: Floats, *, unit: str) -> str:
    """Return the remark on what each skill is paid at base prices."""
    each = ", ".join(f"{code} {value:.10g}" for code, value in zip(codes, pay, strict=True))
    return f"{PAY}, {unit} per skill unit: {each}."


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
        pay_note(labour.codes, labour.pay, unit=flows.unit),
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
