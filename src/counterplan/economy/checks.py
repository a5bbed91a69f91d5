"""Checks: what must hold in an economy's base period, with the place and the size where not.

Nothing is changed here. Each check is a function from an economy to findings; its first line
says what must hold, and :data:`CHECKS` lists them.
"""

from collections.abc import Callable, Iterator

import numpy as np
import scipy.sparse as sp
from scipy.optimize import lsq_linear

from counterplan.economy.economy import Economy, Floats
from counterplan.economy.figures import (
    FIELDS,
    codes,
    entries,
    is_field,
    numbers,
    shapes,
    value_of,
)
from counterplan.economy.finding import Finding, Severity, error, note, warning
from counterplan.economy.tables.files import shown
from counterplan.economy.viability import circle_without_surplus
from counterplan.errors import did_you_mean

__all__ = ["CHECKS", "Check", "Finding", "Severity", "check_economy", "product_flows"]

GAP_ERROR = 1e-3  # a balance that misses this share of the product's use is broken
GAP_WARNING = 1e-4
GAP_NOTE = 1e-8  # what is smaller is the computer's rounding; between: of the printed figures
CHANGE_WARNING = 0.05  # a capital stock that would grow or shrink this much faster than the trend
NAMES_MOST = 5
ROUTES_EXACT_MAX = 2_000_000  # products x routes up to which flows are found exactly

Check = Callable[[Economy], Iterator[Finding]]


def check_economy(economy: Economy) -> list[Finding]:
    """Return everything that the checks find, errors first.

    Checks of accounts are only made where the figures themselves are sound.
    """
    found = [finding for check in SOUND for finding in check(economy)]
    if not found:
        found = [finding for check in CHECKS[len(SOUND) :] for finding in check(economy)]
    order = list(Severity)
    return sorted(found, key=lambda finding: order.index(finding.severity))


def product_flows(economy: Economy) -> tuple[Floats, Floats]:
    r"""Return what comes in and what goes out of each product in the base period, both [n].

    .. math:: \text{in}_i = \sum_j V_{ij} x_j + m_i, \qquad
              \text{out}_i = \sum_j U_{ij} x_j + \sum_e B_{ie} J_e + c_i + g_i + o_i + e_i

    Imports m, consumption c, collective consumption g, other final use o, exports e.
    Negative other use counts as coming in. What routes carry is found by
    :func:`carried`, since the base period's freight is not data. Product units.
    """
    techniques, trade, demand = economy.techniques, economy.trade, economy.demand
    supply = techniques.output @ techniques.activity + trade.imports_other
    supply = supply + trade.imports_investment + np.maximum(-demand.other, 0.0)
    use = techniques.use @ techniques.activity + demand.consumption.sum(axis=1)
    use = use + economy.capital.composition @ economy.capital.investment
    use = use + demand.collective + np.maximum(demand.other, 0.0) + trade.exports
    return np.asarray(supply), np.asarray(use)


def carried(economy: Economy, gap: Floats, scale: Floats) -> Floats:
    r"""Return what routes add to each product [n]: the freight that closes the gaps best.

    .. math:: \min_{0 \le w \le \bar w} \sum_i \big((g_i + \sum_l F_{il} w_l) / z_i\big)^2

    g the gap without routes, F the routes' effect, z the product's size.
    """
    routes, n = economy.routes, len(economy.products)
    if not len(routes):
        return np.zeros(n)
    lines, ones = np.arange(len(routes)), np.ones(len(routes))
    effect = sp.csc_array((ones, (routes.destination, lines)), shape=(n, len(routes)))
    effect = effect - sp.csc_array((ones, (routes.origin, lines)), shape=(n, len(routes)))
    effect = effect - routes.need
    scaled = sp.diags_array(1 / scale) @ effect
    small = n * len(routes) <= ROUTES_EXACT_MAX
    # Limits of zero leave nothing to find, and the solver wants room between its bounds.
    most = np.maximum(routes.limit, 1e-12 * float(scale.max()))
    found = lsq_linear(
        scaled.toarray() if small else sp.csr_array(scaled),
        -gap / scale,
        bounds=(0, most),
        method="bvls" if small else "trf",
        tol=1e-14,
    )
    return np.asarray(effect @ found.x)


