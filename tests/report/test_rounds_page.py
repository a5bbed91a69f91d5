"""The page of a dialogue: its figures against the plans of the rounds, its words, its shape."""

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import altair
import numpy as np
import pytest

from counterplan.dialogue.beginning import beginning
from counterplan.dialogue.exchange import Offer
from counterplan.dialogue.faults import Faults
from counterplan.dialogue.log import Event, Kind
from counterplan.dialogue.rounds import State
from counterplan.dialogue.whole import Hindrance, Whole
from counterplan.economy.economy import Floats
from counterplan.errors import InputError
from counterplan.plan.plan import Plan
from counterplan.report.charts import Line
from counterplan.report.drawing import WIDTH
from counterplan.report.numbers import change, figure, percent
from counterplan.report.rounds.chart import FLOOR, LEFT, RIGHT, gaps, text_of, ticks
from counterplan.report.rounds.history import saved_mixtures
from counterplan.report.rounds.moves import WORKPLACES_MOST, History
from counterplan.report.rounds.page import render_dialogue, write_dialogue
from counterplan.report.rounds.told import LINES_MOST
from tests.dialogue import holding
from tests.dialogue.honesty.test_page import Page
from tests.dialogue.test_faults import faulty, first, plain
from tests.dialogue.test_faults import held as held_over


@cache
def states() -> tuple[State, ...]:
    """Return the states of a dialogue that begins by the centre's statistics, round by round."""
    begin = beginning(plain())
    return tuple(plain().rounds(begin.first, drafts=begin.drafts, rounds_max=4))


@cache
def told() -> History:
    """Return its history."""
    return History(plain(), states()[-1], tuple(one.mixture for one in states()))


@cache
def page() -> Page:
    """Return its page."""
    return Page(render_dialogue(plain(), told().state, told().mixtures))


def plan_after(number: int) -> Plan:
    """Return the plan in force after a round, counted from 0."""
    return plain().plan(states()[number])


def yearly(plan: Plan) -> Floats:
    """Return the output of each workplace over the reported years, technique by technique."""
    economy, prices = plan.economy, plan.economy.products.prices
    total = np.zeros(len(economy.producers))
    for j, s in enumerate(economy.techniques.producer):
        worth = float(prices @ economy.techniques.output.toarray()[:, j])
        total[s] += worth * plan.activity().iloc[j].sum()
    return total


def on_trend() -> Floats:
    """Return the same of going on as before."""
    plan = plan_after(-1)
    economy = plan.economy
    worth = economy.products.prices @ economy.techniques.output.toarray()
    each = worth * economy.techniques.activity * plan.outlook.trend[:-1].sum()
    total: Floats = np.bincount(economy.techniques.producer, weights=each).astype(np.float64)
    return total


def valued(offer: Offer) -> Floats:
    """Return what products are worth at an offer against the basket, by the definition [n x T]."""
    plan, dialogue = plan_after(-1), plain()
    problem, outlook = plan.problem, plan.outlook
    place = {int(row): k for k, row in enumerate(dialogue.centre.rows)}
    rows = problem.rows["product_balance"].rows
    prices, values = plan.economy.products.prices, np.zeros((len(rows), len(plan.years)))
    for t in range(len(plan.years)):
        for i, row in enumerate(rows[:, t]):
            equal = problem.program.row_lower[row] == problem.program.row_upper[row]
            worth = offer.valuations[place[int(row)]] * (1 if equal else -1)
            values[i, t] = worth / outlook.periods.weights[t]
        basket = np.zeros(len(rows))
        np.add.at(basket, outlook.basket_product, plan.basket()[:, t])
        values[:, t] /= (values[:, t] @ basket) / (prices @ basket)
    return values


def worth_of(branch: int, offer: Offer) -> float:
    """Return what a branch made in the base period, at an offer, against base prices."""
    plan, values = plan_after(-1), valued(offer)
    economy, trend = plan.economy, plan.outlook.trend[:-1]
    own = [code == economy.branches()[branch] for code in economy.branch_of_technique()]
    made = economy.techniques.output.toarray() @ (economy.techniques.activity * own)
    return float(made @ values @ trend / (made @ economy.products.prices * trend.sum()))


def offered(number: int) -> Offer:
    """Return the last offer on the way of a round."""
    return [one for one in told().state.offers if one.number == number][-1]


# ---- who moved ----------------------------------------------------------------------------------


