"""Examples for the router: requests drawn from patterns, and what came before, as chats that end in a call."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from ...prompts.reading.fields import plainly
from ...prompts.reading.numbers import COUNTED
from ...prompts.reading.request import Reading
from ...prompts.routing import ANSWER, SAME, Call, Spoken, routing_chat, write_call
from ...tools.toolset.kit import of_kinds, reads
from ...tools.toolset.registry import argument_models, forecaster, tools
from ..recipe import Recipe
from .fillers import Rng, name, sku
from .follow_ups import follow_up, follow_ups, spoken_of
from .patterns import Drawn, Pattern, draw, expand, patterns
from .windows import Encoder, Example, Examples

DIALOGUES = "dialogues"  # the recipe's word for this data
HELD_OUT = 12  # one pattern in so many is for validation alone
AFTER = 0.16  # share of windows after a tool has found something
CHAINED = 0.45  # of these, those that ask for a second call
FOLLOWING = 0.3  # share of windows that but change the last call
SHARES = {"forecast": 3.5, "out_of_scope": 2.5, "what_if": 2.0, "stock_plan": 1.3, "explain": 1.3}
BEFORE = [
    "hi, ",
    "hello, ",
    "hey ",
    "please ",
    "pls ",
    "could you ",
    "can you please ",
    "ok ",
    "ok so ",
    "so ",
    "quick one: ",
    "morning! ",
    "good morning. ",
    "i have a meeting in ten minutes. ",
    "for the S&OP meeting: ",
    "question: ",
    "fyi the boss asks. ",
    "dear assistant, ",
    "sorry to bother you again, ",
    "one more: ",
    "we are planning the next round of orders. ",
    "urgent - ",
    "@bot ",
    "hm, ",
    "now ",
]
BEHIND = [
    "?",
    " please",
    " pls",
    ", thanks",
    ", thx",
    ", please",
    " asap",
    "!",
    ".",
    " - thanks",
    " for me",
    "??",
    " i need it today",
    ", if you can",
    " thank you",
]
NAMES = {"product", "products", "category", "words", "query"}
SLIPPING = {"", "horizon", "span", "back", "lead"}  # slots whose words are misspelt without another meaning
CHAINS: tuple[tuple[str, str, dict[str, Any], str], ...] = (
    (
        "(find|get|take) the (best|top) seller(| in {category}) and (forecast it|say how it will sell) {horizon}",
        "top_sellers",
        {},
        "forecast",
    ),
    (
        "forecast (our|the) best (seller|selling product)(| in {category}) {horizon}",
        "top_sellers",
        {},
        "forecast",
    ),
    (
        "(what will|how will) (our|the) best (seller|selling item)(| of {category}) (do|sell) {horizon}",
        "top_sellers",
        {},
        "forecast",
    ),
    ("(look up|find) {words} and (forecast|predict) it {horizon}", "find_products", {}, "forecast"),
    ("(search|find) {words}, then show its (history|sales)", "find_products", {}, "sales_history"),
    (
        "(what fell most|the biggest faller)(| in {category}), and (why|what drives it)",
        "top_movers",
        {"direction": "down"},
        "explain",
    ),
    (
        "(what rose most|the biggest riser)(| in {category})(| and) what will it sell {horizon}",
        "top_movers",
        {"direction": "up"},
        "forecast",
    ),
    ("(take|find) (the |)top mover(| in {category}) and (plot|chart) it", "top_movers", {}, "plot"),
)
FOUND = {
    "top_sellers": "The best seller is {label} with {n} units a week over the last 8 weeks.",
    "find_products": "1 product has the words '{text}': {label}.",
    "top_movers": "{label} {moved} most, from {n} to {m} units a week, over the last 8 weeks.",
}


@dataclass(frozen=True)
class Dialogue:
    """One request, what came before, the calls made for it with what they found, and the next call."""

    request: str
    spoken: Spoken
    done: tuple[tuple[Call, str], ...]
    call: Call


def routing_examples(recipe: Recipe, tokenizer: Any) -> Examples:
    """Chats to learn routing from, and others, drawn from patterns that none of them use, to be stopped by."""
    encoder = Encoder(tokenizer)
    every = [*patterns(), *follow_ups()]
    learned = [one for place, one in enumerate(every) if place % HELD_OUT]
    kept = [one for place, one in enumerate(every) if place % HELD_OUT == 0]
    parts = []
    for number, (some, count) in enumerate(((learned, recipe.windows), (kept, recipe.validation_windows))):
        rng = np.random.default_rng([recipe.seed, number])
        drawn = dialogues(some, count, rng)
        parts.append([_example(encoder, place, one) for place, one in enumerate(drawn)])
    digest = hashlib.sha256(repr([one.ids for part in parts for one in part]).encode()).hexdigest()[:12]
    return Examples(parts[0], parts[1], 1, digest)


def _example(encoder: Encoder, place: int, one: Dialogue) -> Example:
    return encoder.chat(f"dialogue-{place}", routing_chat(one.request, one.spoken, one.done), write_call(one.call))


def dialogues(some: Sequence[Pattern], count: int, rng: Rng) -> list[Dialogue]:
    """So many dialogues, the tools in the shares of `SHARES`, the patterns of a tool evenly, and follow-ups."""
    by_tool: dict[str, list[Pattern]] = {}
    for pattern in some:
        by_tool.setdefault(pattern.tool, []).append(pattern)
    short = by_tool.pop("", [])
    names = list(by_tool)
    chances = np.array([SHARES.get(name, 1.0) for name in names])
    made = []
    for number in rng.choice(len(names), count, p=chances / chances.sum()):
        choices = by_tool[names[number]]
        if short and rng.random() < FOLLOWING:
            made.append(_following(short, rng))
            continue
        after = rng.random() < AFTER
        if after and rng.random() < CHAINED:
            made.append(_chain(rng))
        else:
            pattern = choices[int(rng.integers(len(choices)))]
            one = _first(pattern, rng)
            made.append(_ended(one, rng) if after else one)
    return made


def _first(pattern: Pattern, rng: Rng) -> Dialogue:
    drawn = draw(pattern, rng)
    text = _dressed(drawn, rng)
    arguments = {name: _as_written(value, text) if name in NAMES else value for name, value in drawn.arguments.items()}
    leans = "product" in argument_models()[pattern.tool].model_fields and not {"product", "category"} & set(arguments)
    leans = leans or arguments.get("category") == SAME
    arguments = as_read(pattern.tool, arguments, text)
    spoken = _spoken(rng) if leans or rng.random() < 0.6 else Spoken()
    return Dialogue(text, spoken, (), Call(pattern.tool, arguments))


def as_read(tool: str, arguments: dict[str, Any], text: str) -> dict[str, Any]:
    """A call's arguments as its grammar leaves them: what the words plainly say is read, and nothing else fills those.

    Args:
        tool: to be called.
        arguments: as the pattern's slots say.
        text: of the request, in which names are not read.
    """
    model = argument_models()[tool]
    for value in (arguments[field] for field in NAMES & set(arguments)):
        for one in value if isinstance(value, list) else [value]:
            text = text.replace(str(one), "…")
    read = plainly(model, Reading(text))
    plain = {name for name, mark in reads(model).items() if mark.plain}
    kept = {name: value for name, value in arguments.items() if name not in plain or name in read}
    kept |= {name: values[0] for name, values in read.items() if kept.get(name) not in values}
    return {name: kept[name] for name in model.model_fields if name in kept}


def _following(some: Sequence[Pattern], rng: Rng) -> Dialogue:
    """A short request that changes the last call."""
    while True:
        pattern = some[int(rng.integers(len(some)))]
        drawn = draw(pattern, rng, whole=True)
        text = _dressed(drawn, rng)
        said = {key: _as_written(value, text) if key in NAMES else value for key, value in drawn.arguments.items()}
        if (made := follow_up(pattern, text, said, rng)) is not None:
            return Dialogue(made.request, made.spoken, (), made.call)


def _as_written(value: Any, text: str) -> Any:
    """A name as it stands in the request: the grammar lets through no other."""
    if isinstance(value, list):
        return [_as_written(one, text) for one in value]
    at = text.lower().find(value.lower())
    return value if at < 0 else text[at : at + len(value)]


@cache
def _states() -> list[str]:
    """Tools that a session may have called last, so that a short request leans on them."""
    return [name for name, tool in tools().items() if not tool.outside and not tool.aside]


def _spoken(rng: Rng) -> Spoken:
    tool = forecaster().name if rng.random() < 0.4 else _states()[int(rng.integers(len(_states())))]
    span = f"{rng.integers(1, 13)}{'wwmd'[int(rng.integers(4))]}" if rng.random() < 0.6 else ""
    return spoken_of(tools()[tool], rng, product=True, category=bool(rng.random() < 0.6), horizon=span)


def _ended(one: Dialogue, rng: Rng) -> Dialogue:
    """The same once its tool has found something: it is enough."""
    what, n = _label(rng)[0], int(rng.integers(3, 900))
    found = (
        f"Forecast: {n} units in total over 4 weeks, likely between {n // 2} and {n * 2} (80 % interval).",
        f"{what} sold {n} units over the last 12 weeks, {n // 12} a week on average.",
        f"error: no product is called '{what}': valid choices: {sku(rng)}, {sku(rng)}, …",
        f"error: 'cheese' may be 3 products: which one? {what}; {_label(rng)[0]}",
        f"The best seller is {what} with {n} units a week over the last 8 weeks.",
        "I can't help with that: I forecast demand and look at this sales data, and change nothing.",
        f"{n} notes on 'coupons' were known on 2017-12-31, the first of 2017-11-02.",
        f"data: {n * 100} rows of {n} series from 2016-01-10 to 2017-12-31. It can be forecast.",
        f"Ahead: Christmas Day on 2017-12-25, New Year's Day on 2018-01-01, and {n % 7} more.",
    )
    text = found[int(rng.integers(len(found)))]
    return Dialogue(one.request, one.spoken, ((one.call, text),), Call(ANSWER, {}))


def _label(rng: Rng) -> tuple[str, str]:
    number = sku(rng)
    return f"SKU {number} ({name(rng)})", number


def _chain(rng: Rng) -> Dialogue:
    """A request of two steps, after its first: the second call takes the product that was found."""
    text, tool, fixed, then = CHAINS[int(rng.integers(len(CHAINS)))]
    drawn = draw(Pattern(tool, text, {}), rng, whole=True)
    text = _dressed(drawn, rng)
    arguments = {name: _as_written(value, text) if name in NAMES else value for name, value in drawn.arguments.items()}
    first = {**{k: v for k, v in arguments.items() if k in argument_models()[tool].model_fields}, **fixed}
    order = [name for name in argument_models()[tool].model_fields if name in first]
    call = Call(tool, {name: first[name] for name in order})
    shown, number = _label(rng)
    n = int(rng.integers(3, 900))
    found = FOUND[tool].format(
        label=shown,
        n=n,
        m=n + 20,
        text=arguments.get("words", ""),
        moved="fell" if fixed.get("direction") == "down" else "rose",
    )
    second = of_kinds(argument_models()[then], {"product": number, "ahead": arguments.get("horizon")})
    if rng.random() < 0.35:
        return Dialogue(text, Spoken(), (), call)
    return Dialogue(text, Spoken(), ((call, found),), Call(then, second))


def _dressed(drawn: Drawn, rng: Rng) -> str:
    """The sentence as somebody types it: something before or after, other case, slips of the finger."""
    slips = rng.random() < 0.3
    if slips and rng.random() < 0.5:
        _misspell(drawn, rng)
    pieces = [(_slipped(text, rng) if slips and slot in SLIPPING else text) for text, slot in drawn.pieces]
    text = re.sub(r" +", " ", "".join(pieces)).strip()
    if rng.random() < 0.3:
        text = expand(BEFORE[int(rng.integers(len(BEFORE)))], rng) + " " + text
    if rng.random() < 0.4:
        text += BEHIND[int(rng.integers(len(BEHIND)))]
    kind = rng.random()
    if kind < 0.35:
        text = text[:1].upper() + text[1:]
    elif kind < 0.38:
        text = text.upper()
    return " ".join(text.split())


def _misspell(drawn: Drawn, rng: Rng) -> None:
    """The product misspelt: the call names it as it is written, and the catalogue's search finds it."""
    name = drawn.arguments.get("product", "")
    wrong = _slipped(name, rng)
    for place, (text, slot) in enumerate(drawn.pieces):
        if slot == "product" and name in text and wrong != name:
            drawn.pieces[place] = text.replace(name, wrong), slot
            drawn.arguments["product"] = wrong


def _slipped(text: str, rng: Rng) -> str:
    """A letter doubled, dropped or changed places in some words."""
    words = text.split(" ")
    for place, word in enumerate(words):
        if len(word) > 3 and word.isalpha() and word.isascii() and word.lower() not in COUNTED and rng.random() < 0.25:
            at = int(rng.integers(1, len(word) - 1))
            kind = rng.random()
            if kind < 0.4:
                words[place] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
            elif kind < 0.75:
                words[place] = word[:at] + word[at + 1 :]
            else:
                words[place] = word[:at] + word[at] + word[at:]
    return " ".join(words)
