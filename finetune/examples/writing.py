"""Examples for the writer: evidence of made-up products, computed by the tools' own code, and retellings of it."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from ...agent.forecast.evidence import gather
from ...agent.forecast.explain import UNNAMED, selected
from ...agent.forecast.grounding import ground
from ...agent.forecast.report import Evidence, LLMPart, Total
from ...prompts.chats import Turn, explain_chat
from ...prompts.retelling import Patterns, answering, expansions, retellings, wordings
from ...tools.data.panel import Panel
from ...tools.errors import InputError
from ...tools.insight.drivers import drivers
from ...tools.messages import Message
from ...tools.quantiles import LEVELS, MEDIAN, level_name
from ..recipe import Recipe
from ..retailer.synthetic import synthetic_panel
from .fillers import Rng, name, pick
from .patterns import patterns
from .routing import HELD_OUT, dialogues
from .windows import Encoder, Examples

RETELLINGS = "retellings"  # the recipe's word for this data
SERIES, SPAN = 300, {"W": (150, 13), "D": (500, 60)}  # of a synthetic panel: periods, and the longest horizon
RENAMED: tuple[dict[str, str], ...] = ({}, {"promo": "display", "discount": "mailer"}, {"discount": ""}, {"promo": ""})
ASKED = 0.85  # share of examples with a question
PLAIN = 0.3  # of these, those after nothing in particular
PAIRED = 0.6  # chance that two facts whose pair has patterns share one sentence
MONTHLY = 0.1  # share of monthly data
UNPLANNED = 0.05  # share without a planned price


def writing_examples(recipe: Recipe, tokenizer: Any) -> Examples:
    """Chats to learn writing from, and others, of other series and patterns, to be stopped by."""
    encoder = Encoder(tokenizer)
    parts = []
    for number, count in enumerate((recipe.windows, recipe.validation_windows)):
        rng = np.random.default_rng([recipe.seed, number])
        drawn = list(writings(count, rng, held_out=bool(number)))
        parts.append([encoder.chat(f"writing-{n}", chat, answer) for n, (chat, answer) in enumerate(drawn)])
    digest = hashlib.sha256(repr([one.ids for part in parts for one in part]).encode()).hexdigest()[:12]
    return Examples(parts[0], parts[1], 1, digest)


def writings(count: int, rng: Rng, *, held_out: bool = False) -> Iterator[tuple[list[Turn], str]]:
    """So many chats, each with a retelling of the facts in it; none says what the facts do not bear out."""
    facts, asked = (_part(some, held_out) for some in retellings())
    made = drawn_evidence(rng)
    plain = _plain_questions(rng, held_out)
    while count:
        evidence = selected(next(made))
        question, focus = "", ""
        if rng.random() < ASKED:
            focus = pick(rng, list(asked)) if rng.random() >= PLAIN else ""
            question = pick(rng, expansions(pick(rng, list(asked[focus])))) if focus else next(plain)
        answer = retell(answering(evidence, focus), facts, rng)
        if ground(answer, evidence)[1]:
            continue
        product = UNNAMED if rng.random() < 0.6 else name(rng)
        yield explain_chat(product, [item.text for item in evidence], question), answer
        count -= 1


def retell(evidence: Sequence[Evidence], patterns: Patterns, rng: Rng) -> str:
    """The facts in other words, in their order, some of them two to a sentence.

    Raises:
        InputError: no pattern is of a kind of fact, or one has a slot that the facts do not fill.
    """
    text, at = [], 0
    while at < len(evidence):
        some = evidence[at : at + 2]
        ways = wordings(some, patterns) if len(some) == 2 and rng.random() < PAIRED else []
        if not ways:
            some = some[:1]
            ways = wordings(some, patterns)
        if not ways:
            raise InputError(f"no retelling of {some[0].text!r}")
        text.append(pick(rng, ways))
        at += len(some)
    return " ".join(text)


def _part(some: Patterns, held_out: bool) -> Patterns:
    """The patterns that are learned, or those that are kept to be stopped by; a kind with few has them in both."""
    made = {}
    for kind, lines in some.items():
        part = [line for place, line in enumerate(lines) if (place % HELD_OUT == 0) == held_out]
        made[kind] = part if len(lines) >= HELD_OUT else lines
    return made


def _plain_questions(rng: Rng, held_out: bool) -> Iterator[str]:
    """What people say when they only ask why, as the router's patterns have it."""
    some = [one for one in patterns() if one.tool == "explain" and _is_plain(one.text)]
    some = [one for place, one in enumerate(some) if (place % HELD_OUT == 0) == held_out]
    while True:
        yield from (one.request for one in dialogues(some, 50, rng) if one.call.tool == "explain")