def test_moves_are_the_differences_of_the_plans_of_the_rounds() -> None:
    outputs = [on_trend(), *(yearly(plan_after(number)) for number in range(len(states())))]
    economy, branches = plan_after(-1).economy, told().branches
    assert len(told().moves) == len(states()) == 4
    for move, old, new in zip(told().moves, outputs[:-1], outputs[1:], strict=True):
        assert move.since == move.round - 1
        assert move.moved == pytest.approx(np.abs(new - old).sum() / on_trend().sum())
        for one in move.branches:
            own = np.array([b == branches[one.branch] for b in economy.producers.branches])
            wanted = (new - old)[own].sum() / on_trend()[own].sum()
            assert one.output == pytest.approx(wanted, abs=1e-12)
            assert one.part == pytest.approx((new - old)[one.workplace] / (new - old)[own].sum())
            assert own[one.workplace]
    assert any(move.branches for move in told().moves)


def test_branches_are_named_by_how_much_they_changed() -> None:
    for move in told().moves:
        sizes = [abs(one.output) for one in move.branches]
        assert sizes == sorted(sizes, reverse=True)


def test_valuations_are_those_of_the_offers_that_were_answered() -> None:
    seen = 0
    for move in told().moves:
        for one in move.branches:
            then = worth_of(one.branch, offered(move.since)) if move.since >= 0 else 1.0
            now = worth_of(one.branch, offered(move.round))
            assert one.valuation == pytest.approx(now / then - 1, abs=1e-9)
            seen += abs(one.valuation) > 1e-6
    assert seen > 1


def test_the_draft_is_the_same_for_all_of_a_branch_and_the_distance_that_of_the_plan() -> None:
    plan, economy = plan_after(-1), plan_after(-1).economy
    known = beginning(plain()).drafts[-1].activity
    trend = plan.outlook.trend[:-1]
    strayed = told().strayed()
    assert 0 < len(strayed) <= WORKPLACES_MOST
    away = np.zeros(len(economy.producers))
    for s, code in enumerate(economy.producers.branches):
        draft = known[economy.branches().index(code), :-1] @ trend / trend.sum()
        away[s] = abs(yearly(plan)[s] / on_trend()[s] - draft)
    for one in strayed:
        code = economy.producers.branches[one.producer]
        b = economy.branches().index(code)
        assert one.draft == pytest.approx(known[b, :-1] @ trend / trend.sum())
        assert one.plan == pytest.approx(yearly(plan)[one.producer] / on_trend()[one.producer])
        assert abs(one.plan - one.draft) == pytest.approx(away[one.producer])
        proved = told().state.proved
        assert proved is not None
        # All workplaces of this branch make one product.
        wanted = worth_of(b, proved.offer) / worth_of(b, offered(0)) - 1
        assert one.valuation == pytest.approx(wanted, abs=1e-9)
    assert sorted(away, reverse=True)[: len(strayed)] == pytest.approx(
        [abs(one.plan - one.draft) for one in strayed]
    )


def test_a_plan_that_stays_moves_nobody() -> None:
    mixture = states()[0].mixture
    still = History(plain(), told().state, (mixture, mixture, *told().mixtures[2:]))
    assert still.moves[1].branches == ()
    assert still.moves[1].moved == 0
    words = Page(render_dialogue(plain(), told().state, still.mixtures)).words
    assert "No output changed by a tenth of a per cent" in words


# ---- what is on the page ------------------------------------------------------------------------


def test_the_page_shows_every_round() -> None:
    rounds, yardstick = told().state.rounds, plain().yardstick
    for one in rounds:
        assert one.gap == pytest.approx((one.bound - one.value) / yardstick)
        for text in (figure(one.value, digits=3), text_of(100 * one.gap)):
            assert text in page().words
    certificate = plan_after(-1).certificate
    assert f"{text_of(100 * certificate.gap)}% of the consumption" in page().words
    gained = percent((rounds[-1].value - rounds[0].value) / yardstick, digits=2)
    assert gained in page().words


def test_the_page_shows_every_move_and_who_is_far_from_the_draft() -> None:
    for move in told().moves:
        assert f"the plan after round {move.round + 1}" in page().words or move.since < 0
        assert f"{percent(move.moved)} of all output moved" in page().words
        for one in move.branches:
            assert change(one.output) in page().words
            assert change(one.valuation) in page().words
    for stray in told().strayed():
        assert percent(stray.plan) in page().words
    assert "What not to conclude" in page().words
    assert "Everybody answered every offer in time; nothing was refused." in page().words


