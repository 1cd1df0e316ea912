"""Continual learning: a run begins where another model ended, or is refused."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from skucast.agent.models.slot_head import SlotConfig
from skucast.finetune.examples.windows import Examples
from skucast.finetune.training.run import _say_what_was_seen, _seen
from skucast.finetune.training.trainer import train
from skucast.tools.errors import InputError

pytestmark = pytest.mark.usefixtures("single_thread")


@pytest.fixture(scope="module")
def few(examples: Examples) -> Examples:
    """A dozen windows: a few small batches."""
    return Examples(examples.train[:12], examples.validation[:4], 3, "few")


def test_a_run_goes_on_from_an_adapter(tiny_llm: Path, make_recipe: Any, few: Examples, tmp_path: Path) -> None:
    """Before its first step it is that adapter, head and all."""
    first = train(make_recipe(epochs=3, lr=1e-2, head_lr=1e-2, keep="last"), few, tiny_llm, tmp_path / "a")
    on = make_recipe(epochs=1, start="first")
    again = train(on, few, tiny_llm, tmp_path / "b", start=first.folder)
    assert abs(first.best - first.before) > 1e-3
    assert again.before == pytest.approx(first.best, abs=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "says"),
    [({"layers": 1}, "its layers is"), ({"text": False}, "its format is"), ({"rank": 3}, "does not fit"),
     ({"alpha": 7}, "its alpha is"),
     ({"method": "full"}, "goes on from an adapter"), ({"method": "ia3"}, "another form|does not fit|other layers")],
)  # fmt: skip
def test_an_adapter_of_another_kind_is_refused(
    tiny_llm: Path, make_recipe: Any, few: Examples, tmp_path: Path, changes: dict[str, Any], says: str
) -> None:
    first = train(make_recipe(epochs=1), few, tiny_llm, tmp_path / "a")
    with pytest.raises(InputError, match=says):
        train(make_recipe(start="first", **changes), few, tiny_llm, tmp_path / "b", start=first.folder)


def test_a_model_says_what_it_saw_and_what_the_one_that_it_went_on_from_had_seen(tmp_path: Path) -> None:
    """Of each real source the last date, of all of them the frequencies; in each member's card."""
    first, model = tmp_path / "first", tmp_path / "model"
    for folder in (first, model / "member-0", model / "member-1"):
        folder.mkdir(parents=True)
        SlotConfig().save(folder)
    SlotConfig(trained={"shop": "2024-01-07", "old": "2023-05-07"}, freqs=["D"]).save(first)
    sources: Any = [
        SimpleNamespace(name="shop", panel=SimpleNamespace(cutoff="2024-03-03", freq="W")),
        SimpleNamespace(name="synthetic", panel=SimpleNamespace(cutoff="2030-01-01", freq="M")),
    ]
    assert _seen(None, sources) == ({"shop": "2024-03-03"}, {"W", "M"})
    seen = _seen(first, sources)
    assert seen == ({"shop": "2024-03-03", "old": "2023-05-07"}, {"D", "W", "M"})
    _say_what_was_seen(model, *seen)
    for member in ("member-0", "member-1"):
        told = SlotConfig.load(model / member)
        assert (told.trained, told.freqs) == (seen[0], ["D", "M", "W"])
