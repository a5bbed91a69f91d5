"""What passes between the centre and the producers: offers, and the answers to them."""

from dataclasses import dataclass

from counterplan.economy.economy import Bools, Floats


@dataclass(frozen=True)
class Offer:
    """What the centre tells every producer.

    Attributes
    ----------
    number
        Counts the offers from 0.
    valuations
        [L] what one more unit on the right-hand side of each shared rule is worth.
    own_costs
        1 where a producer weighs its own costs as the mandate does; 0 where the centre only asks
        what is possible.
    """

    number: int
    valuations: Floats
    own_costs: float = 1.0


@dataclass(frozen=True)
class Answers:
    """One proposal of each producer that answered.

    Attributes
    ----------
    answered
        [S] who did.
    shares
        [L x S] what each proposal puts into each shared rule.
    values
        [S] what each proposal is worth to the mandate by itself: less its own costs.
    bounds
        [S] a proved bound on what any proposal of the producer is worth at the offer.
    courses
        [N] the proposals themselves: every producer's own variables. They stay at home.
    duals
        [R] what proves the bounds. They stay at home too.
    """

    offer: Offer
    answered: Bools
    shares: Floats
    values: Floats
    bounds: Floats
    courses: Floats
    duals: Floats
