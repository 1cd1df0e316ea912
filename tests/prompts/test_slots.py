"""Slot prompts: one slot a step whatever the context holds, nothing after the origin, and each switch alone."""

from dataclasses import fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skucast.prompts.serialize import LETTERS
from skucast.prompts.slots import (
    SLOT,
    WORDINGS,
    SlotContext,
    SlotFormat,
    history_count,
    slot_contexts,
    slot_prompt,
)
from skucast.tools.data.cube import Cube, cube
from skucast.tools.data.panel import Panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.forecast.recent import recent_quantiles
from skucast.tools.quantiles import LEVELS, Array

GOLDEN = Path(__file__).parent / "golden"
OFFSETS = {"D": "D", "W": "W-SUN", "M": "MS"}
HORIZON = 6


def make_context(freq: str = "W", horizon: int = HORIZON, **changes: Any) -> SlotContext:
    """A rich context: level 20, history of 20 periods with a promotion and a closed one, a plan out of the ordinary."""
    history = 20 + 10 * np.sin(np.arange(20) / 3)
    history[4] = np.nan
    marks = np.zeros(20, dtype=np.int8)
    marks[9], marks[12] = 1, -1
    ahead = pd.date_range("2024-02-25", periods=horizon + 1, freq=OFFSETS[freq])[1:]
    plan = {
        "promo": np.resize([0.0, 1.0], horizon),
        "discount": np.resize([0.0, 0.3], horizon),
        "price": np.resize([2.5, 2.0, np.nan], horizon),
        "open": np.resize([1.0, 1.0, 1.0, 0.0], horizon),
        "holiday": np.resize([0.0, 0.0, 1.0], horizon),
    }
    made = SlotContext(
        unique_id="4711",
        freq=freq,
        cutoff=pd.Timestamp("2024-02-25"),
        text="Oat Milk; dairy",
        level=20.0,
        history=history,
        marks=marks,
        steps=ahead,
        year_ago=np.resize([20.0, 0.0, np.nan], horizon),
        plan=plan,
        usual={"promo": 0.1, "discount": 0.02, "price": 2.5, "open": 1.0, "holiday": 0.0},
        signals={"views": np.array([1.0, 1.5, 0.5]), "stock": np.array([0.0, 1.0, np.nan])},
        notes=((pd.Timestamp("2024-02-20"), "New shelf; better place"),),
        base=np.arange(1.0, 10.0) * np.full((horizon, 1), 4.0),
    )
    return replace(made, **changes)


def slots_in(prompt: str) -> int:
    return prompt.count("=")


@pytest.mark.parametrize("freq", ["D", "W"])
def test_golden_prompts(freq: str) -> None:
    path = GOLDEN / {"D": "slots_daily.txt", "W": "slots_weekly.txt"}[freq]
    assert slot_prompt(make_context(freq), SlotFormat()) + "\n" == path.read_text(encoding="utf-8")


def test_a_step_by_hand() -> None:
    lines = slot_prompt(make_context(), SlotFormat()).split("\n")
    steps = lines[-1].split(" =")
    # the week of 3 March is the first of its month (a), 20 sold a year ago is h; the base is 4, 20 and 36 (c, h, l):
    # asinh(4 / 20) / 3 * 25 = 1.66, asinh(1) / 3 * 25 = 7.34 and asinh(36 / 20) / 3 * 25 = 11.2
    assert steps[0] == " Mar a h c h l"
    # 30 % off is letter 7.5 of 25, rounded to even: i; price 2.0 of 2.5 is 0.8, (0.8 - 0.4) / 1.25 * 25 = 8: i
    assert steps[1] == " b sale off i price i a c h l"
    assert steps[2] == " c holiday ? c h l"
    assert steps[3] == " d sale off i closed h c h l"


def test_marks_in_the_history() -> None:
    shown = next(line for line in slot_prompt(make_context(), SlotFormat()).split("\n") if line.startswith("past"))
    letters = shown.split()[1:]
    assert len(letters) == 20
    assert (letters[4], letters[12]) == ("?", "-")
    assert letters[9].isupper()
    assert sum(letter.isupper() for letter in letters) == 1


