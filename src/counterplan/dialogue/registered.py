"""Registered models: a producer's own techniques and capital in place of the centre's picture.

The centre knows a producer from its statistics; the producer knows itself. A model that it
registers holds its own techniques, with their joint products, and its own capital. The dialogue is
about the economy in which every registered model has the place of the centre's picture of its
producer: its model answers from it, its bounds are proved on it, and the whole plan is certified
with it. The first offer and the drafts, and what answers are held against
(:mod:`counterplan.dialogue.register`), stay the centre's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from counterplan.economy.economy import Bools, Capital, Economy, Integers, Sparse, position
from counterplan.errors import InputError


@dataclass(frozen=True)
class LocalModel:
    """What a producer registers of itself.

    Attributes
    ----------
    producer
        Its code.
    own
        An economy with the same products, skills and emissions, of which only this producer's
        techniques and capital are read.
    """

    producer: str
    own: Economy


def with_models(economy: Economy, models: Sequence[LocalModel]) -> Economy:
    """Return an economy in which registered models have the place of the centre's pictures.

    Parameters
    ----------
    economy
        The centre's picture of everybody.

    Raises
    ------
    InputError
        For a producer that is not there or registers twice, for a model in other words than the
        centre's, for capital that is shared with others, and for codes that others have.
    """
    for model in models:
        check_model(economy, model)
    whose = [model.producer for model in models]
    for code in whose:
        if whose.count(code) > 1:
            raise InputError(
                "registers two models", place=f"model of '{code}'", mend="register one"
            )
    for model in models:
        economy = with_model(economy, model)
    return economy


def check_model(economy: Economy, model: LocalModel) -> None:
    """Refuse a model of somebody who is not there, or in other words than the centre's."""
    place, own = f"model of '{model.producer}'", model.own
    for picture in (economy, own):
        s = position(picture.producers.codes, model.producer, what="producer")
        refuse_shared(picture, s, place=place)
    for what, there, here in (
        ("products", economy.products.codes, own.products.codes),
        ("skills", economy.labour.codes, own.labour.codes),
        ("emissions", economy.techniques.emission_codes, own.techniques.emission_codes),
    ):
        if there != here:
            raise InputError(
                f"speaks of other {what} than the centre",
                place=place,
                mend=f"list the {what} of the centre's economy, in its order",
            )
    if len(economy.projects):
        raise InputError(
            "projects enlarge capital by its place, and a model brings its own",
            place=place,
            mend="leave the projects out, or the model",
        )


def refuse_shared(economy: Economy, producer: int, *, place: str) -> None:
    """Refuse capital of a producer that others use, and others' that it uses."""
    need = sp.coo_array(economy.capital.need)
    item, technique = need.coords
    mine = np.equal(economy.capital.producer[item], producer)
    ours = np.equal(economy.techniques.producer[technique], producer)
    apart = np.flatnonzero((mine != ours) & (need.data != 0))
    if apart.size:
        code = economy.capital.codes[item[apart[0]]]
        raise InputError(
            f"the capital item '{code}' is shared with others",
            place=place,
            mend="register a model with capital of the producer's own",
        )


def with_model(economy: Economy, model: LocalModel) -> Economy:
    """Return an economy with one producer's techniques and capital from its own model."""
    own = model.own
    s = position(economy.producers.codes, model.producer, what="producer")
    mine = position(own.producers.codes, model.producer, what="producer")
    others, techniques = economy.techniques, own.techniques
    left, kept = np.not_equal(others.producer, s), np.equal(techniques.producer, mine)
    items_left = np.not_equal(economy.capital.producer, s)
    items_kept = np.equal(own.capital.producer, mine)
    place = f"model of '{model.producer}'"
    return replace(
        economy,
        techniques=replace(
            others,
            codes=joined(others.codes, techniques.codes, left, kept, place=place),
            names=both(others.names, techniques.names, left, kept),
            producer=owners(others.producer[left], s, int(kept.sum())),
            use=beside(others.use, techniques.use, left, kept),
            output=beside(others.output, techniques.output, left, kept),
            activity=np.concatenate([others.activity[left], techniques.activity[kept]]),
            emissions=beside(others.emissions, techniques.emissions, left, kept),
        ),
        labour=replace(
            economy.labour, need=beside(economy.labour.need, own.labour.need, left, kept)
        ),
        capital=replace(
            capital_of(economy.capital, own.capital, items_left, items_kept, producer=s),
            codes=joined(
                economy.capital.codes, own.capital.codes, items_left, items_kept, place=place
            ),
            need=sp.csc_array(
                sp.block_diag(
                    [
                        sp.csr_array(economy.capital.need)[items_left][:, left],
                        sp.csr_array(own.capital.need)[items_kept][:, kept],
                    ]
                )
            ),
        ),
    )


def capital_of(
    centre: Capital, own: Capital, left: Bools, kept: Bools, *, producer: int
) -> Capital:
    """Return the capital of others and of the model, but for its codes and needs."""
    return replace(
        centre,
        names=both(centre.names, own.names, left, kept),
        producer=owners(centre.producer[left], producer, int(kept.sum())),
        assets=both(centre.assets, own.assets, left, kept),
        composition=beside(centre.composition, own.composition, left, kept),
        capacity=np.concatenate([centre.capacity[left], own.capacity[kept]]),
        investment=np.concatenate([centre.investment[left], own.investment[kept]]),
        depreciation=np.concatenate([centre.depreciation[left], own.depreciation[kept]]),
        lag=np.concatenate([centre.lag[left], own.lag[kept]]),
    )


def owners(others: Integers, producer: int, count: int) -> Integers:
    """Return the owners of others' things and of so many of the producer's."""
    return np.concatenate([others, np.full(count, producer)])


def beside(one: Sparse, other: Sparse, left: Bools, kept: Bools) -> Sparse:
    """Return some columns of one matrix and, after them, some of another."""
    parts = [sp.csc_array(one)[:, left], sp.csc_array(other)[:, kept]]
    return sp.csc_array(sp.hstack(parts, format="csc"))


def both(one: Sequence[str], other: Sequence[str], left: Bools, kept: Bools) -> tuple[str, ...]:
    """Return some texts of one list and, after them, some of another."""
    return (
        *(one[k] for k in np.flatnonzero(left).tolist()),
        *(other[k] for k in np.flatnonzero(kept).tolist()),
    )


def joined(
    one: Sequence[str], other: Sequence[str], left: Bools, kept: Bools, *, place: str
) -> tuple[str, ...]:
    """Return codes, and refuse one that two things have."""
    codes = both(one, other, left, kept)
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise InputError(f"the code '{twice[0]}' is another's", place=place, mend="give it another")
    return codes
