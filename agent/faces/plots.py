"""Forecast charts as files: PNG, SVG, or one self-contained HTML page, all from one chart."""

import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd

from ...prompts.messages.say import say
from ...tools.data.groups import Group
from ...tools.data.panel import PERIOD_NAME
from ...tools.errors import InputError
from ...tools.files import check_writable, replacing
from ...tools.insight.answer import group_name
from ..forecast.report import ForecastReport
from .script import ScriptSafe

MARKS = {  # what tells our charts from a person's own: near the beginning, and not shown
    ".png": b"tEXtSoftware\0skucast",
    ".svg": b"<!-- made by skucast -->",
    ".html": b'<meta name="generator" content="skucast">',
}
SUFFIXES = tuple(MARKS)
PNG_START = 33  # bytes of the signature and the first chunk
HEAD = 4096  # bytes within which it stands
BANDS = (("q0.1", "q0.9"), ("q0.2", "q0.8"), ("q0.3", "q0.7"))
BLUE = "#2b6cb0"


def check_suffix(path: Path) -> Path:
    """Refuse a chart file of a kind that cannot be written, before any work is done.

    Raises:
        InputError: the suffix is none of .png, .svg, .html.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(
            f"plot {path}: cannot write {path.suffix or 'a file without suffix'!r}; "
            f"valid choices: {', '.join(SUFFIXES)}"
        )
    return path


def chart(report: ForecastReport, history: pd.DataFrame, actual: pd.DataFrame | None = None) -> Any:
    """The fan chart of one report.

    Args:
        report: the forecast.
        history: past periods `ds, y` to draw before it, oldest first.
        actual: what was really sold in the horizon, `ds, y`, where that is known.
    """
    fan = pd.DataFrame([{"ds": pd.Timestamp(step.ds), **step.quantiles} for step in report.steps])
    last = history.dropna(subset=["y"]).tail(1)
    if not last.empty:  # let the fan start from the last known point
        start = {"ds": last["ds"].iloc[0], **dict.fromkeys(report.steps[0].quantiles, float(last["y"].iloc[0]))}
        fan = pd.concat([pd.DataFrame([start]), fan], ignore_index=True)
    x = alt.X("ds:T", title=None)
    y_title = f"units a {PERIOD_NAME[report.freq]}"
    layers = [
        alt.Chart(fan)
        .mark_area(opacity=0.2, color=BLUE)
        .encode(x=x, y=alt.Y(f"{_escape(low)}:Q", title=y_title), y2=f"{_escape(high)}:Q")
        for low, high in BANDS
    ]
    tip = [
        alt.Tooltip("ds:T"),
        *[alt.Tooltip(f"{_escape(q)}:Q", title=q, format=".1f") for q in ("q0.1", "q0.5", "q0.9")],
    ]
    layers.append(alt.Chart(fan).mark_line(color=BLUE).encode(x=x, y=f"{_escape('q0.5')}:Q", tooltip=tip))
    layers.append(alt.Chart(history[["ds", "y"]]).mark_line(color="#444").encode(x=x, y="y:Q", tooltip=["ds:T", "y:Q"]))
    if actual is not None:
        layers.append(
            alt.Chart(actual[["ds", "y"]])
            .mark_point(color="#2f855a", filled=True, size=50)
            .encode(x=x, y="y:Q", tooltip=["ds:T", "y:Q"])
        )
    name, of = next(iter(report.product.values()), ""), Group.of(report.unique_id)
    title = alt.TitleParams(
        f"SKU {report.unique_id}  {name}" if of is None else say(group_name(of)),
        subtitle=f"median and 40, 60, 80 % intervals; known to {report.cutoff}",
        anchor="start",
    )
    return alt.layer(*layers).properties(title=title, width=720, height=260)


def save(charts: Sequence[Any], path: Path, *, folder_too: bool = False) -> None:
    """Write the charts, one below the other. HTML carries its scripts inside and needs no network.

    Args:
        charts: of `chart`.
        path: .png, .svg or .html.
        folder_too: make folders that are missing.

    Raises:
        InputError: the suffix is another, or the file cannot be written.
    """
    suffix = check_suffix(path).suffix.lower()
    check_writable(path, f"plot {path}", folder_too=folder_too)
    page, mark = alt.vconcat(*charts), MARKS[suffix]
    with replacing(path, f"plot {path}") as beside:
        if suffix == ".html":
            text = page.to_html(inline=True, json_kwds={"cls": ScriptSafe})
            beside.write_bytes(text.encode().replace(b"<head>", b"<head>\n  " + mark, 1))
            return
        page.save(str(beside), format=suffix[1:], scale_factor=2 if suffix == ".png" else 1)
        made = beside.read_bytes()
        at = made.index(b">") + 1 if suffix == ".svg" else PNG_START
        beside.write_bytes(made[:at] + (mark if suffix == ".svg" else _chunk(mark)) + made[at:])


def is_chart(path: Path) -> bool:
    """Whether a file is a chart that `save` wrote."""
    with path.open("rb") as file:
        return MARKS.get(path.suffix.lower(), b"\0no chart") in file.read(HEAD)


def _chunk(mark: bytes) -> bytes:
    """A chunk of a PNG file: length, kind and content, checksum."""
    return (len(mark) - 4).to_bytes(4, "big") + mark + zlib.crc32(mark).to_bytes(4, "big")


def _escape(column: str) -> str:
    return column.replace(".", r"\.")
