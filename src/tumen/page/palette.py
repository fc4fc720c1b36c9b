"""Colours and type of all charts: Okabe and Ito's colours, which colour-blind readers tell apart.

A chart uses these values only: the style sheet turns each into another where the reader's screen
is dark, so that one drawing serves both.
"""

from __future__ import annotations

from typing import Any

INK = "#1f2328"
SOFT = "#59636e"
GRID = "#d8dee4"
LAND = "#e7ebef"
BORDER = "#fdfdfd"
PAPER = "#ffffff"
GREY = "#8c959f"
BLUE = "#0072b2"
SKY = "#56b4e9"
ORANGE = "#e69f00"
GREEN = "#009e73"
VERMILION = "#d55e00"
PURPLE = "#cc79a7"

BLACK, WHITE = "#000000", "#fffffe"
"""On coloured fields, whatever the screen."""
OPEN, HIDDEN = BLUE, ORANGE
"""Trade that partners record, and what nobody does."""
LOSS, GAIN = VERMILION, BLUE

WIDTH = 640
"""Pixels of a chart's plot."""
FONT = "sans-serif"

CONFIG: dict[str, Any] = {
    "font": FONT,
    "aria": False,
    "background": "transparent",
    "view": {"stroke": None},
    "axis": {
        "labelColor": INK,
        "titleColor": SOFT,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "gridColor": GRID,
        "domainColor": GREY,
        "tickColor": GREY,
        "labelLimit": 0,
        "titlePadding": 8,
    },
    "text": {"color": INK, "fontSize": 12},
    "legend": {
        "labelColor": INK,
        "titleColor": SOFT,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "orient": "top",
        "symbolType": "square",
        "labelLimit": 0,
    },
    "header": {"labelColor": INK, "labelFontSize": 12, "titleColor": SOFT},
    "title": {"color": INK, "fontSize": 12, "fontWeight": "normal", "anchor": "start"},
}
"""Of Vega-Lite. A limit on labels would take as long as the rest of a drawing."""
