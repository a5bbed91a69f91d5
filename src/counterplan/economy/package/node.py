"""Nodes of a JSON file: values read key by key, each error with its place in the file."""

import json
from typing import Any

from counterplan.economy.package.columns import NUMBER_MOST
from counterplan.economy.package.rows import complaint_of
from counterplan.errors import InputError, did_you_mean

Json = Any  # what json.loads returns


def json_of(content: bytes, *, file: str) -> Json:
    """Return what a JSON file holds, or one InputError with the line.

    Keys given twice and numbers that are none (NaN, Infinity) are refused.
    """

    def without_repeats(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        found = dict(pairs)
        if len(found) < len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise InputError(f"the key '{twice[:40]}' stands twice", place=file, mend="delete one")
        return found

    def refuse(constant: str) -> float:
        raise InputError(f"{constant} is not a number", place=file, mend="give a finite number")

    try:
        text = content.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=without_repeats, parse_constant=refuse)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(
            "the text is not in UTF-8", place=f"{file} row {line}", mend="save it as UTF-8"
        ) from None
    except json.JSONDecodeError as error:
        raise InputError(
            f"is not JSON: {error.msg}",
            place=f"{file} row {error.lineno}",
            mend="look for a missing comma, quotation mark or bracket",
        ) from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"is not JSON: {str(error)[:100]}", place=file) from None


class Node:
    """A JSON object with its place in the file, read key by key; what is left is unknown."""

    def __init__(self, value: Json, *, place: str) -> None:
        if not isinstance(value, dict):
            raise InputError("is not an object", place=place, mend="write { ... }")
        self.value: dict[str, Json] = value
        self.place = place
        self._known: list[str] = []

    def at(self, key: str) -> str:
        """Return the place of a key."""
        return f"{self.place} key '{key}'"

    def get(self, key: str) -> Json:
        """Return a value, None where there is none."""
        self._known.append(key)
        return self.value.get(key)

    def text(self, key: str, *, default: str | None = None) -> str:
        """Return a text; without a default it must be there and not be empty."""
        found = self.get(key)
        if found is None and default is not None:
            return default
        if found is None:
            near = did_you_mean(key, self.value)
            raise InputError(f"there is no key '{key}'", place=self.place, mend=near or "add it")
        if not isinstance(found, str) or (default is None and not found.strip()):
            raise InputError("is not a text", place=self.at(key), mend="write it in quotes")
        if complaint_of(found):
            raise InputError(complaint_of(found), place=self.at(key))
        return found

    def number(self, key: str, *, least: float, most: float, default: float) -> float:
        """Return a finite number in a range."""
        found = self.get(key)
        if found is None:
            return default
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise InputError("is not a number", place=self.at(key), mend="write it without quotes")
        if not least <= found <= most:
            raise InputError(
                f"is {found:.15g}" if abs(found) < NUMBER_MOST else "is out of range",
                place=self.at(key),
                mend=f"give a number from {least:g} to {most:g}",
            )
        return float(found)

    def integer(self, key: str, *, most: int) -> int:
        """Return a whole number that must be there, of either sign."""
        found = self.get(key)
        if isinstance(found, bool) or not isinstance(found, int) or abs(found) > most:
            raise InputError(
                "there is no whole number",
                place=self.at(key),
                mend=f"give one between {-most} and {most}, without quotes",
            )
        return found

    def children(self, key: str) -> dict[str, "Node"]:
        """Return the objects below a key by their keys."""
        found = self.get(key)
        if found is None:
            return {}
        node = Node(found, place=self.at(key))
        return {name: Node(value, place=node.at(name)) for name, value in node.value.items()}

    def finish(self) -> None:
        """Refuse the keys that nobody asked for."""
        for key in self.value:
            if key not in self._known:
                raise InputError(
                    f"the key '{key[:40]}' is not known",
                    place=self.place,
                    mend=did_you_mean(key, self._known) or f"keys here: {', '.join(self._known)}",
                )
