"""How offers reach the producers, and their answers the centre.

A transport knows when to stop waiting; the centre knows only what has arrived. In one process it is
:class:`counterplan.dialogue.workplaces.Workplaces`; others bring the same answers from elsewhere.
"""

from collections.abc import Iterator
from typing import Protocol

from counterplan.dialogue.exchange import Answers, Offer
from counterplan.economy.economy import Bools


class Transport(Protocol):
    """A way to the producers and back."""

    def ask(self, offer: Offer, whom: Bools) -> Iterator[Answers]:
        """Make an offer to some producers, and yield batches of answers as they arrive.

        The iteration ends when everybody has answered or the transport's own deadline has passed.

        Parameters
        ----------
        whom
            [S] who is asked.

        Yields
        ------
        Answers to this offer; late ones to an older offer too, as ``offer.number`` tells. A
        producer may answer twice, or not at all.
        """
        ...
