"""Why there is not more: parts that add up to the valuation."""

from dataclasses import replace

import pytest

from counterplan.plan.explain import explain
from counterplan.plan.plan import Plan
from counterplan.report.cuts import Cut
from counterplan.report.findings import Findings
from counterplan.report.reason import reason_of


def cut(code: str, kind: str = "consumption") -> Cut:
    """Return a cut of which only kind and code matter."""
    return Cut(kind, code, "", -1.0, -1.0, -0.1, "2021", -0.1)


def test_the_parts_add_up(russian_findings: Findings) -> None:
    reason = russian_findings.reason
    assert reason is not None
    assert sum(value for _, value in reason.parts) == pytest.approx(reason.valuation, abs=1e-9)
    assert sum(reason.shares()) == 100
    assert reason.period != russian_findings.years[0]
    largest = next(one for one in russian_findings.cuts if one.kind == "consumption")
    assert reason.code == largest.code


def test_the_valuation_is_the_plans(russian_findings: Findings) -> None:
    reason = russian_findings.reason
    assert reason is not None
    values = russian_findings.plan.valuations().loc[reason.code]
    assert reason.valuation == round(float(values[reason.period]), 3)
    assert values[reason.period] == values.iloc[1:].max()
    assert reason.price == 1.0


def test_skills_are_taken_together(russia: dict[str, Plan]) -> None:
    reason = reason_of(russia["crisis"], (cut("C29"),))
    assert reason is not None
    said = explain(russia["crisis"], "C29", reason.period)
    work = sum(part.value for part in said.total if part.kind == "labour")
    assert sum(part.kind == "labour" for part in said.total) == 3
    assert dict(reason.parts)["People, all skills together"] == pytest.approx(work, abs=5e-4)


def test_without_a_cut_in_consumption_there_is_no_reason(small: dict[str, Plan]) -> None:
    assert reason_of(small["crisis"], ()) is None
    assert reason_of(small["crisis"], (cut("machine", "imports"),)) is None
    assert reason_of(small["crisis"], (cut("machine"),)) is not None


def test_what_is_worth_nothing_has_no_reason(
    small: dict[str, Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = explain(small["crisis"], "corn")
    monkeypatch.setattr(
        "counterplan.report.reason.explain", lambda *_: replace(said, valuation=0.0)
    )
    assert reason_of(small["crisis"], (cut("corn"),)) is None
