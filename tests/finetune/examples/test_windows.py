"""Training windows: cut by time and by series, drawn by the seed, written and read back."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from skucast.finetune.examples.windows import (
    Encoder,
    Example,
    Examples,
    TrainingSource,
    load_examples,
    make_examples,
    save_examples,
)
from skucast.tools.data.cube import cube
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.errors import InputError

WEEKS = 40
HORIZON = 3


def planted() -> Panel:
    """Every sale is a number of its own: 1000 × series + week, by which a window tells where it was cut."""
    ds = pd.date_range("2023-01-01", periods=WEEKS, freq="W-SUN")
    parts = [
        pd.DataFrame({"unique_id": f"p{n}", "ds": ds, "y": 1000.0 * (n + 1) + np.arange(WEEKS)}) for n in range(12)
    ]
    return read_panel(pd.concat(parts), schema=PanelSchema())


def units(one: Example) -> list[int]:
    return [round(v) for v in one.y * one.level]


@pytest.fixture(scope="module")
def plain(make: Any) -> Examples:
    return make(planted(), scale_jitter=0, held_out=0.3, windows=120)


@pytest.fixture(scope="module")
def make(tokenizer: Any) -> Any:
    """Makes examples of a panel by a changed recipe."""

    def made(panel: Panel, **changes: Any) -> Examples:
        from skucast.finetune.recipe import Recipe

        told = {"name": "t", "layers": 2, "horizon": HORIZON, "history": 6, "windows": 40, "validation_windows": 10}
        recipe = Recipe.model_validate(told | changes)
        return make_examples([TrainingSource("shop", panel, "own")], recipe, tokenizer)

    return made


def test_training_ends_before_validation_begins(plain: Examples) -> None:
    assert len(plain.train) == 120
    assert plain.horizon == HORIZON
    first = WEEKS - HORIZON
    for one in plain.validation:
        assert [value % 1000 for value in units(one)] == list(range(first, WEEKS))
    weeks = [value % 1000 for one in plain.train for value in units(one)]
    assert max(weeks) == first - 1
    assert min(weeks) == 5  # five periods are known before the first window
    for one in plain.train:
        begins = units(one)[0]
        assert units(one) == list(range(begins, begins + HORIZON))
        assert begins // 1000 == int(one.unique_id[1:]) + 1


def test_series_held_out_never_train(plain: Examples) -> None:
    trained = {one.unique_id for one in plain.train}
    validated = {one.unique_id for one in plain.validation}
    assert 0 < len(validated - trained) < 12
    assert len(trained | validated) == 12


def test_a_launch_does_not_outweigh_all_else(make: Any) -> None:
    """Windows before it hold hundreds of times the level; scaled by the change so far they would be all there is."""
    rng = np.random.default_rng(0)
    ds = pd.date_range("2023-01-01", periods=WEEKS, freq="W-SUN")
    y = {"steady": rng.poisson(50, WEEKS).astype(float), "late": rng.poisson(500, WEEKS).astype(float)}
    y["late"][:25] = [0, 1] + [0] * 23
    panel = read_panel(pd.concat([pd.DataFrame({"unique_id": n, "ds": ds, "y": v}) for n, v in y.items()]))
    made = make(panel, scale_jitter=0, held_out=0, windows=60).train
    worst = {uid: max(float(np.max(one.y)) * one.weight for one in made if one.unique_id == uid) for uid in y}
    assert max(float(np.max(one.y)) for one in made if one.unique_id == "late") > 1000
    assert worst["late"] < 3 * worst["steady"]


def test_letters_stand_before_what_followed_them(plain: Examples, tokenizer: Any) -> None:
    """The letter of week t, `after` the sales of week t + 1; the last letter is the slots' matter."""
    seen = 0
    for one in plain.train:
        origin = units(one)[0] % 1000 - 1
        shown = min(6, origin + 1)
        after = [round(v) % 1000 for v in one.after * one.level]
        assert after == list(range(origin - shown + 2, origin + 1))
        assert len(one.letters) == len(after)
        text = tokenizer.decode(one.ids)
        letters = text.split("\n")[-2].split()[-shown:]
        assert [tokenizer.decode([one.ids[place]]).strip() for place in one.letters] == letters[:-1]
        seen += len(letters)
        assert [tokenizer.decode([one.ids[place]]) for place in one.slots] == [" ="] * HORIZON
    assert seen > 500


