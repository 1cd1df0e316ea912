"""Tasks: what a contestant is shown, what is kept from it, and what a task may be declared as."""

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from skucast.evals.scoring.published import published_rows
from skucast.evals.tasks.panels import PANELS
from skucast.evals.tasks.past import TERMS
from skucast.evals.tasks.task import (
    EvalTask,
    TaskSpec,
    Window,
    load_panel,
    load_spec,
    shipped_tasks,
    sized,
)
from skucast.tools.data.schema import PanelSchema
from skucast.tools.errors import InputError

from ..conftest import HORIZON, WEEKS, WINDOWS, make_frame, make_panel, poisoned, task_of

PUBLISHED = "model,task,SQL,MASE,WQL,WAPE,training_time_s,inference_time_s\n"


def same(one: Window, two: Window) -> bool:
    """Whether two windows show the same to the last value."""
    panels = (one.panel, two.panel)
    return all(getattr(panels[0], table).equals(getattr(panels[1], table)) for table in ("past", "future", "static"))


# --- windows --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_windows_end_at_the_datas_end_and_follow_one_another(small_task: EvalTask) -> None:
    dates = pd.date_range("2023-01-01", periods=WEEKS, freq="W-SUN")
    for window in small_task.windows():
        begin = WEEKS - HORIZON * (WINDOWS - window.index)
        truth = small_task.truth(window.index)
        assert window.panel.cutoff == dates[begin - 1]
        assert truth.ds[0] == [f"{day:%Y-%m-%d}" for day in dates[begin : begin + HORIZON]]
        assert truth.unique_ids == window.wanted == [f"S{i:02d}" for i in range(6)]
        assert [len(history) for history in truth.history] == [begin] * 6
    assert [window.index for window in small_task.windows()] == [0, 1]


@pytest.mark.slow
def test_truth_is_what_was_sold(small_task: EvalTask) -> None:
    frame = make_frame()
    truth = small_task.truth(1)
    for row, uid in enumerate(truth.unique_ids):
        y = frame[frame["unique_id"] == uid]["y"].to_numpy()
        assert truth.y[row].tolist() == y[-HORIZON:].tolist()
        assert truth.history[row].tolist() == y[:-HORIZON].tolist()


@pytest.mark.slow
def test_a_window_holds_the_past_and_the_plan_as_they_stood(small_task: EvalTask) -> None:
    whole = make_panel()
    for window in small_task.windows():
        cut = whole.before(window.panel.cutoff)
        pd.testing.assert_frame_equal(window.panel.past, cut.past, check_dtype=False)
        plan = cut.future.groupby("unique_id").head(HORIZON).reset_index(drop=True)
        pd.testing.assert_frame_equal(window.panel.future, plan, check_dtype=False)
        pd.testing.assert_frame_equal(window.panel.static, whole.static, check_dtype=False)
        assert window.panel.offset == "W-SUN"


# --- leaks ----------------------------------------------------------------------------------------------------------


def test_a_window_has_no_place_for_the_truth() -> None:
    assert {field.name for field in fields(Window)} == {"index", "panel", "wanted"}


@pytest.mark.slow
def test_a_leak_planted_as_past_only_is_not_shown(small_task: EvalTask) -> None:
    """`views` is the next week's units: the last one shown is the first of the truth, and no more of it is there."""
    for window in small_task.windows():
        truth = small_task.truth(window.index)
        assert list(window.panel.future.columns) == ["unique_id", "ds", "promo"]
        assert window.panel.past["ds"].max() < pd.Timestamp(truth.ds[0][0])
        shown = window.panel.past.groupby("unique_id")["views"].last()
        assert shown.to_numpy().tolist() == truth.y[:, 0].tolist()  # the leak is real: a step later it would help


