"""Training examples: windows of panels, cut as of a date, as tokens, slots and targets; written once, with a digest."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.feather as feather

from ...prompts.chats import forecast_chat
from ...prompts.context import sales_context
from ...prompts.serialize import serialize, unit_of, write_answer
from ...prompts.slots import SLOT, Notes, SlotContext, slot_contexts, slot_prompt
from ...tools.data.cube import Cube, cube
from ...tools.data.freq import ByFreq
from ...tools.data.panel import Panel
from ...tools.errors import InputError
from ...tools.files import replacing
from ...tools.forecast.recent import recent_quantiles
from ...tools.quantiles import LEVELS, Array
from ..recipe import Recipe

MIN_KNOWN = 4  # periods a series has shown before a window
DEFAULT_HORIZON = ByFreq({"D": 28, "W": 8, "M": 6})
LARGE = 20.0  # level from which jitter of the scale leaves whole units believable
Rng = np.random.Generator


@dataclass(frozen=True)
class TrainingSource:
    """Data to learn from.

    Attributes:
        name: for the card.
        panel: already cut: all of it may be learned from.
        licence: its terms.
        restricted: the terms do not plainly allow training.
        digest: of the data.
        notes: dated notes by unique_id.
        horizon: steps of its windows, where the recipe leaves them open; 0 is the usual number.
    """

    name: str
    panel: Panel
    licence: str
    restricted: bool = False
    digest: str = ""
    notes: Notes | None = None
    horizon: int = 0


@dataclass(frozen=True)
class Example:
    """One window.

    Attributes:
        ids: tokens of the prompt.
        slots: places of the H slots.
        letters: places of the letters of the past, each but the last.
        y: units of the H steps over the level; NaN is not known.
        after: units over the level of the period after each letter.
        base: quantiles of the base forecast over the level, `[H, Q]`.
        weight: level over the series' mean absolute change, at most 10: counts a window as the scaled loss does.
        level: units per period.
        unique_id: the series.
    """

    ids: list[int]
    slots: list[int]
    letters: list[int]
    y: Array
    after: Array
    base: Array
    weight: float
    level: float
    unique_id: str


@dataclass(frozen=True)
class Examples:
    """What a run learns from and is stopped by, and the digest of both."""

    train: list[Example]
    validation: list[Example]
    horizon: int
    digest: str


def make_examples(
    sources: Sequence[TrainingSource],
    recipe: Recipe,
    tokenizer: Any,
    *,
    accept_terms: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Examples:
    """Draw the windows of a recipe.

    Validation windows are the last horizon of each panel, of series that train and of those held out; training windows
    end before that horizon begins. So the split is by time and by series.

    Args:
        sources: where from; training windows are drawn from each in equal numbers.
        recipe: how.
        tokenizer: of the LLM.
        accept_terms: also take data whose terms do not plainly allow training.
        progress: called with how many windows of how many are made.

    Raises:
        InputError: restricted data without `accept_terms`, or a panel too short for a window.
    """
    if not sources:
        raise InputError("no data to learn from: name some with --data or in the recipe")
    for source in sources:
        if source.restricted and not accept_terms:
            raise InputError(
                f"{source.name}: its terms ({source.licence}) do not plainly allow training; "
                "with --accept-terms you say that you may"
            )
    train: list[Example] = []
    validation: list[Example] = []
    longest = 0
    wanted = recipe.windows + recipe.validation_windows
    tell = progress or (lambda done, of: None)
    for number, source in enumerate(sources):
        draws = np.random.default_rng([recipe.seed, number])
        horizon = recipe.horizon or source.horizon or DEFAULT_HORIZON[source.panel.freq]
        longest = max(longest, horizon)
        if recipe.shuffle_text:  # by draws of its own, so that the windows stay the same
            shuffled = _texts_shuffled(source.panel, np.random.default_rng([recipe.seed, number, 1]))
            source = replace(source, panel=shuffled)
        made = _Windows(cube(source.panel, horizon), source, recipe, tokenizer, draws)
        share = [part // len(sources) + 1 for part in (recipe.windows, recipe.validation_windows)]
        before = len(train) + len(validation)
        validation += made.validation(share[1])
        train += made.training(share[0], lambda done, before=before: tell(before + done, wanted))  # type: ignore[misc]
    if not train:
        raise InputError(f"no series is long enough to learn windows of {longest} periods from")
    order = np.random.default_rng(recipe.seed).permutation(len(train))[: recipe.windows]
    train = [train[i] for i in order]
    return Examples(train, validation, longest, _digest(train, validation))


class _Windows:
    """Draws the windows of one source."""

    def __init__(self, arrays: Cube, source: TrainingSource, recipe: Recipe, tokenizer: Any, draws: Rng) -> None:
        self.arrays, self.source, self.recipe, self.draws = arrays, source, recipe, draws
        self.encoder = Encoder(tokenizer)
        self.last = arrays.y.shape[1] - 1 - arrays.horizon  # origin of the validation window
        self.held = draws.random(len(arrays.unique_ids)) < recipe.held_out
        self.demand = arrays.demand
        self.known = np.cumsum(np.isfinite(self.demand), axis=1)
        self.sold = np.cumsum(np.nan_to_num(self.demand), axis=1)
        self.change = np.abs(np.diff(self.demand, axis=1))

    def validation(self, wanted: int) -> list[Example]:
        """Windows of the last horizon, a few, evenly over the series."""
        if self.last < MIN_KNOWN:
            return []
        rows = np.flatnonzero(self._usable(np.array([self.last]))[:, 0])
        rows = self.draws.permutation(rows)[:wanted]
        return self._make(self.last, sorted(int(row) for row in rows), augment=False)

    def training(self, wanted: int, tell: Callable[[int], None]) -> list[Example]:
        """Windows whose last step lies before the validation window's first."""
        origins = np.arange(MIN_KNOWN, self.last - self.arrays.horizon + 1)
        pairs = np.argwhere((self._usable(origins) & ~self.held[:, None]).T)  # (origin, row)
        if not len(pairs):
            return []
        weights = self._chances()[pairs[:, 1]]
        chosen = self.draws.choice(len(pairs), wanted, replace=wanted > len(pairs), p=weights / weights.sum())
        by_origin: dict[int, list[int]] = {}
        for place, row in pairs[chosen]:
            by_origin.setdefault(int(origins[place]), []).append(int(row))
        made: list[Example] = []
        for origin, rows in sorted(by_origin.items()):
            made += self._make(origin, rows, augment=True)
            tell(len(made))
        return made

    def _usable(self, origins: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Where enough is known, something was sold by then, and a step of the window is known, `[N, origins]`."""
        known = self.known[:, origins]
        ahead = self.known[:, origins + self.arrays.horizon] > known
        return np.asarray((known >= MIN_KNOWN) & (self.sold[:, origins] > 0) & ahead)

    def _chances(self) -> Array:
        """How often a series is drawn: evenly, or evenly over the classes of demand, or between."""
        known = self.demand[:, : self.last + 1]
        some, units = known > 0, np.nan_to_num(known)
        zero = (known == 0).sum(axis=1) / np.maximum(np.isfinite(known).sum(axis=1), 1)
        sales = np.maximum(some.sum(axis=1), 1)
        mean = np.maximum(units.sum(axis=1) / sales, 1e-9)
        spread = np.sqrt((some * (units - mean[:, None]) ** 2).sum(axis=1) / sales) / mean
        kinds = (zero > 0.25).astype(int) * 2 + (spread > 0.7).astype(int)  # Syntetos and Boylan's four
        counts = np.bincount(kinds, minlength=4)
        even = np.ones(len(kinds))
        balanced = len(kinds) / (np.count_nonzero(counts) * counts[kinds])
        return np.asarray((1 - self.recipe.balance) * even + self.recipe.balance * balanced)

    def _make(self, origin: int, rows: list[int], *, augment: bool) -> list[Example]:
        arrays = self.arrays
        if self.recipe.form == "generative":
            return self._chats(origin, rows)
        base = recent_quantiles(arrays, origin, np.array(rows))
        contexts = slot_contexts(arrays, origin, rows, base, self.source.notes)
        made = []
        for row, context in zip(rows, contexts, strict=True):
            y = self.demand[row, origin + 1 : origin + 1 + arrays.horizon]
            # Of all its past to learn from, not of that before the window alone: a launch would outweigh all others.
            scale = max(_mean(self.change[row, :end]) for end in (origin, self.last))
            form, wording = self.recipe.format, 0
            if augment:
                context, y, scale = self._scaled(context, y, scale)
                form = replace(
                    form,
                    text=form.text and self.draws.random() >= self.recipe.text_dropout,
                    plan=form.plan and self.draws.random() >= self.recipe.covariate_dropout,
                    signals=form.signals and self.draws.random() >= self.recipe.covariate_dropout,
                )
                wording = int(self.draws.integers(self.recipe.wordings))
            weight = 1 / max(scale / context.level, 0.1)
            made.append(self.encoder.example(context, slot_prompt(context, form, wording), y, weight, form.history))
        return made

    def _chats(self, origin: int, rows: list[int]) -> list[Example]:
        """Windows as chats: the places are those before each token of the answer."""
        at = self.arrays.ds[origin]
        known = self.source.panel.before(at)
        made = []
        for row in rows:
            uid = self.arrays.unique_ids[row]
            y = self.arrays.y[row, origin + 1 : origin + 1 + self.arrays.horizon]
            if np.isfinite(y).all() and known.cutoff_of(uid) == at:
                context = sales_context(known, uid, self.arrays.horizon)
                chat = forecast_chat(serialize(context), [])
                made.append(self.encoder.chat(uid, chat, write_answer(y, unit_of(context))))
        return made

    def _scaled(self, context: SlotContext, y: Array, scale: float) -> tuple[SlotContext, Array, float]:
        """The window with all units times one factor, where units are many."""
        if self.recipe.scale_jitter == 0 or context.level < LARGE:
            return context, y, scale
        by = float(np.exp(self.draws.normal(0, self.recipe.scale_jitter)))
        scaled = replace(
            context,
            level=context.level * by,
            history=context.history * by,
            year_ago=context.year_ago * by,
            base=context.base * by,
        )
        return scaled, y * by, scale * by


class Encoder:
    """Prompts to tokens, with the places of their slots and letters."""

    def __init__(self, tokenizer: Any) -> None:
        self.tokenizer = tokenizer
        self.slot = self._one(SLOT)
        self.line = self._one("\n")

    def _one(self, text: str) -> int:
        ids = self.tokenizer(text, add_special_tokens=False)["input_ids"]
        if len(ids) != 1:
            raise InputError(f"the tokenizer splits {text!r} into {len(ids)} tokens: slots need one")
        return int(ids[0])

    def example(self, context: SlotContext, prompt: str, y: Array, weight: float, history: int) -> Example:
        """Tokens and targets of one window."""
        ids = list(self.tokenizer(prompt, add_special_tokens=False)["input_ids"])
        slots = [place for place, token in enumerate(ids) if token == self.slot]
        if len(slots) != len(context.steps):
            raise InputError(f"the tokenizer made {len(slots)} slots of {len(context.steps)} steps")
        shown = min(history, len(context.history))
        end = len(ids) - 1 - ids[::-1].index(self.line)
        return Example(
            ids=ids,
            slots=slots,
            letters=list(range(end - shown, end - 1)),
            y=y / context.level,
            after=context.history[len(context.history) - shown + 1 :] / context.level,
            base=context.base / context.level,
            weight=weight,
            level=context.level,
            unique_id=context.unique_id,
        )

    def chat(self, unique_id: str, turns: Sequence[tuple[str, str]], answer: str) -> Example:
        """Tokens of a chat and its answer; what is learned is the answer and its end."""
        messages = [{"role": role, "content": content} for role, content in turns]
        prompt = self.tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        ids, more = (list(self.tokenizer(t, add_special_tokens=False)["input_ids"]) for t in (prompt, answer))
        more.append(self.tokenizer.eos_token_id)
        nothing = np.zeros(0)
        places = list(range(len(ids) - 1, len(ids) + len(more) - 1))
        return Example([*ids, *more], places, [], nothing, nothing, np.zeros((0, len(LEVELS))), 1.0, 1.0, unique_id)


def save_examples(examples: Examples, path: Path) -> None:
    """Write them as one Arrow file, beside the target and then renamed."""
    rows = [("train", one) for one in examples.train] + [("validation", one) for one in examples.validation]
    table = pa.table(
        {
            "part": [part for part, _ in rows],
            "unique_id": [one.unique_id for _, one in rows],
            "ids": pa.array([one.ids for _, one in rows], pa.list_(pa.int32())),
            "slots": pa.array([one.slots for _, one in rows], pa.list_(pa.int32())),
            "letters": pa.array([one.letters for _, one in rows], pa.list_(pa.int32())),
            "y": [one.y.astype(np.float32) for _, one in rows],
            "after": [one.after.astype(np.float32) for _, one in rows],
            "base": [one.base.astype(np.float32).ravel() for _, one in rows],
            "weight": [one.weight for _, one in rows],
            "level": [one.level for _, one in rows],
        },
        metadata={"digest": examples.digest, "horizon": str(examples.horizon)},
    )
    with replacing(path) as beside:
        feather.write_feather(table, beside, compression="zstd")


def load_examples(path: Path) -> Examples:
    """Read them back.

    Raises:
        InputError: the file is not there, or not of this kind.
    """
    try:
        table = feather.read_table(path)
        metadata = table.schema.metadata
        digest, horizon = metadata[b"digest"].decode(), int(metadata[b"horizon"])
    except (OSError, pa.ArrowInvalid, KeyError, TypeError):
        raise InputError(f"{path}: no examples of a fine-tuning run") from None
    parts: dict[str, list[Example]] = {"train": [], "validation": []}
    for row in table.to_pylist():
        parts[row["part"]].append(
            Example(
                ids=row["ids"],
                slots=row["slots"],
                letters=row["letters"],
                y=np.array(row["y"], dtype=float),
                after=np.array(row["after"], dtype=float),
                base=np.array(row["base"], dtype=float).reshape(-1, len(LEVELS)),
                weight=row["weight"],
                level=row["level"],
                unique_id=row["unique_id"],
            )
        )
    return Examples(parts["train"], parts["validation"], horizon, digest)


def _mean(values: Array) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else 0.0


def _texts_shuffled(panel: Panel, draws: Rng) -> Panel:
    """The control: every product with the text of another."""
    order = draws.permutation(len(panel.static))
    of = np.empty_like(order)
    of[order] = np.roll(order, 1)  # one ring, so that none keeps its own
    return replace(panel, static=panel.static.iloc[of].set_axis(panel.static.index))


def _digest(*parts: Sequence[Example]) -> str:
    found = hashlib.sha256()
    for part in parts:
        for one in part:
            found.update(np.array(one.ids, dtype=np.int32).tobytes())
            for values in (one.y, one.after, one.base, np.array([one.weight, one.level])):
                found.update(values.astype(np.float32).tobytes())
    return found.hexdigest()[:12]
