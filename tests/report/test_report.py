"""The page: whole, safe, offline, and with figures that agree with each other."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from counterplan.errors import InputError, LimitError
from counterplan.plan.make import make_plan
from counterplan.plan.plan import Plan
from counterplan.plan.ranges import ranges
from counterplan.report import report
from counterplan.report.findings import VARIANTS_MOST, Findings, find
from counterplan.report.report import render_report, write_report
from counterplan.report.sections.plans import beside
from tests.plan.builders import changed, scenario_of, two_branch_economy
from tests.report.plans import HOSTILE, Page, hostile_economy, number, packaged_plan

SECTIONS = [
    "short",
    "asked",
    "cost",
    "consumption",
    "branches",
    "trade",
    "capacities",
    "people",
    "physical",
    "variants",
    "certificate",
    "sources",
    "reading",
    "limits",
    "names",
]


def sections(page: Page) -> list[str]:
    """Return the anchors of a page's sections."""
    return [attributes["id"] or "" for tag, attributes in page.elements if tag == "section"]


# ---- whole -------------------------------------------------------------------------------


def test_every_section_is_there_and_linked(russian_page: Page) -> None:
    assert sections(russian_page) == SECTIONS
    links = [value for tag, key, value in russian_page.attributes() if key == "href"]
    assert links == ["data:,", "#short", *(f"#{anchor}" for anchor in SECTIONS)]


def test_every_chart_has_words_a_unit_and_a_source(russian_page: Page, russian_html: str) -> None:
    charts = [a for tag, a in russian_page.elements if tag == "svg" and a.get("role") == "img"]
    assert 8 <= len(charts) <= 14
    assert all(len(one["aria-label"] or "") > 20 for one in charts)
    figures = russian_html.count("<figure>")
    assert figures == len(charts)
    assert len(re.findall(r'<p class="unit">\S', russian_html)) == figures
    assert russian_html.count('<p class="source">Source: this plan') >= figures


def test_identities_are_used_once(russian_page: Page) -> None:
    found = [value for _, key, value in russian_page.attributes() if key == "id"]
    assert len(found) == len(set(found))


