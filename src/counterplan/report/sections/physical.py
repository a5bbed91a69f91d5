"""Physical: goods in their own units, projects, transport between regions, emissions."""

import numpy as np

from counterplan.plan.plan import Plan
from counterplan.report.blocks import Row, Section, Table
from counterplan.report.draft import EXTERNAL, PRODUCTION, Draft, row
from counterplan.report.frames import line
from counterplan.report.names import clean
from counterplan.report.numbers import figure

LARGE = 100.0


def physical(draft: Draft) -> Section | None:
    """Return goods in their own units, projects, routes and emissions, where there are any."""
    goods = goods_table(draft)
    made = (goods, project_table(draft), route_table(draft), emission_table(draft))
    tables = tuple(table for table in made if table is not None)
    if not tables:
        return None
    title = "Projects, transport and emissions"
    if goods is not None:
        title = "Goods in their own units, projects, transport and emissions"
    return Section("physical", title, tables)


def in_money(plan: Plan) -> bool:
    """Return whether every product is counted in the economy's currency, of whatever year."""
    units = set(plan.economy.products.units)
    return len(units) == 1 and units.pop().startswith(plan.economy.currency)


def goods_table(draft: Draft) -> Table | None:
    """Return what is made, consumed and traded of each product in its own unit."""
    found = draft.findings
    plan, economy = found.plan, found.plan.economy
    if in_money(plan):
        return None
    products, demand, trade = economy.products, economy.demand, economy.trade
    eaten = plan.consumption().groupby(level="product").sum()
    flows = {
        "made": (economy.techniques.output @ economy.techniques.activity, plan.output()),
        "consumed": (demand.consumption.sum(axis=1) + demand.collective, eaten),
        "imported": (trade.imports_other + trade.imports_investment, plan.imports()),
        "exported": (trade.exports, plan.exports()),
    }
    rows = []
    for i, (code, unit) in enumerate(zip(products.codes, products.units, strict=True)):
        for word, (base, table) in flows.items():
            if code not in table.index:
                continue
            amounts = [float(base[i]), *line(table, code)]
            if max(amounts) > 0:
                digits = 0 if max(amounts) >= LARGE else 1
                cells = [figure(value, digits=digits) for value in amounts]
                rows.append(row(f"{found.names.products[code]}, {word}, {clean(unit)}", cells))
    fields = (*PRODUCTION, *EXTERNAL)
    return draft.clipped(
        Table(
            caption="Goods in their own units",
            head=("", f"observed in {draft.when(str(economy.base_period))}", *draft.heads),
            rows=tuple(rows),
            note=draft.cited(*fields, by="Plan.quantity"),
            estimated=found.estimated(*fields),
        )
    )


def project_table(draft: Draft) -> Table | None:
    """Return which projects are begun, and when."""
    plan = draft.findings.plan
    projects = plan.economy.projects
    if not len(projects):
        return None
    begun = np.round(plan.quantity("project"))
    rows = []
    for p, (code, name) in enumerate(zip(projects.codes, projects.names, strict=True)):
        starts = [year for t, year in enumerate(plan.years) if begun[p, t] > 0.5]
        opens = f"{int(projects.lag[p])} {clean(plan.economy.period)}s later"
        said = f"begun in {draft.when(starts[0])}, opens {opens}" if starts else "not begun"
        rows.append(Row((clean(name or code), said)))
    return Table(
        caption="Projects, built whole or not at all",
        head=("", "decision"),
        rows=tuple(rows),
        note=draft.cited("projects", by="docs/plan/projects.md"),
        texts=2,
    )


def route_table(draft: Draft) -> Table | None:
    """Return what each route carries."""
    plan = draft.findings.plan
    routes, products = plan.economy.routes, plan.economy.products
    if not len(routes):
        return None
    carried = plan.table(plan.quantity("shipment"), routes.codes, name="route")
    rows = []
    for route, code in enumerate(routes.codes):
        origin, destination = int(routes.origin[route]), int(routes.destination[route])
        named = (
            f"{clean(code)}: {clean(products.names[origin])} to "
            f"{clean(products.names[destination])}, {clean(products.units[origin])}"
        )
        rows.append(row(named, [figure(v, digits=0) for v in line(carried, code)]))
    table = Table(
        caption="What is carried between regions",
        head=("", *draft.heads),
        rows=tuple(rows),
        note=draft.cited("routes", by="docs/plan/transport.md"),
    )
    return draft.clipped(table)


def emission_table(draft: Draft) -> Table | None:
    """Return emissions of all techniques and the natural resources they use."""
    plan = draft.findings.plan
    techniques = plan.economy.techniques
    if not techniques.emission_codes:
        return None
    given_off = techniques.emissions @ plan.quantity("activity")
    observed = techniques.emissions @ techniques.activity
    table = plan.table(np.asarray(given_off), techniques.emission_codes, name="emission")
    rows = []
    for q, (code, unit) in enumerate(
        zip(techniques.emission_codes, techniques.emission_units, strict=True)
    ):
        amounts = (float(observed[q]), *line(table, code))
        cells = [figure(value, digits=0 if amounts[0] >= 100 else 2) for value in amounts]
        rows.append(row(f"{clean(code).replace('_', ' ')}, {clean(unit)}", cells))
    fields = ("techniques.emissions",)
    return Table(
        caption="Emissions and natural resources, all techniques",
        head=("", f"observed in {draft.when(str(plan.economy.base_period))}", *draft.heads),
        rows=tuple(rows),
        note=draft.cited(*fields, by="docs/plan/emissions.md"),
        estimated=draft.findings.estimated(*fields),
    )
