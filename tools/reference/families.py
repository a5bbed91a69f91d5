"""The page of the constraint families: each with its equation, its dual and its variables."""

import re
from importlib import import_module

from counterplan.plan.family import REGISTRY, Family
from tools.reference.markdown import code, first_paragraph, page, plain, table

MATH = re.compile(r"^( *)\.\. math::(.*(?:\n(?:\1 +.*| *(?=\n)))*)", re.MULTILINE)


def equations(docstring: str) -> list[str]:
    """Return the LaTeX of every displayed equation of a docstring."""
    blocks = (found[1].splitlines() for found in MATH.findall(docstring))
    return ["\n".join(line.strip() for line in lines if line.strip()) for lines in blocks]


def page_name(name: str) -> str:
    """Return the file name of a family's own page."""
    return f"{name.replace('_', '-')}.md"


def section(one: Family) -> str:
    """Return the section of one family."""
    docstring = one.rows.__doc__ or ""
    parts = [f"## {one.name}", first_paragraph(docstring)]
    parts += [f"```math\n{equation}\n```" for equation in equations(docstring)]
    parts.append(f"- Rows in: {one.unit}\n- Dual: {plain(one.dual)}")
    if one.variables:
        rows = [(code(make.__name__), first_paragraph(make.__doc__)) for make in one.variables]
        parts.append(table(["variable it brings in", "meaning"], rows))
    parts.append(f"Its page: [{page_name(one.name)}](../plan/{page_name(one.name)})")
    return "\n\n".join(part for part in parts if part)


def render() -> str:
    """Return the page of all families, in the order of the alphabet."""
    import_module("counterplan.plan.families")  # which fills the registry
    about = f"A plan keeps these {len(REGISTRY)} families of constraints, and any that you add."
    sections = [section(REGISTRY[name]) for name in sorted(REGISTRY)]
    return page(
        "Constraint families", source="`counterplan.plan.families`", parts=[about, *sections]
    )