def test_the_page_needs_no_network_and_its_links_lead_somewhere() -> None:
    html = render_dialogue(plain(), told().state, told().mixtures)
    assert "<script" not in html
    assert {link for link in page().links if link[:1] == "#"} <= {f"#{a}" for a in page().anchors}
    assert not {link for link in page().links if link and link[0] not in "#d"}
    assert html.count("<figure") == html.count('role="img"') == 1
    for tag in ("section", "svg", "table", "tr", "td", "ul", "li", "details", "p", "figure"):
        assert len(re.findall(rf"<{tag}[ >]", html)) == html.count(f"</{tag}>"), tag
    identities = re.findall(r'\bid="([^"]+)"', html)
    assert len(identities) == len(set(identities))


def test_what_others_wrote_is_shown_as_text() -> None:
    evil = Event(0, Kind.REFUSED, "<b onclick=x>corn</b>", ("corn-1",))
    state = replace(told().state, log=(evil,))
    html = render_dialogue(plain(), state, told().mixtures)
    assert "<b onclick" not in html
    assert "&lt;b onclick" in html
    assert "1 refusal of what is not plausible" in html
    assert "What was refused was mixed into no plan" in html


def test_one_proposal_each_is_told_with_what_it_costs() -> None:
    who = np.ones(len(plain().parts.producers), dtype=bool)
    found = Whole(
        mixture=told().state.mixture,
        who=who,
        chosen=np.zeros(who.size, dtype=np.int64),
        split=7,
        loss=0.00123,
        short=0.0045,
        residual=0.0,
    )

    def text(whole: Whole | None) -> str:
        html = render_dialogue(plain(), told().state, told().mixtures, whole=whole)
        return " ".join(Page(html).words.split())

    assert "--whole" not in text(None)
    assert f"the mixture had split 7 of {who.size} workplaces" in text(found)
    assert "It costs 0.12% of the consumption of the reported years against" in text(found)
    assert "no plan is better by more than 0.45%. That is the plan in the folder" in text(found)
    far = text(replace(found, short=0.06))
    assert "by more than 6.0%. That is too much for a plan to promise anything" in far
    misses = (Hindrance("labour of workers, 2022", 3.0, 0.021),)
    none = text(replace(found, mixture=None, hindrances=misses))
    assert "the nearest misses labour of workers, 2022 by 2.1%" in none
    assert "The plan in the folder holds mixtures" in none


def test_a_long_dialogue_is_folded() -> None:
    long = replace(told().state, log=told().state.log * LINES_MOST)
    mixtures = told().mixtures[:1] * 4 + told().mixtures
    rounds = tuple(replace(long.rounds[0], number=k) for k in range(len(mixtures)))
    words = Page(render_dialogue(plain(), replace(long, rounds=rounds), mixtures)).words
    assert "The plans between" in words
    assert f"{len(long.log) - LINES_MOST:,} more lines stand in log.txt" in words


# ---- silence, and no plan -----------------------------------------------------------------------


def test_silence_and_late_answers_are_told_in_words() -> None:
    over = held_over(faulty(Faults(seed=5, silent=0.25, late=1, different=0.2)), rounds=4)
    state, mixtures = over[-1], tuple(one.mixture for one in over)
    words = Page(render_dialogue(plain(), state, mixtures)).words
    silent = [one for one in state.log if one.kind is Kind.SILENT]
    assert silent
    for one in silent:
        assert f"Round {one.round + 1}: {one.sentence}." in words
    assert f"{len(silent)} times that workplaces were silent" in words
    assert "Who is silent keeps its last proposals" in words
    assert "Everybody answered every offer in time" not in words
    # The first offer here says that nothing is worth anything: no change can be given.
    history = History(plain(), state, mixtures)
    assert all(np.isnan(one.valuation) for one in history.moves[0].branches)


def test_without_a_plan_the_page_says_so() -> None:
    state = next(iter(held_over(faulty(Faults(seed=5, silent=0.9)), rounds=1)))
    none = replace(state, mixture=None, totals=())
    lost = replace(none.rounds[0], value=np.nan, gap=np.nan, residual=np.nan, shortage=2.5)
    words = Page(render_dialogue(plain(), replace(none, rounds=(lost,)), (None,))).words
    assert "there is no plan that keeps every rule yet" in words
    assert "round 1: 2.5" in words
    assert "Who moved the plan" not in words


def test_before_the_first_round_there_is_a_page_too() -> None:
    words = Page(render_dialogue(plain(), plain().begin(first()), ())).words
    assert "in 0 rounds" in words
    assert "Nothing." in words
    assert "How the rounds went" not in words


