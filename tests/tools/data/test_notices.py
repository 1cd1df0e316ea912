"""Notices of single series: warnings of a forecast, and findings of the health report."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from skucast.tools.data.cube import demand_of
from skucast.tools.data.notices import noticed, notices
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import open_source
from skucast.tools.data.schema import PanelSchema
from skucast.tools.messages import Message, Times, Units, message

WAVE = np.tile([4.0, -3.0, 1.0, -5.0, 2.0, 5.0, -2.0, -4.0, 3.0, -1.0], 20)


def rows(uid: str, y: "np.ndarray | list[float]", freq: str = "W-SUN", **more: object) -> pd.DataFrame:
    ds = pd.date_range("2022-01-02", periods=len(y), freq=freq)
    return pd.DataFrame({"unique_id": uid, "ds": ds, "y": y, **more})


def panel_of(*parts: pd.DataFrame, **declared: object) -> Panel:
    return open_source(pd.concat(parts), schema=PanelSchema.model_validate(declared)).panel()


STEADY = rows("OK", 80 + WAVE[:104])
STOPPED = rows("DEAD", np.concatenate([80 + WAVE[:78], np.zeros(26)]))
SHIFTED = rows("SHIFT", np.concatenate([80 + WAVE[:94], 35 + WAVE[:10]]))
BULK = np.concatenate([60 + WAVE[:102], [1200, 60]])


def test_each_series_is_told_its_own() -> None:
    panel = panel_of(STEADY, STOPPED, SHIFTED, rows("BULK", BULK))
    assert notices(panel, "OK") == ()
    weeks = message("periods-W", count=26)
    assert notices(panel, "DEAD") == (message("warning-stopped", date=date(2023, 6, 25), periods=weeks),)
    ago = message("periods-W", count=10)
    assert notices(panel, "SHIFT") == (
        message("warning-level-shift", date=date(2023, 10, 22), periods=ago, old=Units(80.0), new=Units(35.0)),
    )
    (odd,) = notices(panel, "BULK")
    assert (odd.key, odd.facts["date"], odd.facts["units"]) == ("warning-outlier", date(2023, 12, 17), Units(1200))
    assert odd.facts["times"] == pytest.approx(Times(20), abs=0.5)


def test_nothing_is_seen_after_the_cut() -> None:
    panel = panel_of(STOPPED, rows("BULK", BULK))
    assert notices(panel.before("2023-06-25"), "DEAD") == ()
    assert notices(panel.before("2023-12-10"), "BULK") == ()


def test_what_is_long_ago_is_not_news() -> None:
    y = np.concatenate([80 + WAVE[:94], 35 + WAVE[:60]])
    bulk = np.concatenate([60 + WAVE[:20], [1200.0], 60 + WAVE[:80]])
    assert notices(panel_of(rows("A", y)), "A") == ()
    assert notices(panel_of(rows("A", bulk)), "A") == ()


def test_what_has_a_reason_is_no_notice() -> None:
    promo = (BULK > 500).astype(float)
    assert notices(panel_of(rows("A", BULK, promo=promo), known_future=["promo"]), "A") == ()
    out = np.concatenate([80 + WAVE[:78], np.zeros(26)])
    assert notices(panel_of(rows("A", out, stock=out), past_only=["stock"]), "A") == ()


def test_days_need_two_weeks_of_a_new_level() -> None:
    week = np.array([10.0, 10.0, 11.0, 12.0, 15.0, 30.0, 25.0])
    for held, expected in ((1, []), (3, ["warning-level-shift"])):
        y = np.concatenate([np.tile(week, 12), np.tile(week * 2, held)])
        assert [said.key for said in notices(panel_of(rows("A", y, freq="D")), "A")] == expected


def test_demand_is_what_could_be_sold() -> None:
    panel = panel_of(
        rows(
            "A", [5.0, 0.0, 0.0, 3.0] * 3, open=[1, 0, 1, 1] * 3, stock=[9, 9, 0, 0] * 3, discount=[0, 0, 0.04, 0.2] * 3
        ),
        known_future=["open", "discount"],
        past_only=["stock"],
    )
    y, promoted = demand_of(panel, "A")
    assert y[:4].tolist() == pytest.approx([5, np.nan, np.nan, 3], nan_ok=True)
    assert promoted is not None
    assert promoted[:4].tolist() == [False, False, False, True]
    assert demand_of(panel_of(STEADY), "OK")[1] is None


def test_the_health_report_has_one_finding_a_kind() -> None:
    table = pd.concat([STEADY, STOPPED, STOPPED.assign(unique_id="GONE"), SHIFTED, rows("BULK", BULK)])
    report = open_source(table, schema=PanelSchema()).health()
    found = {finding.kind: finding for finding in report.findings}
    assert {"stopped", "level_shift", "outlier"} <= set(found)
    assert (found["stopped"].series, found["stopped"].example) == (2, "DEAD 2023-06-25")
    assert (found["level_shift"].series, found["level_shift"].example) == (1, "SHIFT 2023-10-22")
    assert found["outlier"].example == "BULK 2023-12-17"
    assert {found[kind].severity for kind in ("stopped", "level_shift", "outlier")} == {"warning"}


def test_how_many_were_looked_at_is_said() -> None:
    (finding,) = noticed(panel_of(STOPPED), looked_at=1)
    parts = finding.message.facts["parts"]
    assert isinstance(parts, tuple)
    assert isinstance(parts[-1], Message)
    assert parts[-1] == message("looked-at", series=1)