def product_balance(economy: Economy) -> Iterator[Finding]:
    """What was made and imported is what was used, invested, consumed and exported."""
    supply, use = product_flows(economy)
    scale = np.maximum(np.maximum(supply, use), np.finfo(float).tiny)
    reach = np.where(supply + use > 0, scale, scale.max())
    gap = supply - use + carried(economy, supply - use, reach)
    share = np.abs(gap) / reach
    for i in np.flatnonzero(share > GAP_NOTE):
        unit, code = economy.products.units[i], economy.products.codes[i]
        word = "left over" if gap[i] > 0 else "missing"
        thing = f"{abs(gap[i]):.6g} {unit} are {word} ({share[i]:.2%} of {reach[i]:.6g} {unit})"
        make = error if share[i] > GAP_ERROR else warning if share[i] > GAP_WARNING else note
        mend = "correct a flow, enter the difference as other final use, or balance the table"
        if share[i] <= GAP_WARNING:
            mend = "nothing to do: the figures are rounded"
        yield make("product_balance", f"product '{code}'", thing, mend=mend, size=float(share[i]))


def labour_force(economy: Economy) -> Iterator[Finding]:
    """Nobody worked in the base period who was not there."""
    used = np.asarray(economy.labour.need @ economy.techniques.activity)
    yield from _beyond(
        "labour_force",
        [f"skill '{code}'" for code in economy.labour.codes],
        used,
        economy.labour.force,
        mend="raise the force, or correct the labour that techniques need",
    )


def capacity(economy: Economy) -> Iterator[Finding]:
    """Nothing ran in the base period beyond its capacity."""
    used = np.asarray(economy.capital.need @ economy.techniques.activity)
    yield from _beyond(
        "capacity",
        [f"capital '{code}'" for code in economy.capital.codes],
        used,
        economy.capital.capacity,
        mend="raise the capacity, or correct the activity",
    )


def export_limits(economy: Economy) -> Iterator[Finding]:
    """No more was exported than the world takes."""
    yield from _beyond(
        "export_limits",
        [f"product '{code}'" for code in economy.products.codes],
        economy.trade.exports,
        economy.trade.export_limit,
        mend="raise the limit, or leave it empty",
    )


def _beyond(
    check: str, places: list[str], used: Floats, there: Floats, *, mend: str
) -> Iterator[Finding]:
    limited = np.where(np.isfinite(there), there, used)
    excess = (used - limited) / np.maximum(np.maximum(used, limited), np.finfo(float).tiny)
    for i in np.flatnonzero(excess > GAP_NOTE):
        thing = f"{used[i]:.6g} were used and {there[i]:.6g} were there"
        make = error if excess[i] > GAP_ERROR else warning
        yield make(check, places[i], thing, mend=mend, size=float(excess[i]))


def capital_accumulation(economy: Economy) -> Iterator[Finding]:
    r"""Investment keeps the capital stock on its trend: J = (delta + g) K, near enough.

    Not an identity: capital may really grow or shrink. The plan starts from here, though.
    """
    capital = economy.capital
    kept = (capital.depreciation + economy.trend.growth) * capital.capacity
    there = capital.capacity > 0
    change = np.sign(capital.investment)
    np.divide(capital.investment - kept, capital.capacity, out=change, where=there)
    for e in np.flatnonzero(np.abs(change) > CHANGE_WARNING):
        thing = (
            f"investment of {capital.investment[e]:.6g} makes the capacity of "
            f"{capital.capacity[e]:.6g} {'grow' if change[e] > 0 else 'shrink'} by "
            f"{abs(change[e]):.1%} more than the trend"
        )
        mend = f"check investment and depreciation; {kept[e]:.6g} would keep it on the trend"
        place = f"capital '{capital.codes[e]}'"
        size = float(abs(change[e]))
        yield warning("capital_accumulation", place, thing, mend=mend, size=size)


def technique_outputs(economy: Economy) -> Iterator[Finding]:
    """Every technique makes something."""
    made = np.asarray(economy.techniques.output.sum(axis=0))
    for j in np.flatnonzero(made <= 0):
        place = f"technique '{economy.techniques.codes[j]}'"
        yield error("technique_outputs", place, "it makes nothing", mend="give it an output")


