"""The first file of a saved dialogue: what it is about, so that nothing else is mixed in."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp

from counterplan import __version__
from counterplan.dialogue.sealed import write_aside
from counterplan.economy.economy import Economy
from counterplan.errors import InputError
from counterplan.plan.scenario import Scenario

FORMAT = 2  # 1 kept what a proposal puts into the shared rules beside its course
MANIFEST = "dialogue.json"
BYTES_MAX = 1_000_000
ELSEWHERE = "begin in another folder"
WORDS = {
    "counterplan": "made with counterplan",
    "economy": "about another economy, with the digest",
    "scenario": "about another scenario, with the digest",
}


@dataclass(frozen=True)
class Manifest:
    """What a dialogue is about.

    Attributes
    ----------
    economy, scenario
        Their SHA-256: that of every number and name in them.
    settings
        What else decides how the dialogue goes: names and numbers.
    """

    economy: str
    scenario: str
    settings: Mapping[str, str | int | float]
    counterplan: str = __version__

    def text(self) -> str:
        """Return the file's text."""
        content = {
            "format": FORMAT,
            "counterplan": self.counterplan,
            "economy": self.economy,
            "scenario": self.scenario,
            "settings": dict(self.settings),
        }
        return json.dumps(content, indent=1, sort_keys=True) + "\n"


def manifest_of(
    economy: Economy, scenario: Scenario, settings: Mapping[str, str | int | float]
) -> Manifest:
    """Return what a dialogue about an economy and a scenario is about."""
    return Manifest(digest_of(economy), content_digest(scenario), settings)


def content_digest(scenario: Scenario) -> str:
    """Return the SHA-256 of all that a scenario says; its economy is told apart by its content.

    A saved plan calls the economy in its folder by another name.
    """
    nameless = scenario.model_copy(update={"economy": ""})
    return hashlib.sha256(nameless.model_dump_json().encode()).hexdigest()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write what a dialogue is about."""
    write_aside(folder / MANIFEST, lambda file: file.write(manifest.text().encode()))


def check_manifest(folder: Path, manifest: Manifest) -> None:
    """Refuse a folder whose dialogue is about something else.

    Raises
    ------
    InputError
        Naming what differs.
    """
    path = folder / MANIFEST
    content = read_manifest(path)
    wanted: dict[str, Any] = json.loads(manifest.text())
    refuse_other(path, content, wanted, "counterplan")
    given: Any = content.get("settings")
    settings: dict[str, Any] = given if isinstance(given, dict) else {}
    if set(settings) != set(wanted["settings"]):
        raise InputError("was begun by another command", place=str(path), mend=ELSEWHERE)
    for name in sorted(settings):
        mine, theirs = wanted["settings"].get(name), settings.get(name)
        if mine != theirs:
            raise InputError(
                f"has {name} {theirs}, and that asked for is {mine}",
                place=str(path),
                mend=f"ask for {theirs}, or {ELSEWHERE}",
            )
    for name in ("scenario", "economy"):
        refuse_other(path, content, wanted, name)


def refuse_other(
    path: Path, content: Mapping[str, Any], wanted: Mapping[str, Any], name: str
) -> None:
    """Refuse a dialogue in which one thing is another.

    Raises
    ------
    InputError
        Where it is.
    """
    if content.get(name) != wanted[name]:
        there = f"{content.get(name)!s:.12}"
        raise InputError(f"is {WORDS[name]} {there}", place=str(path), mend=ELSEWHERE)


def read_manifest(path: Path) -> dict[str, Any]:
    """Read what a dialogue is about.

    Raises
    ------
    InputError
        Where the file is no such thing.
    """
    mend = f"put the file back from a copy, or {ELSEWHERE}"
    try:
        if path.stat().st_size > BYTES_MAX:
            raise ValueError
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        raise InputError("is no dialogue's first file", place=str(path), mend=mend) from None
    if not isinstance(content, dict) or type(content.get("format")) is not int:
        raise InputError("is no dialogue's first file", place=str(path), mend=mend)
    if content["format"] != FORMAT:
        raise InputError(
            f"is of format {content['format']}, and this version reads and writes format {FORMAT}",
            place=str(path),
            mend=f"{ELSEWHERE}, or go on with the version that wrote it",
        )
    settings = content.get("settings")
    plain = isinstance(settings, dict) and all(
        isinstance(one, str | int | float) for one in settings.values()
    )
    if not plain:
        raise InputError("'settings' holds no names with values", place=str(path), mend=mend)
    return content


def digest_of(thing: object) -> str:
    """Return the SHA-256 of everything in a frozen dataclass: numbers, names, arrays."""
    digest = hashlib.sha256()
    feed(digest, thing)
    return digest.hexdigest()


def feed(digest: "hashlib._Hash", thing: object) -> None:
    """Put a thing into a digest, so that no two things go in alike."""
    if is_dataclass(thing) and not isinstance(thing, type):
        digest.update(f"{type(thing).__name__}(".encode())
        for field in fields(thing):
            digest.update(f"{field.name}=".encode())
            feed(digest, getattr(thing, field.name))
        digest.update(b")")
    elif isinstance(thing, np.ndarray):
        digest.update(f"{thing.dtype.str}{thing.shape}".encode())
        digest.update(np.ascontiguousarray(thing).tobytes())
    elif isinstance(thing, sp.sparray):
        columns: Any = sp.csc_array(thing)
        digest.update(f"sparse{columns.shape}".encode())
        for part in (columns.indptr, columns.indices):
            feed(digest, part.astype(np.int64))
        feed(digest, columns.data)
    elif isinstance(thing, tuple | list):
        digest.update(f"[{len(thing)}".encode())
        for one in thing:
            feed(digest, one)
    elif isinstance(thing, Mapping):
        feed(digest, sorted(thing.items()))
    elif thing is None or isinstance(thing, str | int | float):
        text = repr(thing)
        digest.update(f"{len(text)}:{text}".encode())
    else:
        raise TypeError(f"no digest of {type(thing).__name__}")