TEXTS = st.text(max_size=80) | st.sampled_from(["a = b", " = = =", "=\n=", "été 50% = {x}", "\u2028 =", "日本 = 茶"])


@settings(derandomize=True, deadline=None, max_examples=60)
@given(
    freq=st.sampled_from(["D", "W", "M"]),
    horizon=st.integers(1, 40),
    text=TEXTS,
    note=TEXTS,
    signal=TEXTS,
    wording=st.integers(0, 5),
    history=st.lists(st.floats(0, 1e6) | st.just(np.nan), min_size=1, max_size=60),
    switches=st.lists(st.booleans(), min_size=6, max_size=6),
)
def test_there_is_one_slot_a_step(
    freq: str,
    horizon: int,
    text: str,
    note: str,
    signal: str,
    wording: int,
    history: list[float],
    switches: list[bool],
) -> None:
    context = make_context(
        freq,
        horizon,
        text=text,
        notes=((pd.Timestamp("2024-02-01"), note),),
        signals={signal: np.array([1.0, 2.0])},
        history=np.array(history),
        marks=np.zeros(len(history), dtype=np.int8),
    )
    form = SlotFormat(12, *switches)
    prompt = slot_prompt(context, form, wording)
    assert slots_in(prompt) == prompt.count(SLOT) == horizon
    assert prompt.endswith(SLOT)
    last = prompt.split("\n")[-1]
    assert slots_in(last) == horizon  # the steps stand in the last line, the history in the one before
    shown = prompt.split("\n")[-2].split()[1:]
    assert len(shown) == history_count(context, form) == min(len(history), 12)
    assert all(len(letter) == 1 for letter in shown)
    assert prompt == slot_prompt(context, form, wording)


def test_each_switch_removes_what_it_says_and_nothing_else() -> None:
    context = make_context()
    whole = slot_prompt(context, SlotFormat()).split("\n")
    assert [line.split()[0] for line in whole] == ["oat", "week", "Feb", "views", "stock", "price", "past", "Mar"]

    def without(name: str) -> list[str]:
        return slot_prompt(context, replace(SlotFormat(), **{name: False})).split("\n")

    assert without("text") == ["item", *whole[1:]]
    assert without("notes") == [line for line in whole if not line.startswith("Feb 20")]
    assert without("signals") == [line for line in whole if line.split()[0] not in ("views", "stock")]
    blind = replace(context, plan={}, usual={})
    assert without("plan") == slot_prompt(blind, SlotFormat()).split("\n")
    assert without("plan")[:-1] == [line for line in whole[:-1] if not line.startswith("price")]
    for name, gone in (("base", ["h", "c", "h", "l"][1:]), ("year_ago", None)):
        told = without(name)
        assert told[:-1] == whole[:-1]
        for step, full in zip(told[-1].split(" =")[:-1], whole[-1].split(" =")[:-1], strict=True):
            words = full.split()
            expected = words[: -len(gone)] if gone else [*words[:-4], *words[-3:]]
            assert step.split() == expected
    short = slot_prompt(context, SlotFormat(history=5)).split("\n")
    assert short[-2].split() == ["past", *whole[-2].split()[-5:]]
    assert short[:-2] + short[-1:] == whole[:-2] + whole[-1:]


def test_wordings_say_the_same() -> None:
    context = make_context()
    prompts = [slot_prompt(context, SlotFormat(), wording) for wording in range(len(WORDINGS))]
    assert len(set(prompts)) == len(WORDINGS)
    assert len({prompt.split("\n")[-1] for prompt in prompts}) == 1
    assert slot_prompt(context, SlotFormat(), len(WORDINGS)) == prompts[0]


def test_flags_of_one_meaning_are_said_once() -> None:
    on = np.ones(2)
    plan = {"holiday": on, "state_holiday": on, "discount": on * 0.3}
    context = make_context(horizon=2, plan=plan)
    assert slot_prompt(context, SlotFormat(base=False, year_ago=False)).split("\n")[-1] == (
        " Mar a holiday off i = b holiday off i ="
    )


# ---- as of a date