@pytest.mark.slow
def test_nothing_shown_depends_on_what_came_after_the_cutoff(
    small_task: EvalTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for index, window in enumerate(small_task.windows()):
        other = task_of(poisoned(make_panel(), window.panel.cutoff), monkeypatch)
        assert same(window, list(other.windows())[index])
        assert not np.array_equal(other.truth(index).y, small_task.truth(index).y)


@pytest.mark.slow
def test_the_plan_is_shown_for_the_horizon_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    panel = make_panel()
    before = next(task_of(panel, monkeypatch).windows())
    past = panel.past.copy()
    ahead = past["ds"] > before.panel.cutoff
    later = past["ds"] > before.panel.cutoff + pd.Timedelta(weeks=HORIZON)
    past.loc[later, "promo"] = 99.0
    assert same(before, next(task_of(replace(panel, past=past), monkeypatch).windows()))
    past.loc[ahead, "promo"] = 99.0
    changed = next(task_of(replace(panel, past=past), monkeypatch).windows())
    assert (changed.panel.future["promo"] == 99.0).all()
    assert changed.panel.past.equals(before.panel.past)


@pytest.mark.slow
def test_what_a_contestant_does_to_its_window_stays_there(small_task: EvalTask) -> None:
    truth = small_task.truth(1).y.copy()
    for window in small_task.windows():
        window.panel.past["y"] = -1.0
        window.panel.future["promo"] = -1.0
        window.panel.static["category"] = "z"
        window.wanted.clear()
    for window in small_task.windows():
        assert (window.panel.past["y"] >= 0).all()
        assert (window.panel.future["promo"] >= 0).all()
        assert len(window.wanted) == 6
        assert set(window.panel.static["category"]) == {"a", "b"}
    assert np.array_equal(small_task.truth(1).y, truth)


def early_end() -> pd.DataFrame:
    """Two series of the same sales, of which the second ends five weeks before the first."""
    ds = pd.date_range("2023-01-01", periods=WEEKS, freq="W-SUN")
    y = np.arange(WEEKS) % 5 + 1.0
    one = pd.DataFrame({"unique_id": "long", "ds": ds, "y": y})
    return pd.concat([one, one.iloc[:-5].assign(unique_id="short")])


@pytest.mark.slow
def test_windows_are_cut_at_one_date_for_all_series(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were each cut at its own end, `long` would show what happens on the dates that `short` is tested on."""
    task = task_of(make_panel(early_end(), PanelSchema()), monkeypatch)
    assert task.wanted == ["long"]
    assert task.series_of == 2
    for window in task.windows():
        assert window.panel.past["ds"].max() < pd.Timestamp(task.truth(window.index).ds[0][0])


@pytest.mark.slow
def test_where_no_row_is_no_sale_a_series_goes_on_with_zeros(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = early_end().assign(promo=1.0, views=2.0)
    schema = PanelSchema(missing="zero", known_future=["promo"], past_only=["views"])
    task = task_of(make_panel(frame, schema), monkeypatch)
    assert task.wanted == ["long", "short"]
    assert task.truth(1).y[1].tolist() == [0.0, 0.0, 0.0]
    assert task.truth(0).y[1].tolist() == [5.0, 0.0, 0.0]  # its last sale stands in week 35 of 40
    past = list(task.windows())[1].panel.past_of("short")
    assert past["y"].tolist()[-3:] == [5.0, 0.0, 0.0]
    assert past["views"].isna().tolist()[-3:] == [False, True, True]


# --- sampling -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_sample_is_reproducible_and_another_seed_is_another_one(monkeypatch: pytest.MonkeyPatch) -> None:
    panel = make_panel(make_frame(series=30))
    first, again = (task_of(panel, monkeypatch, limit=5, seed=1) for _ in range(2))
    assert first.wanted == again.wanted == sorted(first.wanted)
    assert len(first.wanted) == 5 == first.limit
    assert first.fingerprint == again.fingerprint
    other = task_of(panel, monkeypatch, limit=5, seed=2)
    assert other.wanted != first.wanted
    assert first.series_of == 30


@pytest.mark.slow
def test_a_sample_is_scored_on_less_and_shown_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    panel = make_panel()
    whole, sample = task_of(panel, monkeypatch), task_of(panel, monkeypatch, limit=2)
    assert same(next(whole.windows()), next(sample.windows()))
    truth, part = whole.truth(0), sample.truth(0)
    assert part.unique_ids == sample.wanted
    rows = [truth.unique_ids.index(uid) for uid in part.unique_ids]
    assert np.array_equal(part.y, truth.y[rows])


@pytest.mark.slow
def test_a_sample_of_all_is_no_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    assert task_of(make_panel(), monkeypatch, limit=6).limit is None
    short = make_frame()
    short = short[(short["unique_id"] != "S05") | (short["ds"] > "2023-09-01")]  # five weeks: too few for the windows
    task = task_of(make_panel(short), monkeypatch, limit=6)
    assert (task.limit, task.series_of, len(task.wanted)) == (None, 6, 5)


# --- fingerprint ----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_fingerprint_is_steady_and_sees_every_value(monkeypatch: pytest.MonkeyPatch) -> None:
    panel = make_panel(make_frame(series=9))
    print_ = task_of(panel, monkeypatch).fingerprint
    assert print_ == task_of(make_panel(make_frame(series=9)), monkeypatch).fingerprint
    past = panel.past.copy()
    past.loc[past.index[5 * WEEKS - 20], "y"] += 1.0  # a series in the middle, where fev does not look
    assert task_of(replace(panel, past=past), monkeypatch).fingerprint != print_


@pytest.mark.slow
@pytest.mark.parametrize("change", [{"horizon": 4}, {"windows": 3}, {"seasonality": 2}, {"limit": 3}])
def test_other_windows_are_another_task(monkeypatch: pytest.MonkeyPatch, change: dict[str, int]) -> None:
    panel = make_panel()
    plain = task_of(panel, monkeypatch).fingerprint
    assert task_of(panel, monkeypatch, **change).fingerprint != plain  # type: ignore[arg-type]


# --- declarations ---------------------------------------------------------------------------------------------------


SHAPES = {  # horizon, windows, seasonality
    "breakfast_1W": (13, 3, 1),
    "breakfast_1W_long": (39, 1, 1),
    "cj_1D": (28, 2, 7),
    "cj_1W": (4, 4, 1),
    "favorita_transactions_1D": (28, 10, 7),
    "favorita_transactions_1M": (12, 2, 12),
    "favorita_transactions_1W": (13, 10, 1),
    "freshretailnet_1D": (7, 3, 7),
    "koubei_1D": (14, 3, 7),
    "retail2_1M": (3, 2, 1),
    "retail2_1W": (8, 3, 1),
    "rossmann_1D": (48, 10, 7),
    "rossmann_1W": (13, 8, 1),
    "vn2_1W": (8, 3, 1),
}


def test_every_shipped_task_reads() -> None:
    assert shipped_tasks() == sorted(SHAPES)
    for name in shipped_tasks():
        given, spec = load_spec(name)
        assert given == name
        assert spec.panel in PANELS
        assert (spec.horizon, spec.windows, spec.seasonality) == SHAPES[name], name
        assert any((spec.panel or "").startswith(start) for start in TERMS), name


def test_a_task_of_every_third_series(tmp_path: Path) -> None:
    make_frame(series=8).to_csv(tmp_path / "sales.csv", index=False)
    (tmp_path / "mine.toml").write_text('file = "sales.csv"\nhorizon = 3\nevery = 3\n')
    assert load_panel(load_spec(str(tmp_path / "mine.toml"))[1]).unique_ids == ["S00", "S03", "S06"]


BAD_TOML = {
    "broken": ("horizon = = 3", "not a TOML file"),
    "unknown field": ('file = "s.csv"\nhorizon = 3\ncolour = "red"', "colour"),
    "no horizon": ('file = "s.csv"', "horizon is missing"),
    "every 0": ('file = "s.csv"\nhorizon = 3\nevery = 0', "every"),
    "horizon 0": ('file = "s.csv"\nhorizon = 0', "horizon"),
    "horizon huge": ('file = "s.csv"\nhorizon = 9999', "horizon"),
    "windows 0": ('file = "s.csv"\nhorizon = 3\nwindows = 0', "windows"),
    "neither": ("horizon = 3", "either panel"),
    "both": ('horizon = 3\nfile = "s.csv"\npanel = "koubei_daily"', "either panel"),
    "unknown panel": ('horizon = 3\npanel = "koubei_dayly"', "did you mean koubei_daily"),
    "not text": ("horizon = 3 \udcff", "cannot be read"),
}


@pytest.mark.parametrize("kind", BAD_TOML)
def test_a_bad_declaration_is_one_line(tmp_path: Path, kind: str) -> None:
    text, word = BAD_TOML[kind]
    path = tmp_path / "mine.toml"
    path.write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(InputError, match=word) as caught:
        load_spec(str(path))
    assert "mine.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_name_that_is_no_task() -> None:
    with pytest.raises(InputError, match="did you mean rossmann_1D"):
        load_spec("rosmann_1D")
    with pytest.raises(InputError, match="no such file"):
        load_spec("nowhere.csv")


@pytest.mark.slow
def test_a_task_file_names_its_files_from_where_it_lies(
    sales_csv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tasks").mkdir()
    (tmp_path / "tasks" / "roles.toml").write_text('known_future = ["promo"]\n')
    (tmp_path / "tasks" / "mine.toml").write_text(
        'file = "../sales.csv"\ntable_schema = "roles.toml"\nhorizon = 3\nwindows = 2\n'
    )
    monkeypatch.chdir("/")
    name, spec = load_spec(str(tmp_path / "tasks" / "mine.toml"))
    assert name == "mine"
    panel = load_panel(spec)
    assert panel.schema.known_future == ["promo"]
    assert panel.schema.past_only == []
    assert EvalTask(name, spec).wanted == [f"S{i:02d}" for i in range(6)]


def test_a_panel_file_is_sized_by_hand_or_by_default(sales_csv: Path) -> None:
    plain = load_spec(str(sales_csv))
    name, spec = sized(plain, None, None)
    assert (name, spec.horizon, spec.windows) == ("sales", 4, 3)
    spec = sized(plain, "5w", 2)[1]
    assert (spec.horizon, spec.windows) == (5, 2)
    with pytest.raises(InputError, match="horizon-too-short"):
        sized(plain, "0", None)
    for words in (("4w", None), (None, 2)):
        with pytest.raises(InputError, match="for panel files"):
            sized(load_spec("koubei_1D"), *words)


@pytest.mark.slow
@pytest.mark.parametrize(("weeks", "season"), [(115, 52), (110, 52), (109, 1), (40, 1)])
def test_the_season_of_the_scale_must_have_been_seen_twice(
    monkeypatch: pytest.MonkeyPatch, weeks: int, season: int
) -> None:
    """Two windows of three weeks leave 104 of 110. With a longer season than the past no series would have a scale."""
    panel = make_panel(make_frame(series=1, weeks=weeks))
    assert task_of(panel, monkeypatch, seasonality=None).seasonality == season
    assert task_of(panel, monkeypatch, seasonality=4).seasonality == 4


@pytest.mark.slow
def test_series_too_short_for_the_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="no series has the 41 periods up to 2023-10-01"):
        task_of(make_panel(), monkeypatch, horizon=20)
    assert len(task_of(make_panel(), monkeypatch, horizon=13, windows=3).wanted) == 6  # 39 and one more


def test_published_scores_are_marked_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "TabPFN-TS,t,0.2,0.3,0.1,0.15,0,10\nCatBoost,t,0.3,0.4,0.2,0.25,100,\nOther,u,1,1,1,1,1,1\n"
    (tmp_path / "scores.csv").write_text(PUBLISHED + lines)
    monkeypatch.setenv("SKUCAST_DATA", str(tmp_path))
    spec = TaskSpec(panel="rossmann_daily", horizon=3, published="scores.csv")
    first, second = published_rows("t", spec)
    assert (first.contestant, first.kind, first.zero_shot, first.seconds) == ("TabPFN-TS", "published", True, 10.0)
    assert first.metrics == {"SQL": 0.2, "MASE": 0.3, "WQL": 0.1, "WAPE": 0.15}
    assert (second.contestant, second.zero_shot, second.seconds) == ("CatBoost", False, None)
    assert published_rows("t", spec.model_copy(update={"published": None})) == []
    with pytest.raises(InputError, match=r"holds no other\.csv"):
        published_rows("t", spec.model_copy(update={"published": "other.csv"}))


def test_published_scores_that_ship(monkeypatch: pytest.MonkeyPatch) -> None:
    """They need no data folder; a figure that is not published is None."""
    monkeypatch.delenv("SKUCAST_DATA", raising=False)
    rows = published_rows(*load_spec("favorita_transactions_1M"))
    assert {row.contestant: row.metrics["SQL"] for row in rows} == {
        "Chronos-2": 0.9426,
        "Stat. Ensemble": 1.1522,
        "AutoETS": 1.1788,
        "Seasonal Naive": 1.3302,
    }
    assert all(row.zero_shot and row.seconds is None and row.windows == 2 for row in rows)
    assert rows[0].metrics == {"SQL": 0.9426, "MASE": None, "WQL": None, "WAPE": None}
    assert rows[-1].metrics == {"SQL": 1.3302, "MASE": 1.519734, "WQL": None, "WAPE": 0.09072}
    for name in ("favorita_transactions_1D", "favorita_transactions_1W"):
        assert min(row.metrics["SQL"] or 9 for row in published_rows(*load_spec(name))) < 1.3
