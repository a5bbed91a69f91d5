"""The page of the scenario file: every key, what may stand there, and what holds without it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from tools.reference.markdown import code, page, plain, table

Node = Mapping[str, Any]

LIMITS = {
    "minimum": "at least {}",
    "exclusiveMinimum": "more than {}",
    "maximum": "at most {}",
    "exclusiveMaximum": "less than {}",
    "maxLength": "at most {} characters",
    "pattern": "matching {}",
}
WORDS = {
    "integer": "whole number",
    "number": "number",
    "string": "text",
    "boolean": "true or false",
}


def name_of(node: Node) -> str:
    """Return the name of the model that a part of the schema refers to."""
    return str(node["$ref"]).rpartition("/")[2]


def link(name: str) -> str:
    """Return a link to the section of a model on the same page."""
    return f"[{name}](#{name.lower()})"


def limits(node: Node) -> str:
    """Return the limits on a value in words."""
    words = [text.format(code(str(node[key]))) for key, text in LIMITS.items() if key in node]
    return f" ({', '.join(words)})" if words else ""


def kind(node: Node) -> str:
    """Return what may stand at a key, in words."""
    if "$ref" in node:
        return link(name_of(node))
    if "const" in node or "enum" in node:
        return " or ".join(code(str(value)) for value in node.get("enum", [node.get("const")]))
    if several := node.get("oneOf") or node.get("anyOf"):
        return " or ".join(kind(one) for one in several if one.get("type") != "null")
    if node.get("type") == "array":
        return f"list of {kind(node['items'])}"
    if node.get("type") == "object":
        inside = node.get("additionalProperties")
        return f"for each key: {kind(inside)}" if isinstance(inside, dict) else "any keys"
    return WORDS[node["type"]] + limits(node)


def own_defaults(node: Node) -> dict[str, Any]:
    """Return what a model holds when nothing is given, as far as it has defaults."""
    return {key: one["default"] for key, one in node["properties"].items() if "default" in one}


def default(key: str, node: Node, definitions: Mapping[str, Node]) -> str:
    """Return what holds when a key of a model is left out."""
    if key in node.get("required", []):
        return "required"
    one = node["properties"][key]
    value = one.get("default")
    if value is None or value == "":
        return ""
    if "$ref" in one and value == own_defaults(definitions[name_of(one)]):
        return "as listed there"
    return code(json.dumps(value, ensure_ascii=False))


def section(name: str, node: Node, definitions: Mapping[str, Node]) -> str:
    """Return the section of one model."""
    rows = [
        (
            code(key),
            kind(one),
            default(key, node, definitions),
            plain(one.get("description", "")),
        )
        for key, one in node["properties"].items()
    ]
    header = ["key", "what may stand there", "left out", "meaning"]
    return "\n\n".join([f"## {name}", plain(node.get("description", "")), table(header, rows)])


def references(node: object) -> Iterator[str]:
    """Yield the names of the models that a part of the schema refers to, in its order."""
    if isinstance(node, dict):
        if "$ref" in node:
            yield name_of(node)
        for key, inside in node.items():
            if key != "discriminator":
                yield from references(inside)
    elif isinstance(node, list):
        for inside in node:
            yield from references(inside)


def render(model: type[BaseModel]) -> str:
    """Return the page of a scenario model, each part after the first that uses it."""
    schema = model.model_json_schema()
    definitions = schema.pop("$defs", {})
    nodes = {model.__name__: schema}
    waiting = list(references(schema))
    while waiting:
        name = waiting.pop(0)
        if name not in nodes:
            nodes[name] = definitions[name]
            waiting += references(definitions[name])
    about = (
        "A scenario is one YAML file. A key that is not listed here is refused, "
        "and so is a number that is not finite."
    )
    sections = [section(name, node, definitions) for name, node in nodes.items()]
    return page("The scenario file", source=f"`{model.__module__}`", parts=[about, *sections])