def test_without_a_bound_the_page_promises_nothing() -> None:
    last = replace(told().state.rounds[-1], bound=np.inf, gap=np.inf, proved=-1)
    state = replace(told().state, totals=(), rounds=(*told().state.rounds[:-1], last))
    words = Page(render_dialogue(plain(), state, told().mixtures)).words
    assert "no bound is proved yet" in words
    assert "How much better another plan could be is not proved yet" in words


def test_quotas_under_which_no_round_was_held_are_no_part_of_what_was_proved() -> None:
    count = len(told().state.rounds)
    asked = Event(count, Kind.QUOTA, "quota of corn-1: it stands from now on", ("corn-1",))
    state = replace(told().state, log=(*told().state.log, asked))
    words = Page(render_dialogue(plain(), state, told().mixtures)).words
    assert "0 of them under the quotas that stand now" in words
    assert "no round was held under the quotas that stand now" in words
    assert "Before the quotas changed the gap fell" in words


def test_without_drafts_nobody_is_far_from_one() -> None:
    one = History(plain(), replace(told().state, pool=()), told().mixtures)
    assert one.strayed() == ()


# ---- from the disk ------------------------------------------------------------------------------


def test_the_page_from_the_folder_is_that_from_the_states(tmp_path: Path) -> None:
    found = list(holding.held(tmp_path, 3))
    mixtures = saved_mixtures(tmp_path, 3)
    for saved, state in zip(mixtures, found, strict=True):
        assert saved is not None
        assert state.mixture is not None
        np.testing.assert_array_equal(saved.weights, state.mixture.weights)
    write_dialogue(holding.dialogue(), found[-1], tmp_path)
    wanted = tuple(one.mixture for one in found)
    html = render_dialogue(holding.dialogue(), found[-1], wanted)
    assert (tmp_path / "dialogue.html").read_text(encoding="utf-8") == html
    # A dialogue with a page goes on.
    assert len(next(holding.held(tmp_path, 4)).rounds) == 4


def test_a_missing_round_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"0001\.npz"):
        saved_mixtures(tmp_path, 1)


# ---- the chart ----------------------------------------------------------------------------------


def test_the_axis_is_logarithmic_and_has_labels() -> None:
    series = [Line("proved", (200.0, 3.0, 0.0, float("inf")), "#000000")]
    spec = gaps(series, rounds=("1", "2", "3", "4"))
    rows = spec["layer"][0]["data"]["values"]
    assert [row["value"] for row in rows] == [200.0, 3.0, FLOOR]
    assert spec["layer"][0]["encoding"]["y"]["scale"]["type"] == "log"
    assert ticks(0.04, 300) == [0.1, 1.0, 10.0, 100.0]
    assert ticks(3, 90) == [5.0, 10.0, 20.0, 50.0]
    assert len(gaps(series, rounds=("1", "2", "3", "4"))["layer"]) == 3
    long = gaps([Line("p", (1.0,) * 20, "#000000")], rounds=[str(k) for k in range(20)])
    assert len(long["layer"]) == 2
    for one in (spec, long):  # altair carries the schema of Vega-Lite
        altair.LayerChart.from_dict(one, validate=True)


def test_lines_are_broken_where_the_quotas_changed() -> None:
    series = [Line("proved", (9.0, 3.0, -2.0, 8.0, 1.0), "#000000")]
    spec = gaps(series, rounds=("1", "2", "3", "4", "5"), breaks=(3,))
    rows = spec["layer"][0]["data"]["values"]
    assert [(row["period"], row["stretch"]) for row in rows] == [
        ("1", 0),
        ("2", 0),
        ("4", 1),
        ("5", 1),
    ]
    assert spec["layer"][0]["encoding"]["detail"]["field"] == "stretch"
    rule = next(one for one in spec["layer"] if one["mark"]["type"] == "rule")
    assert rule["data"]["values"] == [{"period": "4", "text": "other quotas"}]
    # Half-way between rounds 3 and 4, of five that stand 1 apart and 0.2 from the sides.
    assert rule["mark"]["xOffset"] == pytest.approx(-(WIDTH - LEFT - RIGHT) / 4.4 / 2)
    altair.LayerChart.from_dict(spec, validate=True)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-5.2, "-5.2"),
        (221.3, "221"),
        (78.6, "79"),
        (9.24, "9.2"),
        (0.0987, "0.099"),
        (0.0, "0"),
        (1234.0, "1,234"),
    ],
)
def test_gaps_have_two_digits(value: float, text: str) -> None:
    assert text_of(value) == text
