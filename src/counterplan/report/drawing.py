"""Drawing: from a Vega-Lite specification to SVG that can stand in a page.

The specifications are written out as dictionaries: importing altair would take longer than
drawing all charts, and the tests check them against its schema.
"""

import re
import xml.etree.ElementTree as ET
from typing import Any

import vl_convert
from markupsafe import Markup

from counterplan.errors import CounterplanError

Specification = dict[str, Any]

WIDTH = 420
FONT = "'Helvetica Neue', Arial, 'Liberation Sans', Roboto, 'DejaVu Sans Condensed', sans-serif"
INK, SOFT, LINE = "#1f2328", "#57606a", "#d5d9de"
# Okabe and Ito's colours, told apart with every common kind of colour blindness.
BLUE, ORANGE, GREEN, PURPLE = "#0072b2", "#d55e00", "#009e73", "#a6557f"
AMBER, SKY, GREY, BLACK = "#c98500", "#56b4e9", "#7a828c", "#24292f"
SERIES = (BLUE, ORANGE, GREEN, PURPLE, AMBER, SKY)
SHAPES = {"svg", "g", "path", "rect", "line", "circle", "text", "tspan", "title", "desc"}
ALLOWED = {*SHAPES, "defs", "clipPath", "linearGradient", "stop"}
VERSION = "6.1"
IDENTITY = re.compile(r'(\bid="|url\(#)([A-Za-z])')


def specification(
    layers: list[Specification], *, height: int, left: int, right: int, bottom: int = 30
) -> Specification:
    """Return a chart of layers with the fixed outer width that every chart of the report has.

    Parameters
    ----------
    height
        Of the plot, pixels; ``left``, ``right``, ``bottom`` is the room for labels around it.
    """
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": WIDTH - left - right,
        "height": height,
        "padding": {"left": left, "right": right, "top": 12, "bottom": bottom},
        "autosize": "none",
        "background": "#ffffff",
        "layer": layers,
        "config": CONFIG,
    }


CONFIG: Specification = {
    "font": FONT,
    "aria": False,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 12,
        "labelColor": INK,
        "labelLimit": 220,
        "titleFontSize": 12,
        "titleColor": SOFT,
        "titleFontWeight": "normal",
        "gridColor": LINE,
        "domain": False,
        "ticks": False,
        "labelPadding": 6,
    },
    "text": {"fontSize": 12, "color": INK},
}


def drawn(spec: Specification, *, name: str, alternative: str) -> Markup:
    """Draw a chart as SVG for a page.

    Parameters
    ----------
    name
        Goes before every identity inside, because a page holds many charts.
    alternative
        What the chart says, in words.

    Raises
    ------
    CounterplanError
        When the drawing holds anything but shapes and text.
    """
    text = vl_convert.vegalite_to_svg(spec, vl_version=VERSION)
    root = ET.fromstring(text)
    for element in root.iter():
        tag = element.tag.rpartition("}")[2]
        if tag not in ALLOWED or any("href" in key for key in element.attrib):
            raise CounterplanError(f"a chart holds a <{tag}>, which a report must not show")
    for extent in ("width", "height"):
        root.attrib.pop(extent, None)
    root.attrib.update({"role": "img", "aria-label": alternative})
    ET.register_namespace("", "http://www.w3.org/2000/svg")
    lean = ET.tostring(root, encoding="unicode")
    return Markup(IDENTITY.sub(rf"\g<1>{name}-\g<2>", lean))
