"""Complaints: what pydantic finds wrong with a scenario, as one error with place and mend.

The first thing that is wrong is reported, in the words of somebody who writes YAML: which key is
not known and which was meant, what stands where a number should, and what to write instead.
"""

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from counterplan.errors import InputError, did_you_mean

POWER = re.compile(r"[+-]?(\d+)(\.\d*)?[eE][+-]?\d+")
COMMA = re.compile(r"[+-]?\d+(,\d+)+(\.\d+)?")
PERCENT = re.compile(r"([+-]?\d+(?:[.,]\d+)?)\s*%")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")
DATE = re.compile(r"(\d{4})-\d{1,2}(-\d{1,2})?")
WORDS = {"yes", "no", "on", "off", "true", "false", "y", "n"}
DIGITS = re.compile(r"[-+]?\d+")
SHOWN_MOST = 40
WHOLE_MOST = 1e15  # a float above this is no whole number that anybody wrote
NO_COMMAS = "in { ... } a comma ends a number: write it with a point (1.5)"

Location = tuple[int | str, ...]
Complaint = Mapping[str, Any]


def first_complaint(error: ValidationError, model: type[BaseModel], *, place: str) -> InputError:
    """Turn the first thing that is wrong into an error with place and mend.

    A key that is missing beside one that is not known is most often one that is misspelt: then the
    unknown one is what is wrong.
    """
    found: list[Complaint] = list(error.errors())
    complaint = found[0]
    missing = {one["loc"] for one in found if one["type"] == "missing"}
    if complaint["type"] == "missing":
        beside = [
            one
            for one in found
            if one["type"] == "extra_forbidden" and one["loc"][:-1] == complaint["loc"][:-1]
        ]
        complaint = meant_by(complaint, beside)
    location: Location = complaint["loc"]
    where = f"{place}, key '{'.'.join(cut(str(part)) for part in location)}'" if location else place
    if complaint["type"] in ("extra_forbidden", "invalid_key"):
        lacking = [str(one[-1]) for one in missing if one[:-1] == location[:-1]]
        return unknown_key(location, model, lacking=lacking, place=where)
    thing, mend = words_of(complaint)
    return InputError(thing, place=where, mend=mend)


def meant_by(missing: Complaint, unknown: Sequence[Complaint]) -> Complaint:
    """Return the unknown key that was meant to be the missing one; the missing one if none is."""
    for one in unknown:
        if did_you_mean(str(one["loc"][-1]), [str(missing["loc"][-1])]):
            return one
    return unknown[0] if unknown else missing


def unknown_key(
    location: Location, model: type[BaseModel], *, lacking: Sequence[str], place: str
) -> InputError:
    """Return the error about a key that is not known; a key that is lacking is the likeliest."""
    known, name = known_keys(location, model), str(location[-1])
    if DIGITS.fullmatch(name):
        return InputError(f"unknown key '{name}'", place=place, mend=NO_COMMAS)
    mend = did_you_mean(name, lacking) or did_you_mean(name, known)
    return InputError(
        f"unknown key '{name[:SHOWN_MOST]}'",
        place=place,
        mend=mend or f"keys here: {', '.join(known)}",
    )


# ---- in words -----------------------------------------------------------------------------------


def words_of(complaint: Complaint) -> tuple[str, str]:
    """Return what is wrong and what to write instead."""
    kind, given, context = complaint["type"], complaint.get("input"), complaint.get("ctx", {})
    if kind in PLAIN:
        return PLAIN[kind]
    if kind == "union_tag_not_found":
        return without_kind(dict(given or {}))
    if kind == "union_tag_invalid":
        tag, tags = str(context["tag"]), re.findall(r"'([^']*)'", context["expected_tags"])
        mend = did_you_mean(tag, tags) or f"the kinds are {', '.join(tags)}"
        return f"there is no kind '{tag[:SHOWN_MOST]}'", mend
    if given is None:
        return "nothing stands here", "write a value, or delete the key"
    wanted = WANTED.get(kind)
    if wanted is None:
        message = complaint["msg"]
        simple = isinstance(given, str | int | float | bool)
        shown = f" (given: {shown_value(given)})" if simple else ""
        return f"{message[0].lower()}{message[1:]}{shown}", ""
    return f"{wanted} is wanted here (given: {shown_value(given)})", mend_of(kind, given)


def without_kind(given: Mapping[object, object]) -> tuple[str, str]:
    """Return what is wrong with a goal or shock that does not say what kind it is."""
    near = [str(key) for key in given if did_you_mean(str(key), ["kind"])]
    if near:
        return f"unknown key '{near[0][:SHOWN_MOST]}'", "did you mean 'kind'?"
    return "the key 'kind' is missing", "add it"