def test_weight_counts_a_window_as_the_scaled_loss_does(plain: Examples) -> None:
    panel = cube(planted(), HORIZON)
    one = plain.validation[0]
    row = panel.unique_ids.index(one.unique_id)
    level = panel.y[row, WEEKS - HORIZON - 6 : WEEKS - HORIZON].mean()
    assert one.level == pytest.approx(level)
    assert one.weight == 10.0  # level over a mean change of 1, bounded
    noisy = planted()
    values = np.random.default_rng(0).poisson(30, len(noisy.past)).astype(float)
    noisy = replace(noisy, past=noisy.past.assign(y=values))
    arrays = cube(noisy, HORIZON)
    made = _validation_of(noisy)
    for one in made:
        y = arrays.y[arrays.unique_ids.index(one.unique_id), : WEEKS - HORIZON]
        assert one.weight == pytest.approx(np.mean(y[-6:]) / np.mean(np.abs(np.diff(y))))


def _validation_of(panel: Panel) -> list[Example]:
    from skucast.finetune.examples.windows import _Windows
    from skucast.finetune.recipe import Recipe

    recipe = Recipe(name="t", horizon=HORIZON, history=6)
    made = _Windows(cube(panel, HORIZON), TrainingSource("x", panel, "own"), recipe, _Words(), np.random.default_rng(0))
    return made.validation(4)


class _Words:
    """A tokenizer of single characters, a slot being one."""

    def __call__(self, text: str, add_special_tokens: bool = False) -> dict[str, list[int]]:
        return {"input_ids": [ord(letter) for letter in text.replace(" =", "=")]}


def test_the_digest_is_the_seeds(make: Any, panel: Panel) -> None:
    one, again, other = (make(panel, seed=seed) for seed in (0, 0, 1))
    assert one.digest == again.digest
    assert [a.ids for a in one.train] == [a.ids for a in again.train]
    assert one.digest != other.digest
    assert make(panel, base=False).digest != one.digest


def test_arrow_there_and_back(examples: Examples, chats: Examples, tmp_path: Path) -> None:
    hole = replace(examples.train[0], y=np.array([np.nan, 1.0, 0.0]))
    for whole in (replace(examples, train=[hole, *examples.train[1:]]), chats):
        path = tmp_path / "deep" / "examples.arrow"
        save_examples(whole, path)
        back = load_examples(path)
        assert (back.digest, back.horizon) == (whole.digest, whole.horizon)
        for ours, theirs in zip([*back.train, *back.validation], [*whole.train, *whole.validation], strict=True):
            assert (ours.ids, ours.slots, ours.letters) == (theirs.ids, theirs.slots, theirs.letters)
            assert (ours.weight, ours.level, ours.unique_id) == (theirs.weight, theirs.level, theirs.unique_id)
            for name in ("y", "after", "base"):
                np.testing.assert_allclose(getattr(ours, name), getattr(theirs, name), rtol=1e-6)
        assert [p.name for p in path.parent.iterdir()] == ["examples.arrow"]


