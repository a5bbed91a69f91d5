"""Round an economy's figures and keep its identities exact."""

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from counterplan.economy.derive.prices import base_balance, base_prices
from counterplan.economy.derive.record import PAY, pay_note
from counterplan.economy.economy import Economy, Floats, Sparse

DIGITS = 5


def rounded(economy: Economy, *, discount: float) -> Economy:
    r"""Return the economy with five significant digits, its identities still exact.

    What rounding breaks is put where it can be seen: the balance of each product is closed by
    ``demand.other``; capacity is activity, investment (delta + g) times it, the labour force
    and ``accounts.transfers`` are what the rounded figures give; and the need of the skill in
    the middle carries what keeps base prices of 1 a steady state. Those fields keep all their
    digits, for they are not figures of a source but results.

    Parameters
    ----------
    economy
        A derived economy: one capital item a technique, of one unit per unit of activity.
    discount
        rho, with which it was derived [per year].
    """
    techniques, capital, trade = economy.techniques, economy.capital, economy.trade
    activity = significant(techniques.activity)
    depreciation = significant(capital.depreciation)
    first = replace(
        economy,
        techniques=replace(
            techniques,
            activity=activity,
            use=significant_sparse(techniques.use),
            emissions=significant_sparse(techniques.emissions),
        ),
        capital=replace(
            capital,
            composition=significant_sparse(capital.composition),
            capacity=activity.copy(),
            depreciation=depreciation,
            investment=(depreciation + economy.trend.growth) * activity,
        ),
        demand=replace(
            economy.demand,
            consumption=significant(economy.demand.consumption),
            collective=significant(economy.demand.collective),
            other=significant(economy.demand.other),
        ),
        trade=replace(
            trade,
            exports=significant(trade.exports),
            imports_other=significant(trade.imports_other),
            imports_investment=significant(trade.imports_investment),
            export_limit=significant(trade.export_limit),
        ),
    )
    pay = significant(base_prices(economy, discount=discount).pay)
    return closed(with_rounded_labour(first, pay=pay, discount=discount))


def with_rounded_labour(economy: Economy, *, pay: Floats, discount: float) -> Economy:
    """Round needs of labour; the middle skill's need covers what ``pay`` leaves of the output."""
    need = significant(economy.labour.need.toarray())
    middle = len(pay) // 2
    need[middle] = 0.0
    costs = base_prices(economy, discount=discount)
    value = economy.products.prices @ economy.techniques.output
    need[middle] = (value - costs.products - costs.capital - pay @ need) / pay[middle]
    force = need @ economy.techniques.activity
    labour = replace(economy.labour, need=sp.csc_array(need), force=force)
    paid = pay_note(labour.codes, pay, unit=economy.currency)
    notes = tuple(paid if note.startswith(PAY) else note for note in economy.notes)
    return replace(economy, labour=labour, notes=notes)


def closed(economy: Economy) -> Economy:
    """Put what rounding left of each product into other final use, and say how much it was."""
    left = base_balance(economy)
    trade = economy.trade
    surplus = trade.exports.sum() - trade.imports_other.sum() - trade.imports_investment.sum()
    worst = int(np.abs(left).argmax())
    note = (
        f"Figures are rounded to {DIGITS} significant digits; other final use carries the "
        f"remainders of the balances, {np.abs(left).sum():.3g} {economy.currency} in all and "
        f"{abs(left[worst]):.2g} at most (product {economy.products.codes[worst]})."
    )
    return replace(
        economy,
        demand=replace(economy.demand, other=economy.demand.other + left),
        accounts=replace(economy.accounts, transfers=float(surplus)),
        notes=(*economy.notes, note),
    )


def significant(values: Floats) -> Floats:
    """Round each number to five significant digits; infinities stay."""
    flat = [float(f"{value:.{DIGITS}g}") for value in np.asarray(values).ravel()]
    return np.array(flat, dtype=np.float64).reshape(np.shape(values))


def significant_sparse(matrix: Sparse) -> Sparse:
    """Round the entries of a sparse matrix to five significant digits."""
    copy = sp.csc_array(matrix, copy=True)
    return sp.csc_array((significant(copy.data), copy.indices, copy.indptr), shape=copy.shape)