@lru_cache(maxsize=3)
def make_panel(freq: str) -> Panel:
    """Three series, one that begins late and one that ends early, with every kind of covariate, gaps and a plan."""
    rng = np.random.default_rng(5)
    steps = {"D": 420, "W": 90, "M": 50}[freq]
    ds = pd.date_range("2021-01-01", periods=steps + 20, freq=OFFSETS[freq])
    past, future = [], []
    for number, (begin, end) in enumerate([(0, steps), (steps // 3, steps), (0, steps - 4)]):
        table = pd.DataFrame({"unique_id": f"s{number}", "ds": ds[begin:], "y": rng.poisson(8, len(ds) - begin) * 1.0})
        table["open"] = (rng.random(len(table)) > 0.1) * 1.0
        table["promo"] = (rng.random(len(table)) > 0.8) * 1.0
        table["price"] = np.round(rng.uniform(1, 3, len(table)), 2)
        table["stock"] = rng.integers(0, 5, len(table)) * 10.0
        table["views"] = rng.uniform(10, 90, len(table))
        table.loc[table.index[rng.random(len(table)) < 0.07], ["y", "views", "price"]] = np.nan
        past.append(table[table["ds"] < ds[end]])
        future.append(table.loc[table["ds"] >= ds[end], ["unique_id", "ds", "open", "promo", "price"]])
    static = pd.DataFrame({"description": ["tea", None, "milk = white"]}, index=["s0", "s1", "s2"])
    schema = PanelSchema(known_future=["open", "promo", "price"], past_only=["stock", "views"], static=["description"])
    return Panel(pd.concat(past), pd.concat(future), static, schema, OFFSETS[freq])


NOTES = {
    "s0": [(pd.Timestamp("2021-01-10"), "early"), (pd.Timestamp("2023-06-01"), "late")],
    "s1": [(pd.Timestamp("2022-01-10"), "b"), (pd.Timestamp("2021-05-01"), "a"), (pd.Timestamp("2021-06-01"), "c")],
}


def assert_same(one: SlotContext, other: SlotContext) -> None:
    for each in fields(SlotContext):
        left, right = getattr(one, each.name), getattr(other, each.name)
        if isinstance(left, dict):
            assert list(left) == list(right), each.name
            for name in left:
                np.testing.assert_array_equal(left[name], right[name], err_msg=name)
        elif isinstance(left, np.ndarray):
            np.testing.assert_array_equal(left, right, err_msg=each.name)
        elif isinstance(left, pd.DatetimeIndex):
            assert left.equals(right)
        else:
            assert left == right, each.name


def seen(arrays: Cube, origin: int, wanted: list[str]) -> tuple[list[SlotContext], Array]:
    rows = [arrays.unique_ids.index(uid) for uid in wanted]
    base = recent_quantiles(arrays, origin, np.array(rows))
    return slot_contexts(arrays, origin, rows, base, NOTES), base


@pytest.mark.slow
@pytest.mark.parametrize("freq", ["D", "W", "M"])
@settings(derandomize=True, deadline=None, max_examples=12)
@given(share=st.floats(0.05, 1.0))
def test_the_whole_panel_as_of_a_date_is_the_panel_cut_there(freq: str, share: float) -> None:
    panel = make_panel(freq)
    whole = cube(panel, HORIZON)
    origin = int(share * (whole.y.shape[1] - 1))
    cut = cube(panel.before(whole.ds[origin]), HORIZON)
    assert cut.y.shape[1] == origin + 1
    ours, base = seen(whole, origin, cut.unique_ids)
    theirs, cut_base = seen(cut, origin, cut.unique_ids)
    np.testing.assert_array_equal(base, cut_base)
    for one, other in zip(ours, theirs, strict=True):
        assert_same(one, other)
        assert slot_prompt(one, SlotFormat()) == slot_prompt(other, SlotFormat())


@pytest.mark.parametrize("freq", ["D", "W", "M"])
@settings(derandomize=True, deadline=None, max_examples=12)
@given(share=st.floats(0.05, 0.95), seed=st.integers(0, 99), missing=st.floats(0, 1))
def test_what_comes_after_the_origin_changes_nothing(freq: str, share: float, seed: int, missing: float) -> None:
    panel = make_panel(freq)
    clean = cube(panel, HORIZON)
    origin = int(share * (clean.y.shape[1] - 1))
    rng = np.random.default_rng(seed)
    past = panel.past.reset_index(drop=True)
    later = past["ds"] > clean.ds[origin]
    for name in ("y", "stock", "views"):
        garbage = np.where(rng.random(later.sum()) < missing, np.nan, rng.choice([0.0, 7e6, -3.0], later.sum()))
        past.loc[later, name] = garbage
    dirty = cube(replace(panel, past=past), HORIZON)
    ours, base = seen(clean, origin, clean.unique_ids)
    theirs, dirty_base = seen(dirty, origin, clean.unique_ids)
    np.testing.assert_array_equal(base, dirty_base)
    for one, other in zip(ours, theirs, strict=True):
        assert_same(one, other)


def test_a_context_by_hand() -> None:
    arrays = cube(make_panel("W"), 3)
    context = slot_contexts(arrays, 70, [2, 0], np.zeros((2, 3, len(LEVELS))), NOTES)[1]
    assert (context.unique_id, context.freq, context.text) == ("s0", "W", "tea")
    assert context.cutoff == arrays.ds[70]
    assert list(context.steps) == list(arrays.ds[71:74])
    np.testing.assert_array_equal(context.history, arrays.y[0, 19:71])
    np.testing.assert_array_equal(context.year_ago, arrays.demand[0, 19:22])
    np.testing.assert_array_equal(context.plan["price"], arrays.known["price"][0, 71:74])
    assert context.level == pytest.approx(np.nanmean(arrays.demand[0, 65:71]))
    assert context.usual["price"] == pytest.approx(np.nanmean(arrays.known["price"][0, 65:71]))
    expected = arrays.past_only["views"][0, 65:71] / np.nanmean(arrays.past_only["views"][0, 19:71])
    np.testing.assert_allclose(context.signals["views"], expected)
    np.testing.assert_array_equal(context.marks == -1, arrays.known["open"][0, 19:71] == 0)
    assert [text for _, text in context.notes] == ["early"]


def test_a_series_is_shown_from_its_first_sale_on_and_its_newest_notes() -> None:
    arrays = cube(make_panel("W"), 3)
    late = slot_contexts(arrays, 60, [1], np.zeros((1, 3, len(LEVELS))), NOTES)[0]
    began = int(np.argmax(np.isfinite(arrays.y[1])))
    assert began >= 30
    assert len(late.history) == len(late.marks) == 61 - began
    assert late.text == "s1"  # none is given
    assert [text for _, text in late.notes] == ["c", "b"]
    before = slot_contexts(arrays, 10, [1], np.zeros((1, 3, len(LEVELS))))[0]
    assert np.isnan(before.history).all()
    assert before.level == 0.1
    assert slots_in(slot_prompt(before, SlotFormat())) == 3


@pytest.mark.slow
@pytest.mark.parametrize("freq", ["D", "W", "M"])
def test_the_real_tokenizer_makes_one_token_of_a_letter_and_of_a_slot(freq: str) -> None:
    from skucast.agent.models.store import require_default
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(str(require_default()))

    def ids(text: str) -> list[int]:
        return list(tokenizer(text, add_special_tokens=False)["input_ids"])

    for word in [*LETTERS, *LETTERS.upper(), "-", "?"]:
        assert len(ids(f" {word}")) == 1, word
    slot, line = ids(SLOT), ids("\n")
    assert len(slot) == len(line) == 1
    context = make_context(freq, text="日本 = 茶 (=) ½", notes=((pd.Timestamp("2024-02-01"), "x = y == z"),))
    for wording in range(len(WORDINGS)):
        prompt = slot_prompt(context, SlotFormat(), wording)
        tokens = ids(prompt)
        assert tokens.count(slot[0]) == HORIZON
        end = len(tokens) - 1 - tokens[::-1].index(line[0])
        history = prompt.split("\n")[-2].split()[1:]
        assert [tokenizer.decode([token]).strip() for token in tokens[end - 20 : end]] == history
