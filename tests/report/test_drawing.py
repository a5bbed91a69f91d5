"""Drawings are text and shapes only, named apart, and said in words."""

import re
import xml.etree.ElementTree as ET

import pytest

from counterplan.errors import CounterplanError
from counterplan.report import drawing
from counterplan.report.charts import Bar, bars
from counterplan.report.drawing import drawn

HOSTILE = "</text><script>alert(1)</script> & \"quoted\" 'x' \u00e9\u4e2d"


def chart(label: str) -> str:
    """Draw one bar."""
    return str(drawn(bars([Bar(label, 1.0, "1")], title=""), name="a", alternative=label))


def test_a_drawing_scales_and_is_said_in_words() -> None:
    root = ET.fromstring(chart(HOSTILE))
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == HOSTILE
    assert "viewBox" in root.attrib
    assert not {"width", "height"} & set(root.attrib)


def test_labels_are_text_whatever_they_say() -> None:
    text = chart(HOSTILE)
    assert "<script" not in text
    assert any("script" in (one.text or "") for one in ET.fromstring(text).iter())


def test_identities_of_two_drawings_differ() -> None:
    texts = [
        str(drawn(bars([Bar("x", 1.0, "1")], title=""), name=name, alternative="x"))
        for name in ("one", "two")
    ]
    found = [set(re.findall(r'\bid="([^"]+)"', text)) for text in texts]
    assert not found[0] & found[1]
    for text in texts:
        used = set(re.findall(r"url\(#([^)]+)\)", text))
        assert used <= set(re.findall(r'\bid="([^"]+)"', text))


@pytest.mark.parametrize(
    "inside",
    ["<script/>", "<image/>", "<foreignObject/>", '<rect xlink:href="http://evil.example"/>'],
)
def test_anything_but_shapes_and_text_is_refused(
    monkeypatch: pytest.MonkeyPatch, inside: str
) -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f"{inside}</svg>"
    )
    monkeypatch.setattr(drawing.vl_convert, "vegalite_to_svg", lambda *_, **__: svg)
    with pytest.raises(CounterplanError, match="must not show"):
        drawn({}, name="a", alternative="x")


def test_identities_are_prefixed(monkeypatch: pytest.MonkeyPatch) -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg"><defs><clipPath id="clip1"/></defs>'
        '<g clip-path="url(#clip1)"/></svg>'
    )
    monkeypatch.setattr(drawing.vl_convert, "vegalite_to_svg", lambda *_, **__: svg)
    text = str(drawn({}, name="loss", alternative="x"))
    assert 'id="loss-clip1"' in text
    assert "url(#loss-clip1)" in text
