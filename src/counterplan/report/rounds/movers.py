"""The sections on who moved the plan and why, and on who ends far from the draft."""

from math import isfinite

from counterplan.report.blocks import Block, Fold, Paragraph, Section, Table, rows_of
from counterplan.report.names import Names, clean, names_of
from counterplan.report.numbers import change, percent
from counterplan.report.rounds.moves import BRANCHES_MOST, History, Move, Moved

MOVES_SHOWN = 4  # the others are folded
SOURCE = "Source: recomputed from the saved rounds of this dialogue."
READING = (
    "Output: change over the reported years, of base output on trend. Valuation: of what the "
    "branch made in the base period, against the basket of the households' consumption, over the "
    "reported years. Mainly at: the workplace with the largest part of the change, and its part of "
    "it (above 100% where others went the other way)."
)


def moves_section(history: History) -> Section:
    """Return who moved the plan, and at which valuations."""
    moves, names = history.moves, names_of(history.economy)
    blocks: list[Block] = [
        Paragraph(
            "Between one plan in force and the next, outputs change: a new offer values a "
            "branch's products higher or lower, its workplaces propose more or less of them, and "
            "the centre can mix what it could not mix before. Here are, for each new plan, the "
            f"{BRANCHES_MOST} branches whose output changed most, and how the offer that they "
            "answered valued their products against the one before."
        ),
        Paragraph(summary(history, moves[-1], names)),
        Paragraph(READING),
    ]
    tables = tuple(move_table(history, one, names) for one in moves)
    # The first plan and the last are what most readers ask for.
    if len(tables) <= MOVES_SHOWN:
        blocks += tables
    else:
        half = MOVES_SHOWN // 2
        fold = Fold("The plans between", tables[half:-half])
        blocks += [*tables[:half], fold, *tables[-half:]]
    return Section("moved", "Who moved the plan, and why", tuple(blocks))


def summary(history: History, last: Move, names: Names) -> str:
    """Return in a sentence or two what the first plan and the last one changed."""
    first = history.moves[0]
    text = (
        f"The first plan moved {percent(first.moved)} of all output against going on as before"
        f"{most(history, first, names)}."
    )
    if last.round == first.round:
        return text
    later = f"the last plan, after round {last.round + 1},"
    if not last.branches:
        return f"{text} To {later} nothing changed that can be seen."
    return f"{text} To {later} it was {percent(last.moved)}{most(history, last, names)}."


def most(history: History, move: Move, names: Names) -> str:
    """Return which branch moved most, as the end of a sentence."""
    if not move.branches:
        return ""
    one = move.branches[0]
    label = branch_label(history, one.branch, names)
    return f", most of all {label} ({change(one.output)} of its base output)"


def move_table(history: History, move: Move, names: Names) -> Table:
    """Return the branches that changed most from one plan in force to the next."""
    rows = [
        (
            branch_label(history, one.branch, names),
            who(history, one),
            change(one.output),
            change(one.valuation),
        )
        for one in move.branches
    ]
    if move.since < 0:
        title = f"To the first plan, after round {move.round + 1}, from going on as before"
        against = "against base-period prices"
    else:
        title = f"To the plan after round {move.round + 1}, from the plan after {move.since + 1}"
        against = f"between the offers of rounds {move.since + 1} and {move.round + 1}"
    note = f"{percent(move.moved)} of all output moved. Valuations: change {against}. {SOURCE}"
    nobody = (("No output changed by a tenth of a per cent", "", "", ""),)
    return Table(
        title,
        ("branch", "mainly at", "output", "valuation of what it makes"),
        rows_of(rows or nobody),
        note=note,
        texts=2,
        estimated=True,
    )


def who(history: History, one: Moved) -> str:
    """Return the workplace with the largest part in a change, and its part."""
    name = place_label(history.economy.producers.names[one.workplace])
    return f"{name} ({percent(one.part, digits=0)})" if isfinite(one.part) else name


def branch_label(history: History, branch: int, names: Names) -> str:
    """Return a branch's label: that of the product it is called after, which is shorter."""
    code = history.branches[branch]
    return names.products.get(code, names.branches[code])


def place_label(name: str) -> str:
    """Return what tells a workplace from the others of its branch, beside the branch's label."""
    last = clean(name).rpartition(", ")[2]
    return last if last.startswith("workplace ") else clean(name)


def strayed_section(history: History) -> Section:
    """Return the workplaces that end farthest from the draft of their branch."""
    economy, strayed, names = history.economy, history.strayed(), names_of(history.economy)
    title = "Whose plan is far from the centre's draft"
    text = (
        "Before the first round the centre suggests a course to each branch, from its own "
        "statistics, which know one mean technique a branch. It binds nobody. How far workplaces "
        "end from it says what the centre did not know."
    )
    if not strayed:
        nothing = "No workplace ends elsewhere, or no workplace could follow a draft."
        return Section("far", title, (Paragraph(text), Paragraph(nothing)))
    rows = [
        (
            names.products[economy.products.codes[one.product]],
            place_label(economy.producers.names[one.producer]),
            percent(one.draft),
            percent(one.plan),
            change(one.valuation),
        )
        for one in strayed
    ]
    table = Table(
        "Workplaces that end farthest from the draft of their branch",
        ("makes most of", "workplace", "draft", "plan", "valuation since the first offer"),
        rows_of(rows),
        note=(
            "Draft and plan: output over the reported years, of the workplace's base output on "
            "trend. Valuation: what it made in the base period, against the basket of the "
            "households' consumption, at the plan's valuations against the first offer's. "
            f"{SOURCE}"
        ),
        texts=2,
        estimated=True,
    )
    return Section("far", title, (Paragraph(text), table))
