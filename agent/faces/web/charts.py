"""Charts as SVG by the width of the screen: Vega-Lite specifications, drawn here, so that a browser runs no library."""

import json
import math
from collections.abc import Sequence
from functools import cache
from typing import Any

from ....tools.quantiles import Array
from ...forecast.report import ForecastReport

WIDTHS = (330, 640, 1120)  # pixels: a phone, a tablet, a desk
NARROW, WIDE = WIDTHS[0], WIDTHS[-1]
DAY = {"zh": "%-m月%-d日"}  # of few periods ahead; in English 5 Jan
BANDS = (("q0.1", "q0.9"), ("q0.2", "q0.8"), ("q0.3", "q0.7"))
BLUE, GREY, RED = "#1d5fa8", "#444444", "#a8321d"
LOCALES = {"zh": "zh-CN"}  # of the months on the axis; English where there is none

FEW = 14  # periods that are named one by one

Values = list[dict[str, Any]]


@cache
def _converter() -> Any:
    import vl_convert  # a second, and no page that draws nothing waits for it

    return vl_convert


def warm() -> None:
    """Start what draws, so that the first chart waits no longer than the next."""
    _svg({"mark": "point", "data": {"values": []}}, "en", 10)


def fan(report: ForecastReport, dates: Sequence[str], sold: Array, title: str, lang: str, width: int = WIDE) -> str:
    """The history of a product, and its forecast with bands.

    Args:
        report: the forecast.
        dates: of the past periods, oldest first, ISO.
        sold: units of each, NaN where not known.
        title: of the axis of units.
        lang: of the months.
        width: in pixels.
    """
    ahead: Values = [{"ds": f"{step.ds}", "mean": step.mean, **_plain(step.quantiles)} for step in report.steps]
    past = _past(dates, sold)
    known = [one for one in past if one["y"] is not None]
    if known:  # the fan starts from the last known point
        ahead.insert(0, {"ds": known[-1]["ds"], **dict.fromkeys(_plain(report.steps[0].quantiles), known[-1]["y"])})
    layers = [
        _layer(ahead, {"type": "area", "opacity": 0.2, "color": BLUE}, _key(low), title, y2=_key(high))
        for low, high in BANDS
    ]
    layers.append(_layer(ahead, {"type": "line", "color": BLUE, "strokeWidth": 2}, _key("q0.5"), title))
    layers.append(_layer(past, {"type": "line", "color": GREY}, "y", title))
    return _svg({"layer": layers}, lang, width)


def plans(dates: Sequence[str], columns: Sequence[Sequence[float]], title: str, lang: str, width: int = WIDE) -> str:
    """A forecast as planned, grey, and under another plan, red, with its interval where that is known.

    Args:
        dates: of the periods ahead, ISO.
        columns: units a period: as planned, what if, and the low and high ends where they are known.
        title: of the axis of units.
        lang: of the months.
        width: in pixels.
    """
    values: Values = [
        {"ds": ds, **{f"c{at}": float(one) for at, one in enumerate(row)}}
        for ds, row in zip(dates, zip(*columns, strict=True), strict=True)
    ]
    layers = []
    if len(columns) > 3:
        layers.append(_layer(values, {"type": "area", "opacity": 0.2, "color": RED}, "c2", title, y2="c3"))
    for name, color in (("c0", GREY), ("c1", RED)):
        layers.append(_layer(values, {"type": "line", "color": color, "point": {"color": color}}, name, title))
    days = [dict(zip(("year", "month", "date"), map(int, ds.split("-")), strict=True)) for ds in dates]
    few = {"values": days} if len(days) <= FEW else {}
    return _svg({"layer": layers}, lang, width, {"format": DAY.get(lang, "%-d %b"), **few})


def points(line: Array, width: float = 120.0, height: float = 28.0) -> list[str]:
    """A small line of units a period as the points of SVG polylines, one for each stretch that is known."""
    known = line[~(line != line)]
    top = float(known.max()) if len(known) else 0.0
    step = width / max(len(line) - 1, 1)
    stretches: list[list[str]] = [[]]
    for at, value in enumerate(line):
        if math.isnan(value):
            stretches.append([])
        else:
            y = height - 2 - (height - 4) * (float(value) / top if top > 0 else 0.0)
            stretches[-1].append(f"{at * step:.1f},{y:.1f}")
    return [" ".join(one) for one in stretches if one]


def _past(dates: Sequence[str], sold: Array) -> Values:
    return [{"ds": ds, "y": None if math.isnan(value) else float(value)} for ds, value in zip(dates, sold, strict=True)]


def _key(level: str) -> str:
    return level.replace(".", "_")  # a point would be a path in a specification


def _plain(quantiles: dict[str, float]) -> dict[str, float]:
    return {_key(name): value for name, value in quantiles.items()}


def _layer(values: Values, mark: dict[str, Any], y: str, title: str, y2: str | None = None) -> dict[str, Any]:
    encoding: dict[str, Any] = {
        "x": {"field": "ds", "type": "temporal", "title": None},
        "y": {"field": y, "type": "quantitative", "title": title},
    }
    if y2 is not None:
        encoding["y2"] = {"field": y2}
    return {"data": {"values": values}, "mark": mark, "encoding": encoding}


def _svg(spec: dict[str, Any], lang: str, width: int, axis_x: dict[str, Any] | None = None) -> str:
    ticks = {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelColor": "#333"}
    whole = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": width,
        "height": 260 if width > NARROW else 200,
        "autosize": {"type": "fit", "contains": "padding"},
        "config": {
            "axis": ticks,
            "axisX": {"tickCount": 8 if width > NARROW else 4, "labelOverlap": True, **(axis_x or {})},
        },
        **spec,
    }
    made = _converter().vegalite_to_svg(json.dumps(whole), allowed_base_urls=[], time_format_locale=LOCALES.get(lang))
    return str(made)
