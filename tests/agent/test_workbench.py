"""The workbench: the same data, forecaster, desk and caller whoever asks, here or unpickled in a worker elsewhere."""

import pickle
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from skucast.agent.chat.rules import RulesModel
from skucast.agent.forecast.base import CombinedBase
from skucast.agent.workbench import Workbench
from skucast.tools.errors import InputError

NUMBERS = Workbench(engine="none", quick=True)
CUTOFF = pd.Timestamp("2024-09-01")


@pytest.fixture
def bench(sales_csv: Path) -> Workbench:
    return replace(NUMBERS, data=str(sales_csv))


def test_data_is_named_once() -> None:
    with pytest.raises(InputError, match="no data: name a CSV"):
        NUMBERS.source()
    with pytest.raises(InputError, match=r"either a file \(a.csv\) or --demo"):
        replace(NUMBERS, data="a.csv", demo=True).source()


def test_without_an_llm_statistics_forecast_and_a_template_explains(bench: Workbench) -> None:
    maker = bench.forecaster(bench.source().panel())
    assert (maker.engine, maker.slots, maker.tools) == (None, None, None)
    assert maker.explanations == "llm"  # who would, where there was one
    assert replace(bench, lang="zh").forecaster(bench.source().panel()).explanations == "template"
    asked = replace(bench, explain="llm", samples=9, shots=2, seed=4)
    own = asked.forecaster(bench.source().panel(), explain="template")
    assert (own.explanations, own.samples, own.shots, own.seed) == ("llm", 9, 2, 4)


def test_combined_tools_learn_from_what_they_are_handed(bench: Workbench) -> None:
    panel = bench.source().panel()
    made = replace(bench, quick=False, country="DE", seed=3).forecaster(panel, read=panel.select, catalogue=["A"])
    assert isinstance(made.tools, CombinedBase)
    assert made.tools.panel.unique_ids == ["A"]
    assert (made.tools.toolbox.country, made.tools.toolbox.seed) == ("DE", 3)


def test_quick_is_statistics_alone(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    """No LLM is opened, whatever its name, and nothing is learned."""

    def opened(*_: object, **__: object) -> None:
        raise AssertionError("an LLM was opened")

    for name in ("open_llm", "open_slots"):
        monkeypatch.setattr(f"skucast.agent.engines.opening.{name}", opened)
    asked = replace(bench, engine="hf:", model="default")
    panel = bench.source().panel()
    maker = asked.forecaster(panel)
    assert (maker.engine, maker.slots, maker.tools) == (None, None, None)
    report = maker.forecast(panel, ["B"], 4)[0]
    assert report.llm is None and "SeasonalNaive" in report.base.members and "GBM" not in report.base.members
    assert not asked.llm_in_process
    with pytest.raises(AssertionError, match="opened"):
        replace(asked, quick=False).forecaster(panel)


def test_a_desk_and_its_caller(bench: Workbench, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "n.csv").write_text("ds,title,text\n2024-02-01,Strike,The port is closed\n")
    bench = replace(bench, notes=tmp_path / "notes", lang="zh")
    desk = bench.desk()
    assert desk.panel.unique_ids == ["A", "B", "C", "D"]
    assert desk.source_digest == bench.source().digest
    assert (desk.country, desk.forecaster.lang, desk.forecaster.explanations) == ("US", "en", "template")
    assert desk.notes is not None and desk.notes() is desk.notes()
    assert desk.health is not None and not desk.health.errors
    caller = bench.caller(desk)
    assert isinstance(caller, RulesModel) and caller.known == {"A", "B", "C", "D"}
    assert replace(bench, notes=None).desk().notes is None
    with pytest.raises(InputError, match="nowhere"):
        replace(bench, notes=tmp_path / "nowhere").desk()


def test_witnesses_are_the_first_good_series_as_of_the_cutoff(bench: Workbench) -> None:
    found = bench.witnesses(bench.source(), ["B", "A"], CUTOFF)
    assert sorted(found.unique_ids) == ["A", "B"] and found.cutoff == CUTOFF


def test_a_worker_elsewhere_makes_the_same(bench: Workbench) -> None:
    panel = bench.source().panel()
    asked = replace(bench, quick=False)
    maker = asked.forecaster(panel, explain="template")
    work = asked.cluster(maker, panel.unique_ids, 4, CUTOFF, workers=2)
    assert work.tools is maker.tools and not work.llm and work.workers == 2
    there, source = pickle.loads(pickle.dumps(work.parts))()
    assert there.tools is None  # learned once, on the driver
    assert there.witnesses.panel.cutoff == CUTOFF
    assert (there.explanations, source.digest) == ("template", bench.source().digest)


@pytest.mark.parametrize(
    ("engine", "model", "here"),
    [
        ("hf:", "default", True),
        ("none", "default", False),
        ("openai:m@http://x", "none", False),
        ("openai:m@http://x", "default@http://y", False),
        ("openai:m@http://x", "default", True),
        ("hf:", "default@http://y", True),
    ],
)
def test_whether_an_llm_runs_in_the_process(engine: str, model: str, here: bool) -> None:
    assert Workbench(engine=engine, model=model).llm_in_process is here