def _is_plain(text: str) -> bool:
    words = ("price", "promo", "discount", "stock", "year", "high", "low", "drop", "fall", "ris", "up", "down", "more")
    return text.isascii() and not any(word in text.lower() for word in words)


def drawn_evidence(rng: Rng) -> Iterator[list[Evidence]]:
    """Evidence of forecasts as of any date, of products as different as the synthetic retailer's."""
    while True:
        freq = "W" if rng.random() < 0.7 else "D"
        periods, farthest = SPAN[freq]
        seed = int(rng.integers(1 << 31))
        whole = synthetic_panel(SERIES, periods, freq, seed=seed, start="2021-01-04")
        for uid in rng.permutation(whole.unique_ids):
            one = _renamed(whole.select([str(uid)]), pick(rng, list(RENAMED)))
            known = one.past_of(str(uid))["ds"]
            horizon = int(rng.integers(1, farthest + 1))
            if len(known) < horizon + 10:
                continue
            origin = known.iloc[int(rng.integers(8, len(known) - horizon))]
            known_then = one.before(origin)
            if rng.random() < UNPLANNED:
                known_then = replace(known_then, future=known_then.future.assign(price=np.nan))
            yield _of(known_then, str(uid), horizon, rng)


def _renamed(panel: Panel, names: dict[str, str]) -> Panel:
    """The same with its promotions named as another kind of promotion; those named "" are left out."""
    gone = [column for column, new in names.items() if not new]
    kept = {column: names.get(column, column) for column in panel.schema.known_future if column not in gone}
    schema = panel.schema.model_copy(update={"known_future": list(kept.values())})
    past, future = (rows.drop(columns=gone).rename(columns=kept) for rows in (panel.past, panel.future))
    return replace(panel, past=past, future=future, schema=schema)


def _of(panel: Panel, uid: str, horizon: int, rng: Rng) -> list[Evidence]:
    """The evidence of a made-up forecast, somewhere about recent sales."""
    past = panel.past_of(uid)["y"].dropna().to_numpy(dtype=float)[-13:]
    total = max(float(past.mean()) if len(past) else 1.0, 0.1) * horizon * float(np.exp(rng.normal(0, 0.25)))
    spread = np.sort(np.exp(rng.normal(0, 0.4 / np.sqrt(horizon), len(LEVELS))))
    quantiles = {
        level_name(level): float(total * by / spread[MEDIAN]) for level, by in zip(LEVELS, spread, strict=True)
    }
    steps = list(pd.date_range(panel.cutoff, periods=horizon + 1, freq=panel.offset)[1:])
    reasons = drivers(panel, uid, horizon, total)
    items = gather(Total(mean=total, quantiles=quantiles), steps, panel.freq, reasons, _llm(total / horizon, rng))[0]
    if rng.random() < MONTHLY:
        items = [Evidence.of(n, item.tool, _monthly(item.message)) for n, item in enumerate(items, 1) if item.message]
    return items


def _monthly(one: Message) -> Message:
    """The same of months, where it is of weeks."""
    facts = {
        name: Message(value.key.replace("-W", "-M"), value.facts) if isinstance(value, Message) else value
        for name, value in one.facts.items()
    }
    return Message(one.key, facts)


def _llm(level: float, rng: Rng) -> LLMPart | None:
    """What a model adds; nothing where there was none."""
    if rng.random() < 0.5:
        return None
    losses = level * np.exp(rng.normal(-1.5, 0.6, 2))
    return LLMPart(
        engine="",
        engine_digest="",
        weight=float(rng.integers(0, 101)) / 100,
        witness_weight=float(rng.integers(0, 101)) / 100 if rng.random() < 0.7 else None,
        validation_cutoff=None,
        validation_loss_llm=float(losses[0]),
        validation_loss_base=float(losses[1]),
        samples=1,
        unusable=0,
        steps=None,
    )
