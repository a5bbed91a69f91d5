"""The scenario: economy + mandate + shocks + horizon, as one YAML file.

Every key is declared here; an unknown key, a number that is not one, an infinity or a
boolean for a number is refused with the place in the file.
"""

import re
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, Field, ValidationError
from pydantic_core import PydanticCustomError

from counterplan.economy.characters import LAYOUT, forbidden_in
from counterplan.errors import InputError, LimitError
from counterplan.plan.complaints import first_complaint, one_line
from counterplan.plan.mandate import Mandate
from counterplan.plan.shocks import Shock
from counterplan.plan.strict import Strict

BYTES_MAX = 1_000_000
PERIODS_MAX = 60
PERIOD_MOST = 100_000_000  # a day as 20150131 fits
DIGITS_MAX = 40
#: The numbers that everybody reads alike; YAML 1.1 takes 010 for 8 and 1:30 for 90.
PLAIN_NUMBER = {
    "tag:yaml.org,2002:int": re.compile(r"[-+]?(0|[1-9][0-9]*)"),
    "tag:yaml.org,2002:float": re.compile(
        r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+][0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
    ),
}


class Horizon(Strict):
    """Which periods are planned."""

    first: Annotated[int, Field(ge=-PERIOD_MOST, le=PERIOD_MOST)] = Field(
        description="first planned period: the observed one, or the one after it"
    )
    periods: Annotated[int, Field(ge=1, le=PERIODS_MAX)] = Field(
        description="how many periods are planned; one more stands for all the years after"
    )


def on_one_line(text: str) -> str:
    """Refuse line ends, tabs and what no name may hold."""
    found = forbidden_in(text)
    if found:
        raise PydanticCustomError(
            "text", "the text holds the character {it}; delete it", {"it": found}
        )
    return text


class Scenario(Strict):
    """What to plan for."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)]
    title: Annotated[str, Field(max_length=200), AfterValidator(on_one_line)]
    description: str = ""
    economy: Annotated[str, AfterValidator(on_one_line)] = Field(
        description="name of a packaged economy, or a path beside this file"
    )
    horizon: Horizon
    mandate: Mandate = Mandate()
    shocks: tuple[Shock, ...] = ()


def read_scenario(path: Path) -> Scenario:
    """Read a scenario file.

    Raises
    ------
    InputError
        Naming the file, the key, and what may stand there.
    """
    if not path.is_file():
        raise InputError(f"there is no scenario file '{path}'", mend="check the path")
    if path.stat().st_size > BYTES_MAX:
        raise LimitError(f"larger than {BYTES_MAX:,} bytes", place=str(path))
    return parse_scenario(path.read_bytes(), place=str(path))


def parse_scenario(text: bytes, *, place: str) -> Scenario:
    """Turn the bytes of a scenario file into a scenario; see :func:`read_scenario`."""
    try:
        content = yaml.load(text.decode("utf-8"), Loader=PlainLoader)
    except InputError as error:
        raise InputError(error.thing, place=f"{place} {error.place}", mend=error.mend) from None
    except UnicodeDecodeError:
        raise InputError("is not UTF-8 text", place=place, mend="save it as UTF-8") from None
    except (yaml.YAMLError, RecursionError, ValueError, LookupError, AttributeError) as error:
        raise InputError(f"is not YAML: {one_line(error)}", place=place) from None
    if not isinstance(content, dict):
        raise InputError("holds no keys", place=place, mend="start with 'name:' and 'economy:'")
    try:
        return Scenario.model_validate(as_tuples(content))
    except ValidationError as error:
        raise first_complaint(error, Scenario, place=place) from None


class PlainLoader(yaml.SafeLoader):
    """The safe loader without aliases (they can unfold without end) and repeated keys."""

    def compose_node(self, parent: Any, index: Any) -> Any:  # noqa: ANN401
        """Refuse aliases."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases (*name) are not allowed in a scenario")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:  # noqa: ANN401, FBT001, FBT002
        """Refuse a key given twice."""
        seen: set[str] = set()
        for node_of_key, _ in node.value:
            key = repr(self.construct_object(node_of_key, deep=True))
            if key in seen:
                line = node.start_mark.line + 1
                raise yaml.YAMLError(f"the key {key} stands twice in the block of line {line}")
            seen.add(key)
        return super().construct_mapping(node, deep=deep)

    def construct_scalar(self, node: Any) -> Any:  # noqa: ANN401
        """Refuse characters that change what a reader sees, and numbers that are not plain."""
        place = f"row {node.start_mark.line + 1} column {node.start_mark.column + 1}"
        found = forbidden_in(str(node.value), besides=LAYOUT)
        if found:
            raise InputError(f"the text holds the character {found}", place=place, mend="delete it")
        refuse_odd_number(str(node.value), tag=str(node.tag), place=place)
        return super().construct_scalar(node)


def refuse_odd_number(text: str, *, tag: str, place: str) -> None:
    """Refuse what YAML would quietly turn into another number than a reader sees."""
    plain = PLAIN_NUMBER.get(tag)
    if plain is None:
        return
    if len(text) > DIGITS_MAX:
        raise InputError(
            f"a number of {len(text):,} characters stands here",
            place=place,
            mend=f"write it with at most {DIGITS_MAX}, or in quotes where it is a text",
        )
    if not plain.fullmatch(text):
        raise InputError(
            f"'{text}' is not a plain decimal number, and YAML would read another one",
            place=place,
            mend=f"{odd_mend(text)}, or put it in quotes where it is a text",
        )


def odd_mend(text: str) -> str:
    """Return how to write a number with zeros in front or with marks between its digits."""
    plain = text.replace("_", "").lstrip("+")
    if re.fullmatch(r"0*[0-9]+", plain):
        return f"write {int(plain)}"
    if re.fullmatch(r"[0-9]+\.[0-9]*", plain):
        return f"write {plain}"
    return "write it with the digits 0 to 9 and a point, without ':', '_' and letters"


def as_tuples(value: object) -> object:
    """Turn lists into tuples, as the strict model wants them."""
    if isinstance(value, dict):
        return {key: as_tuples(item) for key, item in value.items()}
    if isinstance(value, list):
        return tuple(as_tuples(item) for item in value)
    return value
