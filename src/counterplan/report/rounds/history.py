"""The mixture of every round of a dialogue, as it was saved."""

from pathlib import Path

from counterplan.dialogue.master import Mixture
from counterplan.dialogue.records import closed_of
from counterplan.dialogue.saved import ROUNDS, restart
from counterplan.dialogue.sealed import read_sealed

Mixtures = tuple[Mixture | None, ...]


def saved_mixtures(folder: Path, rounds: int) -> Mixtures:
    """Return the mixture in force after each of the finished rounds; None before there was one.

    Parameters
    ----------
    folder
        Of the dialogue.

    Raises
    ------
    InputError
        Where the file of a round is damaged or missing.
    """
    paths = [folder / ROUNDS / f"{number + 1:04d}.npz" for number in range(rounds)]
    return tuple(
        closed_of(read_sealed(path, mend=restart(number))).mixture
        for number, path in enumerate(paths)
    )
