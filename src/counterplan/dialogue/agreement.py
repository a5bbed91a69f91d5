"""Agreement: whether a dialogue's folder and the plan in it are about the same, only by reading.

The rounds are read as the dialogue would read them to go on: what arrived is judged once more, and
each round must follow from its answers. Nothing in the folder is changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from counterplan import __version__
from counterplan.dialogue.bases import check_last_bases
from counterplan.dialogue.manifest import MANIFEST, content_digest, digest_of, read_manifest
from counterplan.dialogue.plausible import refusals
from counterplan.dialogue.register import register_of
from counterplan.dialogue.rounds import Dialogue, State
from counterplan.dialogue.saved import PLAN, ROUNDS, Folder, anew
from counterplan.dialogue.turns import (
    GO_ON,
    OTHER_QUOTAS,
    as_begun,
    keeps,
    read_turns,
    standing_quotas,
)
from counterplan.errors import CheckError, InputError
from counterplan.plan.plan import Plan
from counterplan.plan.verify import open_plan

#: What a folder says that nothing in it proves.
UNCHECKED = (
    "not checked: that the producers said what the files hold, and the drafts that the dialogue "
    "began with; the offers, mixtures and log in rounds; the settings in dialogue.json; the page, "
    "log.txt and changes.*"
)


@dataclass(frozen=True)
class Agreed:
    """A dialogue as its folder holds it, under the terms that stand now."""

    dialogue: Dialogue
    state: State


class Shelf(Folder):
    """The folder of a dialogue that is only read: what is half written stays where it is."""

    def tidy(self) -> tuple[str, ...]:
        """Take nothing away."""
        return ()


def agreed(folder: Path, plan: Plan) -> Agreed:
    """Return the dialogue of a folder, whose plan is about the same as the dialogue.

    Raises
    ------
    CheckError
        Where it is about another economy or scenario, or other quotas stand.
    InputError
        Where a file is damaged or missing.
    """
    base = begun_about(folder, plan)
    turns = read_turns(folder, base, register_of(base.parts))
    found = Shelf(folder).read(base, turning=turns.at)
    if found.state is None or found.dialogue is None:
        raise InputError(f"the dialogue in '{folder}' has not begun", mend="go on with it")
    return Agreed(found.dialogue, found.state)


def plan_in_force(folder: Path) -> Plan:
    """Read the plan of a dialogue's folder, which is as it was saved and whose certificate holds.

    Raises
    ------
    CheckError
        Where it was altered or does not hold.
    InputError
        Where there is none yet.
    """
    place = plan_folder(folder)
    try:
        return open_plan(place)
    except CheckError as error:
        raise CheckError(f"{error}, or {anew(place)}") from None


def plan_folder(folder: Path) -> Path:
    """Return the folder of a dialogue's plan.

    Raises
    ------
    InputError
        Where it has come to none yet.
    """
    if not (folder / PLAN).is_dir():
        raise InputError(
            f"the dialogue in '{folder}' has come to no plan yet",
            mend="go on with it by the command that began it",
        )
    return folder / PLAN


def begun_about(folder: Path, plan: Plan) -> Dialogue:
    """Return the dialogue of a folder as it was begun, from the plan in it; nobody is believed.

    Raises
    ------
    CheckError
        Where it was begun about another economy or scenario than the plan's, or other quotas stand.
    """
    check_last_bases(folder, ROUNDS)
    if not keeps(plan, standing_quotas(folder)):
        raise CheckError(f"{folder}: {OTHER_QUOTAS}; {GO_ON}")
    base = as_begun(folder, plan)
    refuse_others(folder, base)
    return replace(base, refusing=partial(refusals, register_of(base.parts)))


def refuse_others(folder: Path, base: Dialogue) -> None:
    """Refuse what a plan says of its dialogue as it was begun where the folder says otherwise.

    Raises
    ------
    CheckError
        Where economy or scenario are others.
    """
    content = read_manifest(folder / MANIFEST)
    refuse_other(content, "economy", digest_of(base.parts.asked.outlook.economy), folder)
    refuse_other(content, "scenario", content_digest(base.scenario), folder)


def refuse_other(content: Mapping[str, Any], name: str, mine: str, folder: Path) -> None:
    """Refuse a plan about another thing than the dialogue that its folder says it was begun about.

    Raises
    ------
    CheckError
        Where it is.
    """
    if content.get(name) != mine:
        place = folder / PLAN
        raise CheckError(
            f"{place}: is about another {name} than the dialogue in {folder / MANIFEST}, or that "
            f"file was altered; {anew(place)}"
        )


def version_words(folder: Path) -> tuple[str, ...]:
    """Say which version the dialogue's first file names, where it is another than this one."""
    named = read_manifest(folder / MANIFEST).get("counterplan")
    if named == __version__:
        return ()
    return (
        f"by {MANIFEST} the dialogue was held with counterplan {named}; it is read with "
        f"{__version__}",
    )
