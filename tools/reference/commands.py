"""The page of the commands: every command, argument and option with its help."""

from collections.abc import Iterator
from typing import Any

import typer

from tools.reference.markdown import code, page, plain, table


def commands_of(group: Any, *, name: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """Yield full name and command, in the order of the alphabet, without hidden ones."""
    nested = getattr(group, "commands", None)
    if nested is None:
        yield name, group
        return
    for word, command in sorted(nested.items()):
        if not command.hidden:
            yield from commands_of(command, name=f"{name} {word}")


def spelling(parameter: Any) -> str:  # noqa: ANN401
    """Return how a parameter is written on the command line."""
    if parameter.param_type_name == "argument":
        return parameter.name.upper() + ("..." if parameter.nargs == -1 else "")
    return ", ".join([*parameter.opts, *parameter.secondary_opts])


def default(parameter: Any) -> str:  # noqa: ANN401
    """Return what holds when a parameter is left out."""
    if parameter.required:
        return "required"
    value = parameter.default
    if value is None or value is False or value in ([], ()):
        return ""
    return code(str(value() if callable(value) else getattr(value, "value", value)))


def usage(name: str, command: Any) -> str:  # noqa: ANN401
    """Return the command in one line."""
    words = [name]
    for parameter in command.params:
        if parameter.param_type_name == "argument":
            word = spelling(parameter)
            words.append(word if parameter.required else f"[{word}]")
    if any(one.param_type_name == "option" for one in command.params):
        words.append("[OPTIONS]")
    return f"```sh\n{' '.join(words)}\n```"


def section(name: str, command: Any) -> str:  # noqa: ANN401
    """Return one command's section."""
    shown = [one for one in command.params if not getattr(one, "hidden", False)]
    rows = [(code(spelling(one)), plain(one.help or ""), default(one)) for one in shown]
    parts = [f"## `{name}`", plain(command.help or ""), usage(name, command)]
    if rows:
        parts.append(table(["argument or option", "meaning", "default"], rows))
    return "\n\n".join(part for part in parts if part)


def render(app: typer.Typer) -> str:
    """Return the page of the commands of an application."""
    group = typer.main.get_command(app)
    sections = [section(name, command) for name, command in commands_of(group, name="counterplan")]
    codes = "Exit codes: 0 fine, 1 a check failed, 2 bad input. Every command answers `--help`."
    return page("Commands", source="`counterplan.cli`", parts=[codes, *sections])