def test_another_file_is_no_examples(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no examples"):
        load_examples(tmp_path / "none.arrow")
    (tmp_path / "text.arrow").write_text("hello")
    with pytest.raises(InputError, match="no examples"):
        load_examples(tmp_path / "text.arrow")


def test_terms_must_be_accepted(panel: Panel, tokenizer: Any, make_recipe: Any) -> None:
    source = TrainingSource("rossmann", panel, "competition rules", restricted=True)
    with pytest.raises(InputError, match=r"rossmann: its terms \(competition rules\).*--accept-terms"):
        make_examples([source], make_recipe(windows=8), tokenizer)
    assert make_examples([source], make_recipe(windows=8), tokenizer, accept_terms=True).train


@pytest.mark.slow
def test_too_little_is_an_error(tokenizer: Any, make_recipe: Any, make_retailer: Any) -> None:
    with pytest.raises(InputError, match="no data to learn from"):
        make_examples([], make_recipe(), tokenizer)
    # 4 + 1 periods known, 3 of a training window and 3 of validation make 11; a shorter panel would have to leak
    for weeks in (3, 6, 10):
        with pytest.raises(InputError, match="no series is long enough to learn windows of 3 periods"):
            make_examples(
                [TrainingSource("s", make_retailer(weeks, small=0), "own")], make_recipe(held_out=0), tokenizer
            )
    made = make_examples([TrainingSource("s", make_retailer(11, small=0), "own")], make_recipe(held_out=0), tokenizer)
    assert len(made.train) == 40  # drawn again and again


def test_shuffled_texts_change_only_the_text(make: Any, panel: Panel, tokenizer: Any) -> None:
    own, shuffled = make(panel), make(panel, shuffle_text=True)

    def text(one: Example) -> str:
        return tokenizer.decode(one.ids).split("\n")[0]

    exchanged = 0
    for one, other in zip([*own.train, *own.validation], [*shuffled.train, *shuffled.validation], strict=True):
        assert one.unique_id == other.unique_id
        np.testing.assert_array_equal(one.y, other.y)
        assert tokenizer.decode(one.ids).split("\n")[1:] == tokenizer.decode(other.ids).split("\n")[1:]
        if "tea" in text(one):
            exchanged += 1
            assert text(one) != text(other)
            assert "tea" in text(other)
    assert exchanged > 30


@pytest.mark.slow
def test_balance_draws_the_rare_classes_more_often(make: Any, make_retailer: Any) -> None:
    """2 of 20 series sell seldom: a tenth of the windows when drawn evenly, near half when balanced."""
    panel = make_retailer(60, 20, small=2)

    def share(balance: float) -> float:
        drawn = Counter(one.unique_id in ("p0", "p1") for one in make(panel, balance=balance, windows=100).train)
        return drawn[True] / 100

    even, between, balanced = share(0.0), share(0.5), share(1.0)
    assert even < 0.16
    assert even < between < balanced
    assert balanced > 0.3


def test_jitter_keeps_units_over_level(make: Any, panel: Panel) -> None:
    still, shaken = make(panel, scale_jitter=0, wordings=1), make(panel, scale_jitter=0.5, wordings=1)

    def key(one: Example) -> tuple[object, ...]:
        return (one.unique_id, *np.round(one.y, 6), *np.round(one.base.ravel(), 6), *np.round(one.after, 6))

    plain = {key(one): one for one in still.train}
    moved = 0
    for one in shaken.train:
        twin = plain.get(key(one))
        if twin is not None:
            assert one.weight == pytest.approx(twin.weight)
            assert one.level == twin.level or twin.level >= 20
            moved += one.level != twin.level
    assert moved >= 5
    assert all(one.level == other.level for one, other in zip(still.validation, shaken.validation, strict=True))


def test_dropped_text_and_plan_are_dropped_in_about_that_share(make: Any, panel: Panel, tokenizer: Any) -> None:
    made = make(panel, windows=200, text_dropout=0.4, covariate_dropout=0.0)
    without = np.mean(["tea" not in tokenizer.decode(one.ids) for one in made.train])
    assert 0.25 < without < 0.55
    assert all("tea" in tokenizer.decode(one.ids) for one in made.validation)
    planless = make(panel, windows=200, text_dropout=0.0, covariate_dropout=0.9)
    assert sum(" sale" in tokenizer.decode(one.ids).split("\n")[-1] for one in planless.train) < 60


def test_chats_learn_the_answer_and_its_end_and_nothing_else(chats: Examples, tokenizer: Any) -> None:
    assert len(chats.train) == 8
    for one in [*chats.train, *chats.validation]:
        answer = one.slots[0] + 1
        assert one.slots == list(range(answer - 1, len(one.ids) - 1))
        assert one.ids[-1] == tokenizer.eos_token_id
        told = tokenizer.decode(one.ids[answer:-1])
        assert len(told.split()) == HORIZON
        assert all(word.isdigit() for word in told.split())
        assert tokenizer.decode(one.ids[:answer]).endswith("<|im_start|>assistant\n")
        assert "=" in tokenizer.decode(one.ids[:answer])


def test_a_tokenizer_that_splits_a_slot_is_refused() -> None:
    with pytest.raises(InputError, match=r"splits ' =' into 2 tokens"):
        Encoder(lambda text, add_special_tokens: {"input_ids": list(text.encode())})
