"""The tables of an economy's data package, each column declared once.

The reader, the writer, the template, ``datapackage.json`` and the reference page are all
made from :data:`TABLES`; nothing else says what a column is called or what it may hold.
"""

from dataclasses import replace

from counterplan.economy.package.columns import (
    Column,
    Kind,
    TableSchema,
    amount,
    balance,
    key_column,
    label,
    link,
    most_of,
    name_column,
    periods,
    quantity,
    share,
    table_of,
    unit_column,
    unit_of,
)

__all__ = ["ACCOUNT_ITEMS", "REQUIRED", "TABLES", "Column", "Kind", "TableSchema", "table"]

ACCOUNT_ITEMS: tuple[str, ...] = ("reserves", "transfers", "debt_service", "new_credit")
REQUIRED: tuple[str, ...] = ("products", "producers", "techniques", "outputs")

_FLOW = "product units per period"
_PER_ACTIVITY = "product units per unit of activity"
_CAPACITY = "capacity units"

_PRODUCTION = (
    table_of(
        "products",
        "What is made, used or traded. A product of one region is a product of its own.",
        key_column("product", "code of the product"),
        name_column(fills="products.names"),
        unit_column("in what it is counted, in this and every other table", fills="products.units"),
        label("region", "region it belongs to; empty: the whole economy", fills="products.regions"),
        amount(
            "price",
            "price in the base period; 1 where the unit is an amount of money",
            unit="currency per product unit",
            fills="products.prices",
        ),
    ),
    table_of(
        "producers",
        "Who owns techniques and capital: workplaces, enterprises or whole branches.",
        key_column("producer", "code of the producer"),
        name_column(fills="producers.names"),
        label("region", "region it works in; empty: the whole economy", fills="producers.regions"),
        label("branch", "branch it is counted in; empty: none", fills="producers.branches"),
    ),
    table_of(
        "techniques",
        "Ways to produce. Several may make one product, and one may make several.",
        key_column("technique", "code of the technique"),
        name_column(fills="techniques.names"),
        link("producer", "who runs it"),
        amount(
            "activity",
            "how much it ran in the base period",
            unit="units of activity per period",
            fills="techniques.activity",
        ),
    ),
    table_of(
        "outputs",
        "What one unit of a technique's activity makes.",
        link("technique", "the technique"),
        link("product", "what it makes"),
        quantity(_PER_ACTIVITY, fills="techniques.output"),
        unit_of("product"),
        key=("technique", "product"),
    ),
    table_of(
        "inputs",
        "What one unit of a technique's activity uses up, home-made and imported together.",
        link("technique", "the technique"),
        link("product", "what it uses"),
        quantity(_PER_ACTIVITY, fills="techniques.use"),
        unit_of("product"),
        key=("technique", "product"),
    ),
    table_of(
        "emissions",
        "What is given off, or taken from nature.",
        key_column("emission", "code of the emission or natural resource"),
        unit_column("in what it is counted", fills="techniques.emission_units"),
    ),
    table_of(
        "emission_rates",
        "What one unit of a technique's activity gives off, or takes from nature.",
        link("technique", "the technique"),
        link("emission", "the emission or natural resource"),
        quantity("emission units per unit of activity", fills="techniques.emissions"),
        unit_of("emission"),
        key=("technique", "emission"),
    ),
)

_RESOURCES = (
    table_of(
        "skills",
        "Kinds of labour and how much of each there is.",
        key_column("skill", "code of the skill"),
        name_column(fills="labour.names"),
        unit_column("in what it is counted: people or hours", fills="labour.units"),
        amount(
            "force",
            "labour that there is in the base period",
            unit="skill units",
            fills="labour.force",
        ),
    ),
    table_of(
        "labour",
        "The labour that one unit of a technique's activity needs.",
        link("technique", "the technique"),
        link("skill", "the skill"),
        quantity("skill units per unit of activity", fills="labour.need"),
        unit_of("skill"),
        key=("technique", "skill"),
    ),
    table_of(
        "capital",
        "Capital items, each measured in the capacity that it gives.",
        key_column("capital", "code of the capital item"),
        name_column(fills="capital.names"),
        link("producer", "who owns it"),
        label("asset", "asset class; empty: all assets in one", fills="capital.assets"),
        amount("capacity", "capacity in the base period", unit=_CAPACITY, fills="capital.capacity"),
        amount(
            "investment",
            "new capacity started in the base period",
            unit=f"{_CAPACITY} per period",
            fills="capital.investment",
            default=0.0,
        ),
        share("depreciation", "share of the capacity that is lost", fills="capital.depreciation"),
        periods(
            "lag",
            "from the start of an investment to its capacity",
            fills="capital.lag",
            least=1,
            default=1,
        ),
    ),
    table_of(
        "capacity_needs",
        "The capacity that one unit of a technique's activity needs.",
        link("technique", "the technique"),
        link("capital", "the capital item", refers="capital"),
        quantity(f"{_CAPACITY} per unit of activity", fills="capital.need"),
        key=("technique", "capital"),
    ),
    table_of(
        "investment_goods",
        "The products that one new unit of capacity is built from.",
        link("capital", "the capital item", refers="capital"),
        link("product", "what it is built from"),
        quantity("product units per unit of new capacity", fills="capital.composition"),
        unit_of("product"),
        key=("capital", "product"),
    ),
    table_of(
        "stocks",
        "Products that may be stored; a product without a row may not.",
        link("product", "what is stored"),
        amount("initial", "stock at the start", unit="product units", fills="stocks.initial"),
        amount(
            "minimum",
            "stock that must stay",
            unit="product units",
            fills="stocks.minimum",
            default=0.0,
        ),
        share("loss", "share of the stock that is lost", fills="stocks.loss", default=0.0),
        unit_of("product"),
    ),
)