PLAIN = {
    "missing": ("the key is missing", "add it"),
    "too_short": ("nothing is named here", "name at least one"),
}
WANTED = {
    "float_type": "a number",
    "float_parsing": "a number",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "finite_number": "a finite number",
    "string_type": "a text",
    "tuple_type": "a list",
    "dict_type": "a block of keys",
    "model_attributes_type": "a block of keys",
    "model_type": "a block of keys",
}


def shown_value(given: object) -> str:
    """Return a value as it is named in a complaint, cut short."""
    return cut(str(given) if isinstance(given, datetime.date) else repr(given))


def cut(text: str) -> str:
    """Return a text, of a long one its beginning."""
    return text if len(text) <= SHOWN_MOST else f"{text[:SHOWN_MOST]}..."


def mend_of(kind: str, given: object) -> str:
    """Return what to write instead of a value."""
    if kind == "string_type":
        if isinstance(given, bool):
            return "YAML takes yes, no, on, off, true and false for a choice: write it in quotes"
        return f"write it in quotes: '{cut(str(given))}'" if is_scalar(given) else "write a text"
    if kind == "tuple_type":
        return f"write [{cut(str(given))}]" if is_scalar(given) else "write [ ... ]"
    if kind == "model_attributes_type":
        return "write kind: ... and its keys"
    if kind in ("dict_type", "model_type"):
        return "write its keys below it, further to the right, or in { ... }"
    return number_mend(given, whole=kind.startswith("int"))


def is_scalar(given: object) -> bool:
    """Return whether a value is one word or number."""
    return isinstance(given, str | int | float | datetime.date)


def number_mend(given: object, *, whole: bool) -> str:
    """Return how to write what was meant to be a number, or the number of a period."""
    if isinstance(given, bool) or (isinstance(given, str) and given.lower() in WORDS):
        return "YAML takes yes, no, on, off, true and false for a choice: write a number"
    if isinstance(given, datetime.date):
        return period_mend(str(given.year))
    if isinstance(given, float) and whole and abs(given) < WHOLE_MOST and given == given // 1:
        return f"write {given:.0f}"
    if not isinstance(given, str):
        return ""
    for pattern, mend in NUMBER_MENDS:
        if found := pattern.fullmatch(given.strip()):
            return mend(found)
    return ""


def period_mend(year: str) -> str:
    """Return how to name the period of a date."""
    return f"write the number of the period alone, such as {year}"


def power(text: str) -> str:
    """Return a number with a power of ten as YAML reads it: 1.0e+6."""
    mantissa, _, exponent = text.lower().partition("e")
    if "." not in mantissa:
        mantissa += ".0"
    return f"{mantissa}e{exponent if exponent[0] in '+-' else '+' + exponent}"


def without_commas(text: str) -> str:
    """Return what a number with commas may have been meant to be: 1.5 for 1,5; 1500 for 1,500."""
    parts = text.split(",")
    if len(parts) == 2 and "." not in text and len(parts[1]) != 3:
        return ".".join(parts)
    if len(parts) == 2 and "." not in text:
        return f"{'.'.join(parts)} or {''.join(parts)}"
    return "".join(parts)


def plain_power(found: re.Match[str]) -> str:
    """Return how to write a number with a power of ten that YAML takes for a text."""
    plain = f"{float(found[0]):.15g}"
    return (
        f"YAML takes it for a text: write {plain if NUMBER.fullmatch(plain) else power(found[0])}"
    )


NUMBER_MENDS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (DATE, lambda found: period_mend(found[1])),
    (POWER, plain_power),
    (PERCENT, lambda found: f"write {float(found[1].replace(',', '.')) / 100:.12g}"),
    (
        COMMA,
        lambda found: f"write numbers with a point and no commas: {without_commas(found[0])}",
    ),
    (NUMBER, lambda found: f"write it without quotes: {found[0]}"),
)


# ---- which keys there are -----------------------------------------------------------------------


def one_line(error: BaseException) -> str:
    """Return an error's text on one line."""
    return " ".join(str(error).split())


def known_keys(location: Location, model: type[BaseModel]) -> list[str]:
    """Return the keys allowed at a place of a model, walking its schema."""
    schema = model.model_json_schema()
    node: dict[str, Any] = schema
    for part in location[:-1]:
        node = resolved(step_into(resolved(node, schema), part), schema)
    return sorted(resolved(node, schema).get("properties", {}))


def step_into(node: dict[str, Any], part: int | str) -> dict[str, Any]:
    """Return the schema one step down: a property, an item, a value, or one of several kinds."""
    if part in node.get("properties", {}):
        return dict(node["properties"][part])
    for kind, reference in node.get("discriminator", {}).get("mapping", {}).items():
        if kind == part:
            return {"$ref": reference}
    return dict(node.get("items") or node.get("additionalProperties") or {})


def resolved(node: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference inside the schema."""
    while "$ref" in node:
        node = schema["$defs"][node["$ref"].split("/")[-1]]
    return node
