"""Reports that were made before are read and not made, while nothing that decides them has changed."""

import dataclasses
import os
from pathlib import Path

import pytest
from skucast.agent.forecast import kept
from skucast.agent.forecast.forecaster import Forecaster
from skucast.agent.forecast.kept import kept_or_made
from skucast.agent.forecast.report import ForecastReport
from skucast.tools.data.panel import Panel
from skucast.tools.messages import message


class Maker:
    """Makes the reports, and counts how often."""

    def __init__(self, panel: Panel) -> None:
        self.panel, self.times = panel, 0

    def __call__(self) -> list[ForecastReport]:
        self.times += 1
        return Forecaster(None).forecast(self.panel, ["A", "B"], 3, source=str(self.times))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(kept, "cache_dir", lambda: tmp_path)
    return tmp_path / "reports"


def test_the_same_request_is_read_as_it_was_made(panel: Panel, folder: Path) -> None:
    make = Maker(panel)
    first = kept_or_made(["en"], [], panel, ["A", "B"], 3, make)
    again = kept_or_made(["en"], [], panel, ["A", "B"], 3, make)
    assert make.times == 1 and again == first
    assert [one.model_dump_json() for one in again] == [one.model_dump_json() for one in first]


def test_whatever_decides_it_makes_it_anew(panel: Panel, folder: Path, tmp_path: Path) -> None:
    weights = tmp_path / "model"
    weights.mkdir()
    (weights / "w").write_text("1")
    past = panel.past.copy()
    past.loc[past.index[-1], "y"] += 1
    other = dataclasses.replace(panel, past=past)
    make = Maker(panel)
    kept_or_made(["en"], [weights], panel, ["A", "B"], 3, make)
    for number, (settings, of, ids, horizon) in enumerate(
        [(["zh"], panel, ["A", "B"], 3), (["en"], other, ["A", "B"], 3), (["en"], panel, ["B"], 3),
         (["en"], panel, ["A", "B"], 2)], 2
    ):  # fmt: skip
        kept_or_made(settings, [weights], of, ids, horizon, make)
        assert make.times == number
    (weights / "w").write_text("22")
    kept_or_made(["en"], [weights], panel, ["A", "B"], 3, make)
    assert make.times == 6


def test_broken_ones_are_made_anew_and_silent_models_are_not_kept(panel: Panel, folder: Path) -> None:
    make = Maker(panel)
    kept_or_made(["en"], [], panel, ["A", "B"], 3, make)
    next(folder.iterdir()).write_text("{")
    kept_or_made(["en"], [], panel, ["A", "B"], 3, make)
    assert make.times == 2

    def silent() -> list[ForecastReport]:
        return [one.warned([message(kept.SILENT, why="", stands=message("stands-ensemble"))]) for one in make()]

    for times in (3, 4):
        kept_or_made(["fr"], [], panel, ["A", "B"], 3, silent)
        assert make.times == times


def test_no_more_than_so_many_are_kept_and_a_closed_disk_costs_time_alone(
    panel: Panel, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "KEPT", 2)
    make = Maker(panel)
    for place in range(4):
        kept_or_made([place], [], panel, ["A", "B"], 3, make)
        for old in folder.iterdir():
            os.utime(old, (place, place))
    assert len(list(folder.iterdir())) == 2
    monkeypatch.setattr(kept, "cache_dir", lambda: Path("/proc/none"))
    assert kept_or_made([9], [], panel, ["A", "B"], 3, make)[0].unique_id == "A"