_USES = (
    table_of(
        "groups",
        "Groups that consume.",
        key_column("group", "code of the group"),
        name_column(fills="demand.group_names"),
    ),
    table_of(
        "consumption",
        "What each group consumed in the base period.",
        link("group", "who"),
        link("product", "what"),
        quantity(_FLOW, fills="demand.consumption"),
        unit_of("product"),
        key=("group", "product"),
    ),
    table_of(
        "final_use",
        "Final use that belongs to no group, in the base period.",
        link("product", "what"),
        amount(
            "collective",
            "collective consumption: schools, hospitals, administration",
            unit=_FLOW,
            fills="demand.collective",
            default=0.0,
        ),
        balance(
            "other",
            "taken as given: inventories, discrepancies; may be negative",
            unit=_FLOW,
            fills="demand.other",
            default=0.0,
        ),
        unit_of("product"),
    ),
    table_of(
        "trade",
        "Foreign trade in the base period; a product without a row is not traded.",
        link("product", "what"),
        amount("exports", "exports", unit=_FLOW, fills="trade.exports", default=0.0),
        amount(
            "imports_other",
            "imports for all uses but investment",
            unit=_FLOW,
            fills="trade.imports_other",
            default=0.0,
        ),
        amount(
            "imports_investment",
            "imports for investment",
            unit=_FLOW,
            fills="trade.imports_investment",
            default=0.0,
        ),
        amount(
            "export_price",
            "price abroad; 0: not for export",
            unit="foreign currency per product unit",
            fills="trade.export_price",
            default=0.0,
        ),
        amount(
            "import_price",
            "price abroad; 0: not for import",
            unit="foreign currency per product unit",
            fills="trade.import_price",
            default=0.0,
        ),
        most_of(
            "export_limit",
            "most that the world takes; empty: no limit known",
            unit=_FLOW,
            fills="trade.export_limit",
        ),
        unit_of("product"),
    ),
    table_of(
        "accounts",
        "Foreign accounts in the base period; an item without a row is 0.",
        key_column("item", f"one of {', '.join(ACCOUNT_ITEMS)}"),
        balance(
            "amount",
            "how much; only transfers may be negative",
            unit="foreign currency",
            fills="accounts",
        ),
    ),
)

_CHOICES = (
    table_of(
        "projects",
        "Projects that are built once and whole, or not at all.",
        key_column("project", "code of the project"),
        name_column(fills="projects.names"),
        link("capital", "the capital item that it enlarges", refers="capital"),
        amount("capacity", "capacity that it opens", unit=_CAPACITY, fills="projects.capacity"),
        periods("lag", "from the start to the opening", fills="projects.lag", least=1, default=1),
    ),
    table_of(
        "project_costs",
        "What a project takes, and when.",
        link("project", "the project"),
        periods("offset", "from the start of the project", fills="", least=0, default=0),
        link("product", "what it takes"),
        quantity("product units", fills="projects.cost"),
        unit_of("product"),
        key=("project", "offset", "product"),
    ),
    table_of(
        "routes",
        "Transport: one unit of a product here becomes one unit of a product there.",
        key_column("route", "code of the route"),
        link("origin", "the product that is carried away", refers="products"),
        link("destination", "the product that arrives", refers="products"),
        most_of(
            "limit",
            "most that can be carried; empty: no limit",
            unit=_FLOW,
            fills="routes.limit",
        ),
    ),
    table_of(
        "route_needs",
        "What carrying one unit along a route uses up.",
        link("route", "the route"),
        link("product", "what it uses"),
        quantity("product units per unit carried", fills="routes.need"),
        unit_of("product"),
        key=("route", "product"),
    ),
)

TABLES: tuple[TableSchema, ...] = tuple(
    replace(schema, required=schema.name in REQUIRED)
    for schema in (*_PRODUCTION, *_RESOURCES, *_USES, *_CHOICES)
)
"""Every table of the format, in the order in which they are best written."""

_BY_NAME = {schema.name: schema for schema in TABLES}


def table(name: str) -> TableSchema:
    """Return a table by its name (KeyError where there is none)."""
    return _BY_NAME[name]