def unmade_products(economy: Economy) -> Iterator[Finding]:
    """What is used is made, imported, carried in, or in stock."""
    made = np.asarray(economy.techniques.output.sum(axis=1)) > 0
    trade = economy.trade
    there = made | (trade.imports_other > 0) | (trade.imports_investment > 0)
    there |= (economy.stocks.initial > 0) | (economy.demand.other < 0)
    there[economy.routes.destination] = True
    _, use = product_flows(economy)
    wanted = (use > 0) | (np.asarray(economy.techniques.use.sum(axis=1)) > 0)
    for i in np.flatnonzero(wanted & ~there):
        place = f"product '{economy.products.codes[i]}'"
        mend = "add a technique that makes it, imports, or a route"
        yield error("unmade_products", place, "it is used and comes from nowhere", mend=mend)


def viability(economy: Economy) -> Iterator[Finding]:
    """The techniques together can make more of every product than they use up."""
    circle = circle_without_surplus(economy)
    if circle is None:
        return
    products, trade = economy.products, economy.trade
    names = shown([products.codes[i] for i in circle.products], NAMES_MOST)
    branch = economy.branch_of_technique()[circle.technique]
    technique = economy.techniques.codes[circle.technique]
    thing = f"for each unit of {names} that is made, {circle.radius:.4g} are used up"
    imported = trade.imports_other + trade.imports_investment > 0
    lives_on_imports = bool(imported[circle.products].all())
    make = warning if lives_on_imports else error
    if lives_on_imports:
        thing += "; it lives on imports"
    mend = f"check the inputs and outputs of technique '{technique}' (units, a misplaced point)"
    yield make("viability", f"branch '{branch}'", thing, mend=mend, size=circle.radius)


def isolated_products(economy: Economy) -> Iterator[Finding]:
    """Every product is made, used or traded by somebody."""
    supply, use = product_flows(economy)
    techniques, routes = economy.techniques, economy.routes
    touched = (supply > 0) | (use > 0)
    for matrix in (techniques.output, techniques.use, economy.capital.composition, routes.need):
        touched |= np.asarray(matrix.sum(axis=1)) > 0
    touched[routes.origin] = touched[routes.destination] = True
    for cost in economy.projects.cost:
        for product, _, _ in cost:
            touched[product] = True
    alone = [economy.products.codes[i] for i in np.flatnonzero(~touched)]
    if len(alone) == 1:
        thing = "nobody makes, uses or trades it"
        mend = "delete it, or enter its flows"
        yield warning("isolated_products", f"product '{alone[0]}'", thing, mend=mend)
    elif alone:
        thing = f"nobody makes, uses or trades {len(alone)} of {len(touched)} products"
        place = f"products {shown(alone, NAMES_MOST)}"
        mend = "delete them, or enter their flows"
        size = len(alone) / len(touched)
        yield warning("isolated_products", place, thing, mend=mend, size=size)


def units(economy: Economy) -> Iterator[Finding]:
    """Every product has a unit, and a route does not change it."""
    products, routes = economy.products, economy.routes
    for code, unit in zip(products.codes, products.units, strict=True):
        if not unit:
            yield warning("units", f"product '{code}'", "it has no unit", mend="state one")
    for code, start, end in zip(routes.codes, routes.origin, routes.destination, strict=True):
        if products.units[start] != products.units[end]:
            thing = f"it turns '{products.units[start]}' into '{products.units[end]}'"
            mend = "count both products in one unit"
            yield error("units", f"route '{code}'", thing, mend=mend)


def technique_values(economy: Economy) -> Iterator[Finding]:
    """At base prices no technique uses up more than it makes."""
    prices = economy.products.prices
    made = np.asarray(economy.techniques.output.T @ prices)
    used = np.asarray(economy.techniques.use.T @ prices)
    for j in np.flatnonzero((used > made * (1 + GAP_NOTE)) & (economy.techniques.activity > 0)):
        place = f"technique '{economy.techniques.codes[j]}'"
        thing = f"at base prices it makes {made[j]:.6g} from products worth {used[j]:.6g}"
        size = float((used[j] - made[j]) / used[j])
        mend = "check its inputs and the prices; a subsidy would explain it"
        yield warning("technique_values", place, thing, mend=mend, size=size)


