"""The trainer: it learns, it stops, and after a kill it goes on along the same curve."""

import json
import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from skucast.agent.models.slot_head import SlotConfig, load_network
from skucast.finetune.examples.windows import Examples, TrainingSource, make_examples, save_examples
from skucast.finetune.recipe import Recipe
from skucast.finetune.training import trainer
from skucast.finetune.training.objectives import collate, validation_losses
from skucast.finetune.training.trainer import BEST, CHECKPOINT, LOG, Trained, train
from skucast.tools.errors import InputError
from skucast.tools.files import PART

pytestmark = pytest.mark.usefixtures("single_thread")


@pytest.fixture(scope="module")
def few(examples: Examples) -> Examples:
    """A dozen windows: a few small batches."""
    return Examples(examples.train[:12], examples.validation[:4], 3, "few")


class KilledError(Exception):
    """Stands for a kill: nothing of the trainer runs after it."""


def kill_at(step: int) -> Any:
    def told(at: int, *_: Any) -> None:
        if at == step:
            raise KilledError

    return told


def curve(run: Trained) -> list[tuple[int, float, float | None]]:
    return [(line.step, line.loss, line.validation) for line in run.log]


def assert_same_curve(one: Trained, other: Trained) -> None:
    assert [line.step for line in one.log] == [line.step for line in other.log] == list(range(len(one.log)))
    for ours, theirs in zip(one.log, other.log, strict=True):
        np.testing.assert_allclose(ours.loss, theirs.loss, atol=1e-6)
        assert (ours.validation is None) == (theirs.validation is None)
        if ours.validation is not None:
            assert ours.validation == pytest.approx(theirs.validation, abs=1e-6)
    assert (one.best, one.before) == pytest.approx((other.best, other.before), abs=1e-6)
    assert (one.steps, one.tokens, one.stopped) == (other.steps, other.tokens, other.stopped)


def weights_in(folder: Path) -> dict[str, torch.Tensor]:
    from safetensors.torch import load_file

    return {name: weight for path in folder.glob("*.safetensors") for name, weight in load_file(path).items()}


def measured(network: Any, examples: Examples, recipe: Recipe) -> float:
    with torch.no_grad():
        total, count = validation_losses(network, collate(examples.validation, 2), recipe).tolist()
    return float(total / count)


# ---- it learns


@pytest.mark.slow
def test_the_loss_falls_and_the_best_weights_are_kept(
    tiny_llm: Path, make_recipe: Any, make_retailer: Any, tokenizer: Any, tmp_path: Path
) -> None:
    """Promoted weeks sell three times as much, and the base forecast does not know it."""
    recipe = make_recipe(windows=150, epochs=4, evaluate_every=10, lr=2e-2, head_lr=2e-2)
    examples = make_examples([TrainingSource("shop", make_retailer(80, 20, small=0), "own")], recipe, tokenizer)
    seen: list[int] = []
    run = train(
        recipe, examples, tiny_llm, tmp_path, base_digest="abc", on_validation=lambda _, step: seen.append(step)
    )
    base = [2 * one.weight * _pinball(one.y, one.base) for one in examples.validation]
    assert run.before == pytest.approx(float(np.mean(base)), rel=1e-4)
    assert run.best < 0.65 * run.before
    assert run.stopped == "done"
    assert seen == [line.step for line in run.log if line.validation is not None]
    assert run.best == min(line.validation for line in run.log if line.validation is not None)
    assert run.steps == run.log[-1].step
    loaded, config = load_network(run.folder, tiny_llm)
    assert config == SlotConfig("residual", 2, 3, recipe.format, "abc")
    assert measured(loaded, examples, recipe) == pytest.approx(run.best, rel=1e-4)
    lines = [json.loads(line) for line in (tmp_path / LOG).read_text().splitlines()]
    assert [line["step"] for line in lines] == list(range(run.steps + 1))


def _pinball(y: np.ndarray, quantiles: np.ndarray) -> np.ndarray:
    from skucast.tools.quantiles import pinball

    return pinball(y, quantiles).mean(axis=-1)


