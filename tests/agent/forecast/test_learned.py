"""What is learned is kept by every value it depends on, read back as it was, and learned anew where it is broken."""

import dataclasses
import io
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from skucast.agent.forecast import learned
from skucast.agent.forecast.base import CombinedBase
from skucast.agent.forecast.learned import KEPT, Learned, keep, kept_path, recall
from skucast.tools.data.panel import Panel
from skucast.tools.forecast.blend import Combined
from skucast.tools.forecast.conformal import NO_CHANGE
from skucast.tools.forecast.models import Toolbox

from ..conftest import Few

HORIZON = 4
MADE = Combined(
    quantiles={"A": np.full((3, 9), 1 / 3), "ß, x": np.arange(27.0).reshape(3, 9)},
    members={"one": {}, "two": {}},
    weights=np.array([0.123456789, 0.876543211]),
    recalibration=NO_CHANGE,
    cutoffs=[pd.Timestamp("2024-01-07")],
    ranks=np.full((5, 2), 0.1),
    then={"A": np.full((2, 9), 7.7)},
)


def test_it_is_read_back_as_it_was_to_float32(tmp_path: Path) -> None:
    one = Learned.of(MADE)
    assert one.rows == {"A": 0, "ß, x": 1} and one.members == ["one", "two"]
    assert (one.quantiles.shape, one.then.shape, one.ranks.shape) == ((2, 3, 9), (2, 2, 9), (5, 2))
    assert np.isnan(one.then[1]).all()  # no truth was known of it there
    one.save(tmp_path / "l.npz")
    two = Learned.load(tmp_path / "l.npz")
    assert (two.unique_ids, two.members) == (one.unique_ids, one.members)
    assert np.array_equal(two.weights, one.weights)
    for name in ("quantiles", "then", "ranks"):
        there = getattr(two, name)
        assert there.dtype == float
        assert np.array_equal(there, getattr(one, name).astype(np.float32).astype(float), equal_nan=True)


def test_without_a_window_there_is_none_to_keep(tmp_path: Path) -> None:
    one = Learned.of(dataclasses.replace(MADE, ranks=np.zeros((0, 1)), then={}))
    one.save(tmp_path / "l.npz")
    two = Learned.load(tmp_path / "l.npz")
    assert two.ranks.shape == (0, 1) and two.then.shape == (2, 1, 9) and np.isnan(two.then).all()


BROKEN = {
    "empty": lambda whole: b"",
    "no archive": lambda whole: b"not an archive at all",
    "cut off": lambda whole: whole[: len(whole) // 2],
    "a byte changed": lambda whole: _with(whole, whole.index(b"quantiles.npy") + 60),
    "another archive": lambda whole: _archive(),
}


def _with(whole: bytes, at: int) -> bytes:
    return whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :]


def _archive() -> bytes:
    content = io.BytesIO()
    np.savez(content, other=np.zeros(3))
    return content.getvalue()


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_file_is_learned_anew(how: str, tmp_path: Path, panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learned, "cache_dir", lambda: tmp_path)
    box = Few()
    path = kept_path(panel, HORIZON, box)
    Learned.of(MADE).save(path)
    assert recall(path) is not None
    path.write_bytes(BROKEN[how](path.read_bytes()))
    assert recall(path) is None
    asked: list[str] = []
    CombinedBase(panel, box).forecast(["B"], HORIZON, panel.cutoff, lambda *_: asked.append("learned"))
    assert asked
    again = recall(path)
    assert again is not None and again.unique_ids == panel.unique_ids


def test_nothing_is_kept_where_nothing_was(tmp_path: Path) -> None:
    assert recall(tmp_path / "no.npz") is None


def test_another_value_is_another_file(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    box = Toolbox()

    def changed(name: str, at: int, value: object) -> Panel:
        past = panel.past.copy()
        past.loc[past.index[at], name] = value
        return dataclasses.replace(panel, past=past)

    first = kept_path(panel, HORIZON, box)
    assert kept_path(dataclasses.replace(panel, past=panel.past.copy()), HORIZON, Toolbox()) == first
    others = [
        kept_path(changed("y", 3, 1234.0), HORIZON, box),
        kept_path(changed("price", -1, 9.5), HORIZON, box),
        kept_path(changed("unique_id", 0, "E"), HORIZON, box),
        kept_path(dataclasses.replace(panel, static=panel.static.replace("product A; box", "tea")), HORIZON, box),
        kept_path(dataclasses.replace(panel, past=panel.past.rename(columns={"views": "clicks"})), HORIZON, box),
        kept_path(panel.before(panel.past["ds"].min()), HORIZON, box),
        kept_path(panel, HORIZON + 1, box),
        kept_path(panel, HORIZON, Toolbox(seed=1)),
        kept_path(panel, HORIZON, Toolbox(country="DE")),
    ]
    monkeypatch.setattr(learned, "code", lambda: "another")
    others.append(kept_path(panel, HORIZON, box))
    assert others[-1].name.startswith("another-")
    assert len({first, *others}) == 1 + len(others)


def test_what_was_learned_by_other_code_is_not_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The digest is of every file of the rooms, as they are now."""
    for room, name in (("data", "cube.py"), ("forecast", "blend.py"), ("forecast", "guard.py")):
        (tmp_path / room).mkdir(exist_ok=True)
        (tmp_path / room / name).write_text("x = 1")
    (tmp_path / "quantiles.py").write_text("x = 1")
    monkeypatch.setattr(learned.room, "__path__", [str(tmp_path / "forecast")])
    found = set()
    for path in (None, tmp_path / "data/cube.py", tmp_path / "forecast/guard.py", tmp_path / "quantiles.py"):
        if path:
            path.write_text("x = 2")
        learned.code.cache_clear()
        found.add(learned.code())
    learned.code.cache_clear()
    assert len(found) == 4


def test_no_more_than_so_many_are_kept_and_the_one_not_read_for_longest_goes(tmp_path: Path) -> None:
    one = Learned.of(MADE)
    for n in range(KEPT):
        keep(tmp_path / f"{n:02d}.npz", one)
        os.utime(tmp_path / f"{n:02d}.npz", (1000 + n, 1000 + n))
    assert recall(tmp_path / "00.npz") is not None  # read, and so the youngest
    keep(tmp_path / "new.npz", one)
    there = {path.name for path in tmp_path.glob("*.npz")}
    assert len(there) == KEPT
    assert there == {"00.npz", "new.npz", *(f"{n:02d}.npz" for n in range(2, KEPT))}


def test_a_folder_that_cannot_be_written_costs_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    keep(tmp_path / "file" / "l.npz", Learned.of(MADE))
    assert recall(tmp_path / "file" / "l.npz") is None
