"""Charts as files: signed as ours, and no value of the data can break out of the page."""

import json
import re
import struct
import zlib
from html.parser import HTMLParser
from pathlib import Path

import pytest
from skucast.agent.faces.plots import chart, is_chart, save
from skucast.agent.faces.script import ScriptSafe
from skucast.agent.forecast.forecaster import Forecaster
from skucast.agent.forecast.report import ForecastReport
from skucast.tools.data.panel import Panel

from ..conftest import scripted

ATTACKS = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!--<script>",
    "]]></SCRIPT ><svg/onload=alert(1)>",
    "A&B \u2028 \"quoted\" 'too' \\u003c",
]


class Tags(HTMLParser):
    """What a browser makes of a page: its elements, and the text of its scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.scripts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] == "script" and self.scripts:
            self.scripts[-1] += data


def parsed(path: Path) -> Tags:
    tags = Tags()
    tags.feed(path.read_text(encoding="utf-8"))
    return tags


@pytest.fixture(scope="module")
def report(panel: Panel) -> ForecastReport:
    return Forecaster(scripted()).forecast(panel, ["B"], 4)[0]


@pytest.fixture(scope="module")
def plain(report: ForecastReport, panel: Panel, tmp_path_factory: pytest.TempPathFactory) -> Tags:
    path = tmp_path_factory.mktemp("plain") / "p.html"
    save([chart(report, panel.past_of("B"))], path)
    return parsed(path)


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_value_breaks_out_of_the_page(
    report: ForecastReport, panel: Panel, plain: Tags, attack: str, tmp_path: Path
) -> None:
    """In the title stand the id and the product's name; the page has the same elements, and shows the same text."""
    poisoned = report.model_copy(update={"unique_id": attack, "product": {"name": attack}})
    save([chart(poisoned, panel.past_of("B"))], tmp_path / "p.html")
    tags = parsed(tmp_path / "p.html")
    assert tags.tags == plain.tags
    spec, _ = json.JSONDecoder().raw_decode(
        tags.scripts[-1], tags.scripts[-1].index("{", tags.scripts[-1].index("spec"))
    )
    titles = [found for found in json.dumps(spec).split('"text": ') if found]
    assert any(found.startswith(json.dumps(f"SKU {attack}  {attack}")) for found in titles)


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_safe_in_a_script_is_the_same_json(attack: str) -> None:
    text = json.dumps({attack: [attack, 1.5, None]}, cls=ScriptSafe)
    assert json.loads(text) == {attack: [attack, 1.5, None]}
    assert not re.search(r"[<>&\u2028\u2029]", text)


@pytest.mark.parametrize("suffix", [".html", ".svg", ".png"])
def test_our_charts_are_known_by_their_content(
    report: ForecastReport, panel: Panel, suffix: str, tmp_path: Path
) -> None:
    path = tmp_path / f"chart{suffix.upper()}"
    drawn = chart(report, panel.past_of("B"))
    save([drawn], path)
    assert is_chart(path) and [one.name for one in tmp_path.iterdir()] == [path.name]
    theirs = tmp_path / f"theirs{suffix}"
    drawn.save(str(theirs))
    assert not is_chart(theirs)
    if suffix == ".png":
        assert chunks(path.read_bytes()) == ["IHDR", "tEXt", *chunks(theirs.read_bytes())[1:]]


def chunks(png: bytes) -> list[str]:
    """The kinds of a PNG's chunks, their checksums held against the content."""
    kinds, at = [], 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        content = png[at + 4 : at + 8 + length]
        assert zlib.crc32(content) == struct.unpack(">I", png[at + 8 + length : at + 12 + length])[0]
        kinds.append(content[:4].decode())
        at += 12 + length
    return kinds
