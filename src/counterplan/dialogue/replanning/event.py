"""The event that reopens a plan: more shocks to the same scenario."""

from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import Field, ValidationError

from counterplan.errors import InputError, LimitError
from counterplan.plan.complaints import first_complaint, one_line
from counterplan.plan.scenario import BYTES_MAX, PlainLoader, Scenario, as_tuples, parse_scenario
from counterplan.plan.shocks import Shock
from counterplan.plan.strict import Strict

SAME = "name", "title", "description", "economy", "shocks"  # what an event may change


class Event(Strict):
    """What has happened, as a file of its own: shocks that come to those already planned for."""

    title: Annotated[str, Field(max_length=200)] = ""
    shocks: Annotated[tuple[Shock, ...], Field(min_length=1)]


def read_event(path: Path, scenario: Scenario) -> Scenario:
    """Return a scenario after an event, which is a file of shocks or a whole scenario.

    Raises
    ------
    InputError
        Naming the file, the key, and what may stand there.
    """
    if not path.is_file():
        raise InputError(f"there is no event file '{path}'", mend="check the path")
    if path.stat().st_size > BYTES_MAX:
        raise LimitError(f"larger than {BYTES_MAX:,} bytes", place=str(path))
    text, place = path.read_bytes(), str(path)
    content = content_of(text, place=place)
    if "economy" in content:
        return as_planned(parse_scenario(text, place=place), scenario, place=place)
    try:
        return after(scenario, Event.model_validate(as_tuples(content)))
    except ValidationError as error:
        raise first_complaint(error, Event, place=place) from None


def content_of(text: bytes, *, place: str) -> dict[str, Any]:
    """Return the keys of an event file.

    Raises
    ------
    InputError
        Where it is no YAML, or holds no keys.
    """
    try:
        content = yaml.load(text.decode("utf-8"), Loader=PlainLoader)
    except InputError as error:
        raise InputError(error.thing, place=f"{place} {error.place}", mend=error.mend) from None
    except UnicodeDecodeError:
        raise InputError("is not UTF-8 text", place=place, mend="save it as UTF-8") from None
    except (yaml.YAMLError, RecursionError, ValueError, LookupError, AttributeError) as error:
        raise InputError(f"is not YAML: {one_line(error)}", place=place) from None
    if not isinstance(content, dict):
        raise InputError("holds no keys", place=place, mend="start with 'shocks:'")
    return content


def after(scenario: Scenario, event: Event) -> Scenario:
    """Return a scenario with the shocks of an event added."""
    shocks = (*scenario.shocks, *event.shocks)
    return scenario.model_copy(update={"shocks": shocks, "title": event.title or scenario.title})


def as_planned(given: Scenario, scenario: Scenario, *, place: str) -> Scenario:
    """Return a whole scenario as an event: it may differ from the one before in its shocks alone.

    Raises
    ------
    InputError
        Naming the key in which it differs otherwise.
    """
    for name in Scenario.model_fields:
        if name not in SAME and getattr(given, name) != getattr(scenario, name):
            raise InputError(
                f"the {name} is not that of the plan in force",
                place=f"{place} {name}",
                mend="take over that of the plan's scenario.yaml, or begin a new dialogue",
            )
    return given.model_copy(update={"economy": scenario.economy})