def test_headings_do_not_skip_a_level(russian_page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in russian_page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert set(levels) == {1, 2}


def test_the_page_is_small(russian_html: str) -> None:
    assert len(russian_html.encode()) < 1_000_000


@pytest.mark.parametrize(
    "scenario", ["three-workplaces-canal", "three-workplaces-dry-year", "three-workplaces-plain"]
)
def test_physical_units_projects_routes_and_no_reference(scenario: str) -> None:
    plan = packaged_plan(scenario)
    page = Page(render_report(find(plan)))
    assert sections(page) == [one for one in SECTIONS if one != "variants"]
    assert "the observed course, grown on its trend" in page.text
    assert "What the shock costs" not in page.text
    assert "branch and bound" in page.text
    assert "no plan under these rules can be better" in page.text
    begun = [t for t, z in enumerate(plan.quantity("project")[0]) if z > 0.5]
    (project,) = page.tables["Projects, built whole or not at all"][1:]
    assert project[0] == "An irrigation canal for 200 hectares"
    assert project[1] == f"begun in year {plan.years[begun[0]]}, opens 2 years later"
    goods = {row[0]: row[1:] for row in page.tables["Goods in their own units"][1:]}
    made = plan.economy.techniques.output @ plan.economy.techniques.activity
    bread = plan.economy.products.codes.index("bread")
    shown = [number(cell) for cell in goods["Bread, made, t"]]
    assert shown == pytest.approx([made[bread], *plan.output().loc["bread"]], abs=0.51)
    assert "Goods are counted in their own units (t and set)." in page.text
    assert "Steel \u2020, made, t" not in goods
    head, river = page.tables["What is carried between regions"]
    assert head[1] == "year 2"
    carried = plan.quantity("shipment")[0][: len(plan.years)]
    assert [number(cell) for cell in river[1:]] == pytest.approx(np.round(carried))


def test_a_project_that_is_never_begun_is_said_so() -> None:
    plan = packaged_plan("three-workplaces-canal", periods=1)
    primal = plan.primal.copy()
    primal[plan.problem.columns["project"] :][:2] = 0.0
    page = Page(render_report(find(replace(plan, primal=primal))))
    assert page.tables["Projects, built whole or not at all"][1][1] == "not begun"


def test_one_period_without_trade_people_or_emissions() -> None:
    economy = two_branch_economy()
    bare = replace(
        changed(
            economy,
            "trade",
            exports=np.zeros(2),
            imports_other=np.zeros(2),
            imports_investment=np.zeros(2),
        ),
        techniques=replace(
            economy.techniques,
            emission_codes=(),
            emission_units=(),
            emissions=economy.techniques.emissions[:0],
        ),
    )
    bare = changed(bare, "accounts", transfers=0.0)
    plan = make_plan(bare, scenario_of(periods=1))
    page = Page(render_report(find(plan, reference=plan, variants=[plan])))
    physical = {"Projects, built whole or not at all", "What is carried between regions"}
    assert not physical & set(page.tables)
    assert "The shock takes no foreign currency by itself." in page.text
    assert "Nothing falls notably below" in page.text


def test_what_the_estimates_move_is_shown_when_it_was_computed(small: dict[str, Plan]) -> None:
    crisis = small["crisis"]
    found = ranges(crisis.economy, crisis.scenario, draws=2)
    page = Page(render_report(find(crisis, ranges=found)))
    rows = page.tables["Lowest and highest of all draws"]
    for name, *cells in rows[1:]:
        key = next(row for row in found.low.index if str(row).capitalize() == name)
        for cell, low, high in zip(cells, found.low.loc[key], found.high.loc[key], strict=True):
            parts = [number(part) for part in cell.split(" to ")]
            assert parts == pytest.approx([low, high], abs=6e-4)
    failed = replace(found, uncertified=(1,))
    assert (
        "1 of them could not be certified" in Page(render_report(find(crisis, ranges=failed))).text
    )


# ---- safe and offline ------------------------------------------------------------------------

HTML = (
    "html head meta title link style body a header p h1 h2 span nav ol li main section ul div b "
    "figure figcaption table caption thead tbody tr th td details summary footer abbr"
)
SVG = "svg g path rect line text tspan circle"


def check_safe(html: str) -> Page:
    """Check that a page holds known elements only, runs nothing and loads nothing."""
    page = Page(html)
    assert page.tags() <= {*HTML.split(), *SVG.split()}
    for tag, key, value in page.attributes():
        assert not key.startswith("on"), f"<{tag} {key}>"
        assert key not in ("src", "srcset", "action", "background", "xlink:href", "data")
        if key == "href":
            assert value.startswith("#") or value == "data:,"
        assert "url(" not in value or value.startswith("url(#")
        assert "javascript:" not in value
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style
    assert "url(" not in style[1]
    assert "@import" not in style[1]
    return page


def test_the_page_loads_and_runs_nothing(russian_html: str) -> None:
    page = check_safe(russian_html)
    policies = [
        attributes["content"]
        for tag, attributes in page.elements
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert len(policies) == 1
    assert (policies[0] or "").startswith("default-src 'none'; style-src 'unsafe-inline'")


def test_names_cannot_become_markup() -> None:
    economy = hostile_economy()
    scenario = scenario_of().model_copy(update={"title": HOSTILE, "description": HOSTILE})
    plan = make_plan(economy, scenario)
    html = render_report(find(plan, reference=plan, variants=[plan]))
    page = check_safe(html)
    html.encode("utf-8")
    assert "<script>alert(1)</script>" in page.text  # as words
    assert "{{7*7}}" in page.text
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", html)


# ---- what it says -----------------------------------------------------------------------------


def test_a_table_in_money_has_no_units_of_its_own(russian_page: Page) -> None:
    assert "Goods in their own units" not in russian_page.tables
    assert "Goods are counted in their own units" not in russian_page.text


def test_notes_of_the_makers_stand_in_the_page(russian_page: Page) -> None:
    assert "extrapolated Russian outputs and value added of 2013 and 2014" in russian_page.text


def test_a_plan_that_is_not_certified_says_so(small: dict[str, Plan]) -> None:
    plan = small["crisis"]
    broken = replace(plan, certificate=replace(plan.certificate, gap=1e-3))
    html = render_report(find(broken))
    page = Page(html)
    assert page.text.count("NOT certified") == 3  # beside the title, in short, at the certificate
    assert 'class="verdict bad"' in html


def test_a_mandate_that_differs_is_told_of(small: dict[str, Plan]) -> None:
    page = Page(render_report(find(small["crisis"], reference=small["variant"])))
    assert "(Not so in the plan without the shock.)" not in page.text
    assert "It asks instead: Investment in Works is at least 1.3 times" in page.text
    page = Page(render_report(find(small["crisis"], reference=small["reference"])))
    assert "Reserves may be drawn down to 3.00 dollar. (Not so in the plan" in page.text
    page = Page(render_report(find(small["reference"], reference=small["crisis"])))
    assert "A shock of its own: The world price of exports of Corn is 0.500 times" in page.text


def test_capacity_built_beyond_need_is_told_of(small: dict[str, Plan]) -> None:
    plan = small["crisis"]
    found = find(plan, reference=small["reference"])
    worth = replace(found.worth, worth=found.worth.worth * 0.0)
    page = Page(render_report(replace(found, worth=worth)))
    assert re.search("Capacity in (Works and Farm|Farm and Works) is worth less", page.text)
    assert "No capacity of any weight is notably tighter than usual." in page.text


def test_long_tables_are_cut_and_say_so(
    monkeypatch: pytest.MonkeyPatch, russian_findings: Findings
) -> None:
    monkeypatch.setattr("counterplan.report.draft.ROWS_MOST", 20)
    page = Page(render_report(russian_findings))
    assert len(page.tables["Codes, names and units"]) == 21
    assert "35 more rows are in the saved plan." in page.text


def test_a_branch_without_investment_is_named(small: dict[str, Plan]) -> None:
    found = find(small["crisis"])
    none = found.now.investment.copy()
    none.loc["industry", "2022"] = 0.0
    page = Page(render_report(replace(found, now=replace(found.now, investment=none))))
    assert "No investment at all: Works in 2022 (1 in all)." in page.text


def test_sections_without_matter_are_left_out(small: dict[str, Plan]) -> None:
    found = find(small["crisis"])
    bare = replace(
        found,
        worth=replace(found.worth, order=(), weighty=()),
        level=found.level.drop(index="investment"),
        now=replace(found.now, currency=found.now.currency * 0.0),
    )
    page = Page(render_report(bare))
    assert "Nothing that is begun in the plan opens within it" in page.text
    none = replace(found, worth=replace(bare.worth, worth=found.worth.worth.iloc[:0]))
    assert "capacities" not in sections(Page(render_report(none)))
    for left_out in ("Investment is lowest", "Foreign currency is dearest", "tightest capacity"):
        assert left_out not in page.text


@pytest.mark.parametrize(
    ("title", "other", "shown"),
    [
        (
            "Russia in the crisis, with industry rebuilt",
            "Russia in the crisis",
            "With industry rebuilt",
        ),
        ("Three workplaces: no cuts", "Three workplaces: a dry year", "No cuts"),
        ("Self-reliance", "Russia in crisis", "Self-reliance"),
        ("The same", "The same", "The same"),
    ],
)
def test_a_chart_calls_a_variant_by_what_sets_it_apart(title: str, other: str, shown: str) -> None:
    assert beside(title, other) == shown


def test_variants_of_one_title_are_told_apart(small: dict[str, Plan]) -> None:
    found = find(small["crisis"], variants=[small["variant"], small["variant"]])
    html = render_report(found)
    assert "With more shops (2)" in html
    assert "With more shops (3)" in html


# ---- writing -------------------------------------------------------------------------------


def test_the_file_appears_whole(small: dict[str, Plan], tmp_path: Path) -> None:
    path = tmp_path / "new" / "report.html"
    write_report(small["crisis"], path, reference=small["reference"], variants=[small["variant"]])
    assert path.read_text(encoding="utf-8").endswith("</html>")
    assert [one.name for one in path.parent.iterdir()] == ["report.html"]
    assert path.stat().st_mode & 0o777 == 0o644
    write_report(small["reference"], path)
    assert "Corn as usual" in path.read_text(encoding="utf-8")


def test_nothing_is_written_when_the_plans_do_not_fit(
    small: dict[str, Plan], tmp_path: Path
) -> None:
    other = make_plan(two_branch_economy(), scenario_of(periods=2))
    with pytest.raises(InputError, match="the variant 'test' covers 2021 to 2022"):
        write_report(small["crisis"], tmp_path / "r.html", variants=[other])
    assert list(tmp_path.iterdir()) == []


def test_limits(small: dict[str, Plan], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LimitError, match="at most 4"):
        find(small["crisis"], variants=[small["variant"]] * (VARIANTS_MOST + 1))
    monkeypatch.setattr(report, "BYTES_MAX", 1000)
    with pytest.raises(LimitError, match="at most 1,000"):
        write_report(small["crisis"], tmp_path / "r.html")
    assert list(tmp_path.iterdir()) == []


def test_places_that_cannot_be_written(small: dict[str, Plan], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        write_report(small["crisis"], tmp_path)
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="cannot write"):
        write_report(small["crisis"], tmp_path / "file" / "r.html")
