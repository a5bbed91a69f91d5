"""The scenario: economy + mandate + shocks + horizon, as one YAML file.

Every key is declared here; an unknown key, a number that is not one, an infinity or a
boolean for a number is refused with the place in the file.
"""

from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import Field, ValidationError

from counterplan.errors import InputError, LimitError, did_you_mean
from counterplan.plan.mandate import Mandate
from counterplan.plan.shocks import Shock
from counterplan.plan.strict import Strict

BYTES_MAX = 1_000_000
PERIODS_MAX = 60


class Horizon(Strict):
    """Which periods are planned."""

    first: int = Field(description="first planned period: the observed one, or the one after it")
    periods: Annotated[int, Field(ge=1, le=PERIODS_MAX)] = Field(
        description="how many periods are planned; one more stands for all the years after"
    )


class Scenario(Strict):
    """What to plan for."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)]
    title: str = Field(max_length=200)
    description: str = ""
    economy: str = Field(description="name of a packaged economy, or a path beside this file")
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
    return parse_scenario(path.read_bytes(), place=path.name)


def parse_scenario(text: bytes, *, place: str) -> Scenario:
    """Turn the bytes of a scenario file into a scenario; see :func:`read_scenario`."""
    try:
        content = yaml.load(text.decode("utf-8"), Loader=PlainLoader)
    except UnicodeDecodeError:
        raise InputError("is not UTF-8 text", place=place, mend="save it as UTF-8") from None
    except (yaml.YAMLError, RecursionError, ValueError, LookupError, AttributeError) as error:
        raise InputError(f"is not YAML: {one_line(error)}", place=place) from None
    if not isinstance(content, dict):
        raise InputError("holds no keys", place=place, mend="start with 'name:' and 'economy:'")
    try:
        return Scenario.model_validate(as_tuples(content))
    except ValidationError as error:
        raise first_complaint(error, content, place=place) from None


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


def as_tuples(value: object) -> object:
    """Turn lists into tuples, as the strict model wants them."""
    if isinstance(value, dict):
        return {key: as_tuples(item) for key, item in value.items()}
    if isinstance(value, list):
        return tuple(as_tuples(item) for item in value)
    return value


def one_line(error: BaseException) -> str:
    """Return an error's text on one line."""
    return " ".join(str(error).split())


def first_complaint(error: ValidationError, content: object, *, place: str) -> InputError:
    """Turn the first complaint of a validation into an error with place and mend."""
    complaint = error.errors()[0]
    parts = [str(part) for part in complaint["loc"]]
    where = f"{place}, key '{'.'.join(parts)}'" if parts else place
    if complaint["type"] == "extra_forbidden":
        known = known_keys(complaint["loc"])
        mend = did_you_mean(parts[-1], known) or f"keys here: {', '.join(known)}"
        return InputError(f"unknown key '{parts[-1]}'", place=where, mend=mend)
    given = complaint.get("input")
    shown = f" (given: {given!r})" if isinstance(given, str | int | float | bool) else ""
    return InputError(f"{complaint['msg'][0].lower()}{complaint['msg'][1:]}{shown}", place=where)


def known_keys(location: tuple[int | str, ...]) -> list[str]:
    """Return the keys allowed at a place of the scenario, walking its schema."""
    schema = Scenario.model_json_schema()
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
