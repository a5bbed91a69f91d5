"""The page of the library: what each package offers, with the first paragraph of its docstring.

It is read from the source, not from the imported modules, so that the page does not change
with the version of Python.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tools.reference.markdown import first_paragraph, page

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def parse(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def public_files(package: Path) -> Iterator[Path]:
    """Yield the files that say what a package offers.

    A folder whose ``__init__`` has an ``__all__`` offers that, and its modules are its own
    affair; any other folder offers its modules.
    """
    yield package / "__init__.py"
    has_list = bool(exported(parse(package / "__init__.py")))
    for path in sorted(package.iterdir()):
        if path.name.startswith("_"):
            continue
        if (path / "__init__.py").is_file():
            yield from public_files(path)
        elif path.suffix == ".py" and not has_list:
            yield path


def exported(tree: ast.Module) -> list[str]:
    """Return the names in a module's ``__all__``."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return list(ast.literal_eval(node.value))
    return []


def definition(name: str, tree: ast.Module, *, source: Path) -> Definition | None:
    """Return the class or function that a name stands for, following imports."""
    for node in tree.body:
        if isinstance(node, Definition) and node.name == name:
            return node
        if not isinstance(node, ast.ImportFrom) or not node.module:
            continue
        base = source.joinpath(*node.module.split("."))
        origin = base / "__init__.py" if base.is_dir() else base.with_suffix(".py")
        for alias in node.names:
            is_module = (base / alias.name).with_suffix(".py").is_file()
            if (alias.asname or alias.name) == name and origin.is_file() and not is_module:
                return definition(alias.name, parse(origin), source=source)
    return None


def offered(tree: ast.Module, *, source: Path) -> list[Definition]:
    """Return the public classes and functions of a module, or those in its ``__all__``."""
    if names := exported(tree):
        found = (definition(name, tree, source=source) for name in sorted(names, key=str.lower))
        return [node for node in found if node]
    return public(tree.body)


def public(body: list[ast.stmt]) -> list[Definition]:
    """Return the definitions whose names do not start with an underscore."""
    nodes = (node for node in body if isinstance(node, Definition))
    return [node for node in nodes if not node.name.startswith("_")]


def signature(node: Function, *, owner: str = "") -> str:
    """Return a function's signature as it stands in the source, a method's without self."""
    name = f"{owner}.{node.name}" if owner else node.name
    returns = ast.unparse(node.returns) if node.returns else ""
    marks = {ast.unparse(one).rpartition(".")[2] for one in node.decorator_list}
    if marks & {"property", "cached_property"}:
        return f"{name}: {returns}"
    bound = len(node.args.args) and owner and "staticmethod" not in marks
    words = ast.unparse(node.args).split(", ", maxsplit=1)
    inside = "".join(words[1:]) if bound else ", ".join(words)
    return f"{name}({inside}) -> {returns}"


def entry(node: Definition, *, owner: str = "") -> str:
    """Return the line of one definition, and below a class those of its methods."""
    text = first_paragraph(ast.get_docstring(node))
    if isinstance(node, ast.ClassDef):
        bases = ", ".join(ast.unparse(base) for base in node.bases)
        head = f"class {node.name}({bases})" if bases else f"class {node.name}"
        methods = ["  " + entry(inner, owner=node.name) for inner in public(node.body)]
    else:
        head, methods = signature(node, owner=owner), []
    return "\n".join([f"- `{head}`: {text}".removesuffix(": "), *methods])


def section(path: Path, *, source: Path) -> str:
    """Return the section of one module or package."""
    tree = parse(path)
    name = ".".join(path.relative_to(source).with_suffix("").parts).removesuffix(".__init__")
    about = first_paragraph(ast.get_docstring(tree))
    entries = "\n".join(entry(node) for node in offered(tree, source=source))
    return "\n\n".join(part for part in (f"## `{name}`", about, entries) if part)


def render(package: Path) -> str:
    """Return the page of a package in a folder."""
    sections = [section(path, source=package.parent) for path in public_files(package)]
    about = "Arguments after `*` are given by name. Shapes and units stand in each docstring."
    source = f"the docstrings of `{package.name}`"
    return page("The library", source=source, parts=[about, *sections])
