"""The sections on the log in words, and on what not to conclude."""

from collections import Counter

from counterplan.dialogue.log import Kind, counted
from counterplan.dialogue.rounds import State
from counterplan.report.blocks import Block, Bullets, Fold, Paragraph, Section, bold
from counterplan.report.names import clean

LINES_MOST = 200
WORDS: dict[Kind, tuple[str, str]] = {
    Kind.DRAFT: ("draft of the centre", "drafts of the centre"),
    Kind.SILENT: ("time that workplaces were silent", "times that workplaces were silent"),
    Kind.LATE: ("arrival of late answers", "arrivals of late answers"),
    Kind.DIFFERENT: ("second, different answer", "times that answers differed from the first"),
    Kind.CONTRADICTION: ("answer that contradicts itself", "answers that contradict themselves"),
    Kind.REFUSED: ("refusal of what is not plausible", "refusals of what is not plausible"),
    Kind.UNKNOWN: ("answer to an unknown offer", "answers to unknown offers"),
    Kind.PROVED: ("new bound", "new bounds"),
    Kind.RAISED: ("bound that was raised", "bounds that were raised"),
    Kind.STAYED: ("time that the plan stayed", "times that the plan stayed"),
    Kind.MISSING: ("time that something was missing", "times that something was missing"),
    Kind.CHOSEN: ("choice of projects", "choices of projects"),
    Kind.QUOTA: ("word on quotas", "words on quotas"),
    Kind.OVERRIDDEN: ("word on overrides", "words on overrides"),
}
MEANT = (
    (
        (Kind.SILENT, Kind.LATE),
        "Who is silent keeps its last proposals; a late answer counts as soon as it is there, and "
        "can still complete the proof of the round it was meant for.",
    ),
    (
        (Kind.REFUSED, Kind.CONTRADICTION, Kind.UNKNOWN),
        "What was refused was mixed into no plan: a proposal out of nothing, or one that is worth "
        "more than its own bound.",
    ),
    (
        (Kind.DIFFERENT, Kind.RAISED),
        "Of two different answers to one offer both proposals are kept, and the larger bound "
        "counts.",
    ),
)


def log_section(state: State) -> Section:
    """Return what happened that somebody should know of, in words."""
    kinds = Counter(one.kind for one in state.log)
    if not kinds:
        return Section("log", "What happened on the way", (Paragraph("Nothing."),))
    counts = [counted(count, *WORDS[kind]) for kind, count in sorted(kinds.items())]
    blocks: list[Block] = [Bullets(tuple(counts), "The log has:")]
    blocks += [Paragraph(text) for among, text in MEANT if any(kinds[kind] for kind in among)]
    if not any(kinds[kind] for among, _ in MEANT for kind in among):
        blocks.append(Paragraph("Everybody answered every offer in time; nothing was refused."))
    lines = [f"{place_of(one.round)}: {clean(one.sentence)}." for one in state.log]
    left = len(lines) - LINES_MOST
    if left > 0:
        lines = [*lines[:LINES_MOST], f"{left:,} more lines stand in log.txt beside this page."]
    blocks.append(Fold("The log, line by line", (Bullets(tuple(lines)),)))
    return Section("log", "What happened on the way", tuple(blocks))


def place_of(number: int) -> str:
    """Return a round in words."""
    return f"Round {number + 1}" if number >= 0 else "Before the first round"


def limits() -> Section:
    """Say what the page does not say."""
    items = (
        ("The gap is no error of the plan", "it is the most that could be missing. The plan can "
         "be better than is proved; it cannot be worse. A large gap in the first rounds says "
         "little about the plan."),
        ("A valuation is not a price and not a merit", "it says what one more unit would do for "
         "this mandate, at this offer. Another mandate gives another one."),
        ("Side by side is not cause", "a branch's output and the valuation of what it makes stand "
         "beside each other. Outputs also move because others' do: inputs, work and foreign "
         "currency go to one use or another, and the centre mixes all proposals at once."),
        ("A large change is not a large branch", "changes are shares of the branch's own output; "
         "a small branch moves by much with little."),
        ("Far from the draft is not wrong", "the draft knows one mean technique a branch. Who ends "
         "far from it has other techniques, or other neighbours; nobody is blamed by it."),
        ("Silence is not refusal", "the page shows who did not answer in time, not why."),
        ("Nothing here says that answers were honest", "the plan is the best for what was "
         "proposed. What false reports cost, and what finds them, is an experiment of its own "
         "(counterplan honesty)."),
        ("Workplaces may be drawn", "where an economy was split, only the branches' totals are "
         "data: no figure of a workplace is a finding about a real one."),
    )  # fmt: skip
    return Section(
        "limits",
        "What not to conclude",
        (Bullets(tuple(bold(word) + ": " + text for word, text in items)),),
    )