def trade_prices(economy: Economy) -> Iterator[Finding]:
    """What is traded has a price abroad."""
    trade = economy.trade
    bought = (trade.imports_other + trade.imports_investment > 0) & (trade.import_price <= 0)
    sold = (trade.exports > 0) & (trade.export_price <= 0)
    for word, missing in (("imported", bought), ("exported", sold)):
        for i in np.flatnonzero(missing):
            place = f"product '{economy.products.codes[i]}'"
            thing = f"it is {word} and has no price abroad"
            yield error("trade_prices", place, thing, mend="enter one in foreign currency")


def foreign_balance(economy: Economy) -> Iterator[Finding]:
    """Exports and new credit paid for imports, debt service and transfers."""
    trade, accounts = economy.trade, economy.accounts
    earned = float(trade.exports @ trade.export_price) + accounts.new_credit
    imports = trade.imports_other + trade.imports_investment
    spent = float(imports @ trade.import_price) + accounts.debt_service + accounts.transfers
    size = abs(earned - spent) / max(abs(earned), abs(spent), np.finfo(float).tiny)
    if size > GAP_NOTE:
        thing = f"{earned:.6g} {trade.currency} came in and {spent:.6g} went out"
        mend = "enter the difference as transfers, or say in the notes that reserves moved"
        make = warning if size > GAP_WARNING else note
        yield make("foreign_balance", "foreign accounts", thing, mend=mend, size=size)


def stock_levels(economy: Economy) -> Iterator[Finding]:
    """Stocks are of products that may be stored, and start above their minimum."""
    stocks = economy.stocks
    for i in np.flatnonzero(~stocks.storable & (stocks.initial + stocks.minimum > 0)):
        place = f"product '{economy.products.codes[i]}'"
        thing = "it has a stock and may not be stored"
        yield error("stock_levels", place, thing, mend="make it storable, or delete the stock")
    for i in np.flatnonzero(stocks.storable & (stocks.minimum > stocks.initial)):
        place = f"product '{economy.products.codes[i]}'"
        thing = f"the stock of {stocks.initial[i]:.6g} is below its minimum"
        mend = f"lower the minimum of {stocks.minimum[i]:.6g}, or expect the plan to fill it first"
        yield warning("stock_levels", place, thing, mend=mend)


def regions(economy: Economy) -> Iterator[Finding]:
    """Every region that a product names has a producer: a guard against slips in spelling."""
    known = set(economy.producers.regions) | {""}
    for region in dict.fromkeys(economy.products.regions):
        if region not in known:
            mend = did_you_mean(region, known) or "check the spelling"
            thing = "it has products and no producers"
            yield note("regions", f"region '{region}'", thing, mend=mend)


def sources(economy: Economy) -> Iterator[Finding]:
    """Every figure has a source and a grade, and every statement is about a figure."""
    stated = economy.provenance
    silent = [
        field
        for field in FIELDS
        if field not in stated
        and field.partition(".")[0] not in stated
        and np.any(entries(value_of(economy, field)))
    ]
    if silent:
        thing = f"{len(silent)} fields have none: {shown(silent)}"
        mend = "state where the figures come from, and their grade"
        size = len(silent) / len(FIELDS)
        yield note("sources", "sources and grades", thing, mend=mend, size=size)
    for field in stated:
        if not is_field(field):
            mend = did_you_mean(field, FIELDS) or "name a field such as 'techniques.use'"
            thing = "a source is given for a field that there is not"
            yield warning("sources", f"provenance '{field}'", thing, mend=mend)


SOUND: tuple[Check, ...] = (shapes, codes, numbers)
CHECKS: tuple[Check, ...] = (
    *SOUND,
    technique_outputs,
    product_balance,
    labour_force,
    capacity,
    capital_accumulation,
    unmade_products,
    viability,
    isolated_products,
    units,
    technique_values,
    trade_prices,
    export_limits,
    foreign_balance,
    stock_levels,
    regions,
    sources,
)
"""Every check; those of the figures themselves come first."""