def test_tensorboard_holds_the_curve_once(tiny_llm: Path, make_recipe: Any, examples: Examples, tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    recipe = make_recipe(epochs=1, evaluate_every=2)
    with pytest.raises(KilledError):
        train(recipe, examples, tiny_llm, tmp_path, on_step=kill_at(4), every=2)
    run = train(recipe, examples, tiny_llm, tmp_path, every=2)
    events = EventAccumulator(str(tmp_path / "tensorboard")).Reload()
    told = events.Scalars("loss")
    assert [event.step for event in told] == list(range(1, run.steps + 1))
    assert [event.value for event in told] == pytest.approx([line.loss for line in run.log[1:]], rel=1e-5)
    assert [event.step for event in events.Scalars("validation")] == [
        line.step for line in run.log if line.validation is not None
    ]


METHODS = [
    {"method": "lora"},
    {"method": "adalora"},
    {"method": "ia3"},
    {"method": "full"},
    {"method": "frozen"},
    {"method": "full", "pretrained": False},
    {"method": "lora", "pretrained": False},
    {"form": "direct", "history_loss": 0.2, "loss": "pinball_asinh"},
    {"optimizer": "sgd"},
    {"form": "point", "loss": "mse", "adversarial": "fgm"},
    {"adversarial": "neftune", "accumulate": 2},
    {"precision": "bf16"},
]


@pytest.mark.slow
@pytest.mark.parametrize("changes", METHODS, ids=lambda changes: "-".join(map(str, changes.values())))
def test_every_method_trains_and_what_it_saves_is_what_it_measured(
    tiny_llm: Path, make_recipe: Any, few: Examples, tmp_path: Path, changes: dict[str, Any]
) -> None:
    """Stopped by what it trains on, the loss falls at once, so that trained weights are saved."""
    examples = Examples(few.train, few.train, 3, few.digest)
    epochs = 6 * changes.get("accumulate", 1)
    recipe = make_recipe(epochs=epochs, evaluate_every=1, lr=5e-3, head_lr=1e-2, batch_tokens=700, **changes)
    run = train(recipe, examples, tiny_llm, tmp_path)
    assert run.steps >= 6
    assert all(math.isfinite(line.loss) for line in run.log[1:])
    assert run.best < run.before
    loaded, _ = load_network(run.folder, tiny_llm)
    close = 1e-4 if recipe.precision == "no" else 2e-2
    assert measured(loaded, examples, recipe) == pytest.approx(run.best, rel=close)
    assert run.tokens > 0


@pytest.mark.slow
@pytest.mark.parametrize("method", ["lora", "full", "frozen"])
def test_the_generative_form_trains(
    tiny_llm: Path, make_recipe: Any, chats: Examples, tmp_path: Path, method: str
) -> None:
    recipe = make_recipe(form="generative", loss="ce", method=method, epochs=1, layers=3)
    run = train(recipe, chats, tiny_llm, tmp_path)
    assert run.best < run.before
    assert (run.folder / "tokenizer.json").exists()
    assert not (run.folder / "skucast_slots.json").exists()


def test_mixed_precision_is_really_mixed(tiny_llm: Path, make_recipe: Any, examples: Examples, tmp_path: Path) -> None:
    runs = [
        train(make_recipe(form="direct", epochs=0.3, precision=precision), examples, tiny_llm, tmp_path / precision)
        for precision in ("no", "bf16")
    ]
    assert runs[0].before == pytest.approx(runs[1].before, rel=1e-3)  # a head of zeros
    assert runs[0].log[2].loss != runs[1].log[2].loss
    assert runs[0].log[-1].loss == pytest.approx(runs[1].log[-1].loss, rel=0.05)


def test_two_half_batches_make_one(tiny_llm: Path, make_recipe: Any, examples: Examples, tmp_path: Path) -> None:
    """Two equal windows a batch against one window in each of two accumulated batches: the same steps."""
    pair = [examples.train[0], examples.train[0]]
    few = Examples(pair * 4, examples.validation, 3, "x")
    length = len(examples.train[0].ids)
    whole, halves = (
        train(
            make_recipe(dropout=0, epochs=1, batch_tokens=max(64, n * length), accumulate=2 // n),
            few,
            tiny_llm,
            tmp_path / str(n),
        )
        for n in (2, 1)
    )
    assert [line.loss for line in whole.log[1:]] == pytest.approx([line.loss for line in halves.log[1:]], rel=1e-5)
    assert whole.steps == halves.steps == 4
    assert whole.best == pytest.approx(halves.best, rel=1e-5)


# ---- it stops


def test_patience_ends_a_run_that_does_not_get_better(
    tiny_llm: Path, make_recipe: Any, few: Examples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    losses = iter([5.0, 4.0, 4.5, 4.1, 3.9, 4.2, 4.3, 4.4, 4.6])
    monkeypatch.setattr(trainer._Run, "_validate", lambda *_: next(losses))
    recipe = make_recipe(epochs=20, evaluate_every=1, patience=3, batch_tokens=700)
    run = train(recipe, few, tiny_llm, tmp_path, every=1)
    assert (run.stopped, run.steps, run.best, run.before) == ("patience", 7, 3.9, 5.0)
    again = train(recipe, few, tiny_llm, tmp_path, every=1)  # begun again, it is as it was
    assert (again.stopped, again.steps) == ("patience", 7)
    longer = train(recipe.model_copy(update={"patience": 4}), few, tiny_llm, tmp_path, every=1)
    assert (longer.stopped, longer.steps, longer.best) == ("patience", 8, 3.9)


@pytest.mark.slow
def test_the_last_weights_are_kept_where_that_is_asked_for(
    tiny_llm: Path, make_recipe: Any, few: Examples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    losses = iter([5.0, 3.0, 4.0, 4.5, 4.7])
    monkeypatch.setattr(trainer._Run, "_validate", lambda *_: next(losses))
    recipe = make_recipe(epochs=20, evaluate_every=1, patience=2, batch_tokens=700)
    run = train(recipe, few, tiny_llm, tmp_path, every=1)
    best = weights_in(run.folder)
    assert (run.stopped, run.steps, run.best) == ("patience", 3, 3.0)
    again = train(recipe.model_copy(update={"keep": "last"}), few, tiny_llm, tmp_path, every=1)
    assert (again.steps, again.best) == (3, 4.7)
    last = weights_in(again.folder)
    held = torch.load(tmp_path / CHECKPOINT, weights_only=False)["weights"]
    mine = {name.replace(".default", "").replace(".modules_to_save", ""): weight for name, weight in held.items()}
    assert all(torch.equal(weight, mine[name]) for name, weight in last.items())
    assert any(not torch.equal(weight, best[name]) for name, weight in last.items())


@pytest.mark.slow
def test_minutes_end_a_run_which_can_go_on(
    tiny_llm: Path, make_recipe: Any, few: Examples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = make_recipe(epochs=4, evaluate_every=3, minutes=1.0, batch_tokens=700)
    with monkeypatch.context() as clock:
        clock.setattr(trainer._Run, "_seconds", lambda run: 20.5 * run.step)
        run = train(recipe, few, tiny_llm, tmp_path / "short")
    assert (run.stopped, run.steps) == ("minutes", 3)
    assert run.log[-1].validation is not None
    on = train(recipe.model_copy(update={"minutes": 10.0}), few, tiny_llm, tmp_path / "short")
    whole = train(recipe.model_copy(update={"minutes": None}), few, tiny_llm, tmp_path / "whole")
    assert on.stopped == "done"
    assert_same_curve(on, whole)
    ended = train(recipe, few, tiny_llm, tmp_path / "whole")  # finished: nothing is left to do
    assert (ended.stopped, ended.steps) == ("done", whole.steps)


# ---- it goes on


@pytest.mark.slow
@pytest.mark.parametrize(
    "changes",
    [
        {"dropout": 0.0},
        {"dropout": 0.3, "accumulate": 2, "adversarial": "neftune", "epochs": 8},
        {"method": "adalora", "dropout": 0.1},
        {"method": "full", "optimizer": "sgd", "adversarial": "fgm"},
    ],
    ids=["plain", "noise", "adalora", "full"],
)
def test_after_a_kill_it_goes_on_along_the_same_curve(
    tiny_llm: Path, make_recipe: Any, few: Examples, tmp_path: Path, changes: dict[str, Any]
) -> None:
    recipe = make_recipe(**({"epochs": 4, "evaluate_every": 3, "lr": 2e-3, "batch_tokens": 700} | changes))
    whole = train(recipe, few, tiny_llm, tmp_path / "whole")
    assert whole.steps >= 6
    for step in (2, whole.steps // 2, whole.steps - 1):  # before the first checkpoint, and between two
        with pytest.raises(KilledError):
            train(recipe, few, tiny_llm, tmp_path / "killed", on_step=kill_at(step), every=4)
    torch.manual_seed(99)
    resumed = train(recipe, few, tiny_llm, tmp_path / "killed", every=4)
    assert_same_curve(resumed, whole)
    ours, theirs = weights_in(resumed.folder), weights_in(whole.folder)
    assert ours.keys() == theirs.keys()
    assert all(torch.allclose(ours[name], theirs[name], atol=1e-6) for name in ours)
    lines = (tmp_path / "killed" / LOG).read_text().splitlines()
    assert [json.loads(line)["step"] for line in lines] == list(range(whole.steps + 1))


def test_another_run_in_the_same_folder_is_refused(
    tiny_llm: Path, make_recipe: Any, examples: Examples, tmp_path: Path
) -> None:
    recipe = make_recipe(epochs=0.3)
    train(recipe, examples, tiny_llm, tmp_path)
    other = Examples(examples.train, examples.validation, examples.horizon, "other")
    for one, data, digest in (
        (recipe.model_copy(update={"lr": 1e-4}), examples, ""),
        (recipe, other, ""),
        (recipe, examples, "another LLM"),
    ):
        with pytest.raises(InputError, match="holds a run of another recipe or other data"):
            train(one, data, tiny_llm, tmp_path, base_digest=digest)


# ---- what is wrong is said


def test_a_loss_that_is_not_finite_is_said(
    tiny_llm: Path, make_recipe: Any, examples: Examples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trainer, "batch_loss", lambda network, *_: network.score.weight.sum() * math.nan)
    with pytest.raises(InputError, match="the loss is nan; try a lower lr"):
        train(make_recipe(method="frozen"), examples, tiny_llm, tmp_path)


def test_a_full_disk_is_said(
    tiny_llm: Path, make_recipe: Any, examples: Examples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    (tmp_path / PART.format(process=os.getpid(), name=CHECKPOINT)).symlink_to("/dev/full")
    with pytest.raises(InputError, match=r"cannot be written .*; start again to go on"):
        train(make_recipe(epochs=0.3), examples, tiny_llm, tmp_path)


def test_nothing_to_learn_from_is_said(tiny_llm: Path, make_recipe: Any, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no examples"):
        train(make_recipe(), Examples([], [], 3, ""), tiny_llm, tmp_path)


# ---- other processes

CHILD = """
import json, sys
from pathlib import Path
import torch
torch.set_num_threads(1)
from skucast.finetune.examples.windows import load_examples
from skucast.finetune.recipe import Recipe
from skucast.finetune.training.trainer import train
recipe, examples, base, folder = sys.argv[1:5]
run = train(
    Recipe.model_validate_json(recipe), load_examples(Path(examples)), Path(base), Path(folder),
    on_step=lambda step, *_: print("step", step, flush=True), every=3,
)
print("done", run.steps, flush=True)
"""


def child(recipe: Recipe, examples: Examples, base: Path, folder: Path, *before: str) -> list[str]:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "child.py").write_text(CHILD)
    save_examples(examples, folder / "examples.arrow")
    arguments = [str(folder / "child.py"), recipe.model_dump_json(), str(folder / "examples.arrow"), str(base)]
    return [sys.executable, *before, *arguments, str(folder / "run")]


@pytest.mark.slow
def test_kill_nine_at_any_moment(tiny_llm: Path, make_recipe: Any, examples: Examples, tmp_path: Path) -> None:
    recipe = make_recipe(epochs=4, dropout=0.2)
    command = child(recipe, examples, tiny_llm, tmp_path)
    killed = 0
    for _ in range(2):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for line in process.stdout:
                if line.startswith("step") and int(line.split()[1]) % 7 == 5:
                    time.sleep(0.01 * killed)
                    os.kill(process.pid, signal.SIGKILL)
                    killed += 1
                    break
    assert killed == 2
    end = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1]
    whole = train(recipe, examples, tiny_llm, tmp_path / "whole")
    assert end == f"done {whole.steps}"
    told = [json.loads(line) for line in (tmp_path / "run" / LOG).read_text().splitlines()]
    assert [line["step"] for line in told] == list(range(whole.steps + 1))
    for ours, theirs in zip(told[1:], whole.log[1:], strict=True):
        assert ours["loss"] == pytest.approx(theirs.loss, abs=2e-6)
    assert (tmp_path / "run" / BEST / "adapter_model.safetensors").exists()


@pytest.mark.slow
def test_two_processes_share_the_batches_out(
    tiny_llm: Path, make_recipe: Any, examples: Examples, tmp_path: Path
) -> None:
    """Two processes of one batch each make the steps of one process that accumulates two."""
    recipe = make_recipe(epochs=2, dropout=0, evaluate_every=2)
    launch = ("-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2")
    command = child(recipe, examples, tiny_llm, tmp_path, *launch)
    there = {**os.environ, "OMP_NUM_THREADS": "1", "ACCELERATE_USE_CPU": "true"}
    subprocess.run(command, check=True, capture_output=True, text=True, env=there)
    alone = train(recipe.model_copy(update={"accumulate": 2}), examples, tiny_llm, tmp_path / "alone")
    told = [json.loads(line) for line in (tmp_path / "run" / LOG).read_text().splitlines()]
    assert [line["step"] for line in told] == [line.step for line in alone.log]
    for ours, theirs in zip(told[1:], alone.log[1:], strict=True):
        assert ours["loss"] == pytest.approx(theirs.loss, abs=1e-5)
        assert ours["validation"] == pytest.approx(theirs.validation, abs=1e-5)
