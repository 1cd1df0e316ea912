"""What a person sees: the terminal table and the chart files."""

import io
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console
from skucast.agent.faces.plots import chart, check_suffix, save
from skucast.agent.faces.show import Sparkline, band, footer, show, sparkline
from skucast.agent.forecast.explain import templated
from skucast.agent.forecast.forecaster import Forecaster
from skucast.agent.forecast.report import Claim, Explanation, ForecastReport
from skucast.prompts.messages.say import say_span
from skucast.tools.data.freq import span_of
from skucast.tools.data.panel import Panel
from skucast.tools.errors import InputError
from skucast.tools.messages import Units, shown

from ..conftest import scripted


@pytest.fixture(scope="module")
def report(panel: Panel) -> ForecastReport:
    return Forecaster(scripted()).forecast(panel, ["B"], 4)[0]


def text_of(report: ForecastReport, actual: list[float] | None = None) -> str:
    console = Console(width=100, record=True, file=io.StringIO())
    console.print(show(report, actual))
    return console.export_text()


def test_the_table_holds_the_numbers_drivers_and_explanation(report: ForecastReport) -> None:
    text = text_of(report)
    for step in report.steps:
        assert say_span(span_of(pd.Timestamp(step.ds), "W")) in text
    assert "total" in text and "Why" in text and "●" in text
    assert "all stand in the evidence" in text.replace("\n", " ")
    assert "actual" not in text
    assert "actual" in text_of(report, [100.0, 110.0, 120.0, 130.0])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_figure_stands_under_its_header(report: ForecastReport, lang: str) -> None:
    """The total's row too: mean, q10, q50, q90, and what was sold."""
    console = Console(width=100, record=True, file=io.StringIO())
    console.print(show(report, [100.0, 110.0, 120.0, 130.0], lang))
    row = next(line for line in console.export_text().splitlines() if line.strip("│ ").startswith(("total", "合计")))
    q = report.total.quantiles
    figures = [shown(Units(value)) for value in (report.total.mean, q["q0.1"], q["q0.5"], q["q0.9"], 460.0)]
    assert row.strip("│ ").split()[1:] == figures


def test_the_panel_by_hand_in_both_languages(report: ForecastReport) -> None:
    assert report.llm is not None
    part = report.llm.model_copy(update={"engine": "hf:local", "weight": 0.625})
    made = report.model_copy(update={"llm": part, "explanation": templated(report.evidence, "no connection")})
    base = ", ".join(report.base.members)
    assert footer(made).plain == (
        f"written by template: no connection · hf:local carries 62 % of this forecast · base: {base}"
    )
    assert footer(made, "zh").plain == f"由模板撰写：no connection · hf:local 在本预测中占 62% · 基础模型：{base}"
    plain = made.model_copy(update={"explanation": templated(report.evidence), "llm": None})
    assert footer(plain, "zh").plain == f"由模板撰写 · 基础模型：{base}"
    claims = [Claim(number="4", evidence="E1")] * 3
    told = plain.model_copy(update={"explanation": Explanation(text="4.", author="llm", claims=claims)})
    assert footer(told).plain == f"written by the LLM; its 3 numbers all stand in the evidence · base: {base}"
    assert footer(told, "zh").plain == f"由 LLM 撰写；其中 3 个数字均有依据 · 基础模型：{base}"
    console = Console(width=100, record=True, file=io.StringIO())
    console.print(show(made, [100.0] * 4, "zh"))
    text = console.export_text()
    for word in (
        "时段",
        "期望",
        "实际",
        "80% 预测区间",
        "合计",
        "说明",
        "2024-10-06 之后 4 周",
        "近期销量",
    ):
        assert word in text, word


def test_sparkline_by_hand() -> None:
    assert sparkline([0.0, 4.0, None, 8.0]) == "▁▅·█"
    assert sparkline([]) == ""
    assert sparkline([0.0]) == "▁"


@pytest.mark.parametrize("width", [80, 60, 40])
def test_a_sparkline_is_as_wide_as_there_is_room(report: ForecastReport, width: int) -> None:
    """60 days before 28: the forecast whole, the past as far as it goes; in a narrow box a block is two days."""
    days = report.model_copy(update={"recent": [5.0] * 59 + [10.0], "steps": report.steps * 7})
    console = Console(width=width, record=True, file=io.StringIO())
    console.print(show(days))
    lines = console.export_text().splitlines()
    assert all(len(line) == width for line in lines)
    assert len(lines[1].strip("│ ")) == width - 4 and not set(lines[2]) & set("▁▂▃▄▅▆▇█")


def test_blocks_are_means_by_hand() -> None:
    def shown(line: Sparkline, width: int) -> str:
        console = Console(width=width, record=True, file=io.StringIO())
        console.print(line)
        return console.export_text().rstrip("\n")

    assert shown(Sparkline([0.0, 8.0], [4.0]), 10) == "▁█▅"
    assert shown(Sparkline([8.0, 0.0, None, 8.0], [4.0]), 4) == "▁·█▅"
    assert shown(Sparkline([9.0, 4.0, 0.0, 8.0, None], [0.0, 8.0, 4.0, 4.0]), 4) == "▃█▅▅"


def test_band_by_hand() -> None:
    assert band(0, 5, 10, 10, width=11).plain == "━━━━━●━━━━━"
    assert band(0, 0, 0, 0, width=3).plain == "●  "


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".png", ".svg", ".html"])
def test_charts_are_written(report: ForecastReport, panel: Panel, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"chart{suffix}"
    save([chart(report, panel.past_of("B"), panel.past_of("B").tail(4))] * 2, path)
    head = path.read_bytes()
    if suffix == ".png":
        assert head[:8] == b"\x89PNG\r\n\x1a\n"
    else:
        assert b"SKU B" in head
        assert b'src="http' not in head  # a page that needs no network


def test_charts_that_cannot_be_written(report: ForecastReport, panel: Panel, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"valid choices: \.png, \.svg, \.html"):
        check_suffix(tmp_path / "chart.bmp")
    with pytest.raises(InputError, match="cannot be written"):
        save([chart(report, panel.past_of("B"))], tmp_path / "no" / "such" / "chart.png")
