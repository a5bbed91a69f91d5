"""Where commands write files: what is there already is replaced only if it is of the same kind.

A file inside the folder of a plan or dialogue is never written: it would be no part of that, or
replace one, and a folder that holds anything else is no folder to go on in.
"""

from pathlib import Path

from counterplan.errors import InputError

HEAD_BYTES = 4096
REPORT_MARK = b'<meta name="generator" content="Counterplan '
POINTS_HEADS = ",level,slope,value_lost,residual,gap,certified"
PLAN_FILES = ("certificate.json", "scenario.yaml")
DIALOGUE_PARTS = ("dialogue.json", "answers", "rounds")


def refuse_report_target(path: Path) -> None:
    """Refuse to write a report over anything but a report, or into a plan or dialogue.

    Raises
    ------
    InputError
        Where one of these would happen.
    """
    refuse_inside_plan(path)
    refuse_inside_dialogue(path)
    if path.exists() and (path.is_dir() or REPORT_MARK not in head(path)):
        refuse_other(path, "a report")


def refuse_points_target(path: Path) -> None:
    """Refuse to write the points of a frontier over anything else, or into a plan or dialogue.

    Raises
    ------
    InputError
        Where one of these would happen.
    """
    refuse_inside_plan(path)
    refuse_inside_dialogue(path)
    if path.exists() and (path.is_dir() or not first_line(path).endswith(POINTS_HEADS)):
        refuse_other(path, "the points of a frontier")


def refuse_other(path: Path, what: str) -> None:
    """Say that a file is of another kind.

    Raises
    ------
    InputError
        Always.
    """
    if path.is_dir():
        raise InputError(f"'{path}' is a folder", mend="give the name of a file")
    raise InputError(f"'{path}' is there and is not {what}", mend="give the name of a new file")


def refuse_inside_plan(path: Path) -> None:
    """Refuse a file inside the folder of a plan, as it is named and as it is meant.

    Raises
    ------
    InputError
        Naming the plan.
    """
    for place in (path.absolute(), path.resolve()):
        for folder in place.parents:
            if all((folder / name).is_file() for name in PLAN_FILES):
                raise InputError(
                    f"'{path}' is inside the plan '{folder}'", mend="give a name outside of it"
                )


def refuse_inside_dialogue(path: Path) -> None:
    """Refuse a file or folder inside the folder of a dialogue, as it is named and as it is meant.

    Raises
    ------
    InputError
        Naming the dialogue.
    """
    for place in (path.absolute(), path.resolve()):
        for folder in place.parents:
            if all((folder / name).exists() for name in DIALOGUE_PARTS):
                raise InputError(
                    f"'{path}' is inside the dialogue '{folder}'", mend="give a name outside of it"
                )


def head(path: Path) -> bytes:
    """Return how a file begins."""
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)


def first_line(path: Path) -> str:
    """Return the first line of a file, as far as it is looked at."""
    return head(path).split(b"\n")[0].decode("utf-8", errors="replace").rstrip("\r")
