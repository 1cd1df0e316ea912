"""`skucast orders --replay` as a person runs it: tables, JSON, a page, a replay that goes on, and bad input."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from skucast.agent.batch.replay import every_of, pasts_of, replay_past
from skucast.agent.workbench import Workbench
from skucast.tools.data.panel import Panel
from skucast.tools.data.stock import Stock, StockRow
from skucast.tools.decide.policy import Policy

from ..test_command import one_line, run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Twelve products of 4 to 26 units a week over a year and a half."""
    rng = np.random.default_rng(4)
    ds = pd.date_range("2022-01-02", periods=78, freq="W-SUN")
    parts = [pd.DataFrame({"sku": f"P{n}", "week": ds, "units": rng.poisson(4 + 2 * n, 78)}) for n in range(12)]
    late = pd.DataFrame({"sku": "late", "week": ds[70:], "units": 5})
    pd.concat([*parts, late]).to_csv(tmp_path / "sales.csv", index=False)
    rows = [f"P{n},1,{1 + n % 3},{'2' if n else ''},5" for n in range(12)]
    (tmp_path / "stock.csv").write_text("\n".join(["sku,on hand,pack,unit cost,price", *rows, "late,1,,,"]))
    monkeypatch.setenv("SKUCAST_CACHE", str(tmp_path / "cache"))
    return tmp_path


def words(folder: Path, *more: str | Path) -> list[str | Path]:
    stock: list[str | Path] = ["orders", folder / "sales.csv", "--stock", folder / "stock.csv", "--quick", "--replay"]
    return [*stock, "--periods", "12", *more]


def test_tables_page_and_json_say_the_same(folder: Path) -> None:
    page = folder / "replay.html"
    ran = run(*words(folder, "--out", page))
    assert ran.returncode == 0, ran.stderr
    assert "12 products, 12 weeks from 2023-04-09 to 2023-06-25" in ran.stderr
    assert "10 forecasts of each product, one every 1 week" in ran.stderr
    assert "1 cannot be played again" in ran.stderr and "late" in ran.stderr
    assert "price or unit cost of 1 is not known" in ran.stderr
    text = page.read_text(encoding="utf-8")
    assert 'content="skucast"' in text and "<table>" in text and "https://cdn" not in text
    again = run(*words(folder, "--json", "--out", page))  # its own page is replaced
    assert again.returncode == 0, again.stderr
    made: dict[str, Any] = json.loads(again.stdout)
    assert list(made["policies"]) == ["ours", "min-max", "mean", "normal"] and made["left_out"] == ["late"]
    rate = made["policies"]["ours"]["fill_rate"]
    assert 0.9 < rate <= 1 and f"<td>{round(100 * rate, 1):g}</td>" in text
    gap = made["ours_less"]["mean"]["fill_rate"]
    assert gap["gap"] == pytest.approx(rate - made["policies"]["mean"]["fill_rate"], abs=2e-4)
    assert (gap["verdict"] == "better") == (gap["low"] > 0)
    assert "cost" not in made["policies"]["ours"]  # holding and shortage are not known
    page.write_text("mine")
    assert "not written by skucast" in one_line(run(*words(folder, "--out", page))) and page.read_text() == "mine"


def test_bad_input_is_one_line(folder: Path) -> None:
    assert "ends in .html" in one_line(run(*words(folder, "--out", folder / "replay.csv")))
    assert "at most 70 can be played again" in one_line(run(*words(folder, "--periods", "75")))
    assert "no product has 8 periods" in one_line(run(*words(folder, "--periods", "3", "--lead", "4w")))
    (folder / "p.toml").write_text('unmet = "backorders"')
    assert "leave out --late" in one_line(run(*words(folder, "--late", "1w")))
    assert "plays lost sales" in one_line(run(*words(folder, "--policy", folder / "p.toml")))


class Counting:
    """A source of one panel whose forecasts can be counted and stopped."""

    def __init__(self, panel: Panel) -> None:
        self.all = panel

    def unique_ids(self) -> list[str]:
        return self.all.unique_ids

    def sold(self) -> "pd.Series[float]":
        return self.all.past.groupby("unique_id")["y"].sum()

    def salvage(self, unique_ids: Any) -> Any:
        return self.all.select(unique_ids), {}


def test_a_replay_that_was_stopped_goes_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped after two of four forecasts, the next run makes the other two, and comes to the same as one at once."""
    from skucast.agent.batch import replay as module

    panel = Workbench(str(folder / "sales.csv"), quick=True).source().panel().select(["P0", "P1", "P2"])
    stock = Stock("stock", {uid: StockRow(uid, 0.0) for uid in panel.unique_ids})
    bench = Workbench(str(folder / "sales.csv"), quick=True, engine="none", model="none")
    forecaster = bench.forecaster(panel, explain="template")
    policy = Policy(service=95)
    cutoffs: list[pd.Timestamp] = []
    real = module.base_paths

    def counted(forecaster: Any, cut: Panel, *args: Any) -> Any:
        cutoffs.append(cut.cutoff)
        return real(forecaster, cut, *args)

    monkeypatch.setattr(module, "base_paths", counted)
    pasts, _ = pasts_of(Counting(panel), stock, policy, 10)
    every = every_of(pasts, 4)
    assert every == 2 and pasts[0].decisions == 8
    left = iter(range(2))

    def stop() -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replay_past(forecaster, pasts, policy, every, on_origin=stop)
    assert len(cutoffs) == 3
    gone_on = replay_past(forecaster, pasts, policy, every)
    assert len(cutoffs) == 4 and cutoffs == [pasts[0].at(n) for n in (0, 2, 4, 6)]  # none is made twice
    monkeypatch.setenv("SKUCAST_CACHE", str(folder / "other"))
    anew = replay_past(forecaster, pasts, policy, every)
    assert len(cutoffs) == 8
    assert all((gone_on.played[name].stock == anew.played[name].stock).all() for name in anew.played)


def test_deliveries_after_the_start_are_not_known(folder: Path) -> None:
    """A supplier that needs 4 weeks only since the replay began has a lead time of one week in it."""
    table = pd.read_csv(folder / "stock.csv").assign(supplier="Ann")
    table.to_csv(folder / "stock.csv", index=False)
    early, late = pd.date_range("2022-06-06", "2023-03-06", freq="W-MON"), pd.date_range("2023-04-10", "2023-05-22")
    days = pd.Series([7] * len(early) + [28] * len(late))
    ordered = pd.Series([*early, *late])
    past = pd.DataFrame({"supplier": "Ann", "ordered": ordered, "delivered": ordered + pd.to_timedelta(days, unit="D")})
    past.to_csv(folder / "past.csv", index=False)
    known = run(*words(folder, "--json", "--deliveries", folder / "past.csv"))
    assert known.returncode == 0, known.stderr
    past[: len(early)].to_csv(folder / "early.csv", index=False)
    before = run(*words(folder, "--json", "--deliveries", folder / "early.csv"))
    assert json.loads(known.stdout)["policies"] == json.loads(before.stdout)["policies"]
