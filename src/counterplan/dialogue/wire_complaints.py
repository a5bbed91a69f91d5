"""What is wrong with a wire form, as one error with the place and the mend."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from counterplan.dialogue.forms import LISTS
from counterplan.errors import InputError, did_you_mean
from counterplan.plan.complaints import cut, known_keys, shown_value, words_of

MENDS = {
    "float_type": "write a number, without quotes, such as 12.5",
    "finite_number": "write a number that is finite",
    "int_type": "write a whole number, without quotes",
    "int_from_float": "write a whole number",
    "string_type": "write a text in quotes",
    "tuple_type": "write a list: [ ... ]",
    "dict_type": "write a number for each period: { ... }",
    "model_type": "write a block of keys: { ... }",
    "missing": "add it",
}


class DoubleError(Exception):
    """A key that stands twice in one block of a JSON text."""

    def __init__(self, key: str) -> None:
        self.key = cut(key)
        super().__init__(key)


def no_doubles(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Return a block of a JSON text, and refuse a key that stands twice in it."""
    block: dict[str, Any] = {}
    for key, value in pairs:
        if key in block:
            raise DoubleError(key)
        block[key] = value
    return block


def first_complaint(error: ValidationError, model: type[BaseModel], given: object) -> InputError:
    """Turn the first thing that is wrong into an error with place and mend."""
    complaint = error.errors()[0]
    location = complaint["loc"]
    place = place_of(location, given)
    kind = complaint["type"]
    if kind == "extra_forbidden":
        name, known = str(location[-1]), known_keys(location, model)
        mend = did_you_mean(name, known) or f"keys here: {', '.join(known)}"
        return InputError(f"unknown key '{cut(name)}'", place=place, mend=mend)
    if kind == "literal_error":
        wanted = complaint.get("ctx", {}).get("expected", "")
        return InputError(
            f"{shown_value(complaint.get('input'))} is not a form that is read here",
            place=place,
            mend=f"write {wanted}",
        )
    if complaint.get("input") is None and kind != "missing":
        return InputError("null stands here", place=place, mend="write a value, or delete the key")
    thing, _ = words_of(complaint)
    return InputError(thing, place=place, mend=MENDS.get(kind, ""))


def place_of(location: Sequence[int | str], given: object) -> str:
    """Return a place in words: the form, the entry by its code, and the key."""
    whole: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
    words = [f"form of '{cut(whole['producer'])}'" if named(whole, "producer") else "form"]
    keys = list(location)
    if len(keys) > 1 and keys[0] in LISTS and isinstance(keys[1], int):
        what, _ = LISTS[str(keys[0])]
        entry = whole[str(keys[0])][keys[1]]
        named_entry = isinstance(entry, Mapping) and named(entry, what)
        words.append(f"{what} '{cut(entry[what])}'" if named_entry else f"{keys[0]}[{keys[1]}]")
        keys = keys[2:]
    return ", ".join([*words, *(f"'{cut(str(key))}'" for key in keys)])


def named(block: Mapping[str, Any], key: str) -> bool:
    """Return whether a block says its name."""
    return isinstance(block.get(key), str)
