"""The files beside a dialogue: quotas that producers ask for, and overrides of their models."""

import errno
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterplan.errors import InputError

if TYPE_CHECKING:
    from counterplan.dialogue.quota import Listed
    from counterplan.dialogue.register import Register
    from counterplan.dialogue.rounds import Dialogue, State
    from counterplan.dialogue.statement import Words
    from counterplan.dialogue.terms import Terms
    from counterplan.dialogue.turns import Turns

ONCE, LASTING = "once", "until withdrawn"
OVERRIDES_MAX = 10_000


@dataclass(frozen=True)
class Papers:
    """What was handed in with the command; None where a file was not given.

    Attributes
    ----------
    overrides
        As terms keep them.
    """

    quotas: "Listed | None" = None
    overrides: tuple[dict[str, Any], ...] | None = None

    def terms(self, old: "Terms") -> "Terms":
        """Return what is to stand: of what was not handed in, what stood before."""
        from counterplan.dialogue.terms import Terms

        return Terms(
            old.quotas if self.quotas is None else self.quotas.quotas,
            old.overrides if self.overrides is None else self.overrides,
        )


NO_PAPERS = Papers()


def read_papers(
    dialogue: "Dialogue", register: "Register", *, quotas: Path | None, overrides: Path | None
) -> Papers:
    """Read the files that were handed in, and refuse what nobody could keep.

    Raises
    ------
    InputError
        Naming the file, the row, and the mend.
    """
    listed = None
    if quotas is not None:
        from counterplan.dialogue.quota import read_quotas
        from counterplan.dialogue.turns import check_quotas_kept

        given = dialogue.parts.problem.outlook
        listed = read_quotas(quotas, given.economy, given.periods)
        check_quotas_kept(dialogue, listed)
    written = None
    if overrides is not None:
        written = tuple(read_overrides(overrides, register.reading.words))
    return Papers(listed, written)


def read_overrides(path: Path, words: "Words") -> Iterator[dict[str, Any]]:
    """Yield the overrides in a CSV file: ``proposal``, a JSON file; ``lasts``; ``reason``.

    Raises
    ------
    InputError
        Naming the row or the proposal's file, what is wrong, and the mend.
    """
    from counterplan.dialogue.quota import reason_of, refuse_forbidden
    from counterplan.economy.tables.frames import open_csv

    rows = open_csv(path, required=("proposal", "lasts"), optional=("reason",))
    if len(rows) > OVERRIDES_MAX:
        raise InputError(f"there are more than {OVERRIDES_MAX:,} overrides", place=path.name)
    seen: dict[tuple[str, int | None], str] = {}
    for row in rows:
        lasts, reason = row.text("lasts"), reason_of(row)
        if lasts not in (ONCE, LASTING):
            raise InputError(
                f"'{lasts}' does not say how long it lasts",
                place=row.place("lasts"),
                mend=f"write '{ONCE}' or '{LASTING}'",
            )
        refuse_forbidden(row, "proposal", row.text("proposal"))
        form = form_in(path.parent, row.text("proposal"), words, place=row.place("proposal"))
        key = (str(form["producer"]), None if lasts == LASTING else int(form["offer"]))
        if key in seen:
            raise InputError(
                f"'{key[0]}' is overridden for the same offers in {seen[key]} already",
                place=row.place(),
                mend="leave one of the two",
            )
        seen[key] = row.place()
        yield {
            "producer": form["producer"],
            "form": form,
            "lasting": lasts == LASTING,
            "reason": reason,
            "place": row.place(),
        }


def form_in(folder: Path, name: str, words: "Words", *, place: str) -> dict[str, Any]:
    """Return the wire form of a proposal, after reading it as strictly as any.

    Parameters
    ----------
    folder, name
        The file's place: nothing outside the folder is opened.
    """
    import json

    from counterplan.dialogue.wire import BYTES_MAX, parse_proposal

    path = folder / name
    try:
        refuse_elsewhere(folder, path)
        with path.open("rb") as file:
            text = file.read(BYTES_MAX + 1)
    except (OSError, RuntimeError) as error:
        why = getattr(error, "strerror", None) or error
        raise InputError(
            f"the proposal '{path.name}' cannot be read: {why}",
            place=place,
            mend="give the name of a file beside this one",
        ) from None
    try:
        parse_proposal(words, text)
    except InputError as error:
        where = f"{place}, file '{path.name}': {error.place}"
        raise InputError(error.thing, place=where, mend=error.mend) from None
    form: dict[str, Any] = json.loads(text)
    return form


def refuse_elsewhere(folder: Path, path: Path) -> None:
    """Refuse what is no file, which could keep a reader waiting, or lies outside a folder.

    Raises
    ------
    OSError
        Saying which. RuntimeError where links lead round in a circle.
    """
    if not path.resolve().is_relative_to(folder.resolve()):
        raise OSError(errno.EACCES, "it lies outside the folder of the overrides")
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "it is no file")


def declared(papers: Papers, turns: "Turns", folder: Path, number: int) -> "tuple[Turns, bool]":
    """Keep what was handed in, where it differs from what stands; say whether it does.

    Parameters
    ----------
    number
        The round before which it comes into force, from 0.
    """
    from dataclasses import replace

    from counterplan.dialogue.turns import keep_turn, turned

    terms = papers.terms(turns.terms)
    if terms == turns.terms:
        return turns, False
    turn = turned(turns, terms, number)
    keep_turn(folder, turn)
    return replace(turns, turns=(*turns.turns, turn)), True


def terms_lines(dialogue: "Dialogue", state: "State") -> Iterator[str]:
    """Yield what the quotas that stand cost the plan, in words."""
    quotas = dialogue.scenario.mandate.quotas
    if not quotas:
        return
    from counterplan.dialogue.quota_cost import cost_of_quotas

    found = cost_of_quotas(dialogue, state)
    count = f"{len(quotas):,} {'quota stands' if len(quotas) == 1 else 'quotas stand'}"
    yield f"{count}; {found.words()}"
