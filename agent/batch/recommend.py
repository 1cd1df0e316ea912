"""Recommendations of every customer to JSONL, one a line; a killed run goes on, and memory stays bounded."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ... import __version__
from ...prompts.messages.say import say
from ...tools.decide.baskets import Baskets
from ...tools.decide.recommend import BLOCK, Recommended, Recommender
from ...tools.decide.rerank import Supply, Weights
from ...tools.files import locked
from ...tools.inputs import parse_json
from ...tools.messages import Message
from .journal import append, claim, recover

MOST_WORDS = 100_000  # messages that are kept in words


@dataclass(frozen=True)
class RecommendSettings:
    """What decides the content of such a file. A resumed run must have the same."""

    sources: dict[str, str]
    as_of: str
    top: int
    weights: dict[str, float | None]
    ids: str
    lang: str
    seed: int
    skucast_version: str = __version__


@dataclass
class Written:
    """What a batch wrote.

    Attributes:
        resumed: lines that stood before.
        made: new lines.
        unknown: of these, of customers without history.
    """

    resumed: int
    made: int
    unknown: int


class Words:
    """Messages in words, each put into words once: customers share most of their reasons."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._said: dict[str, str] = {}

    def __call__(self, one: Message) -> str:
        """The words of a message."""
        key = repr(one)
        if key not in self._said:
            if len(self._said) >= MOST_WORDS:
                self._said.clear()
            self._said[key] = say(one, self.lang)
        return self._said[key]


def line_of(one: Recommended, name: str, names: Mapping[str, str], words: Callable[[Message], str]) -> dict[str, Any]:
    """The recommendations of one customer as JSON.

    Args:
        one: what is recommended.
        name: of the customer: a pseudonym, or the id.
        names: of products.
        words: puts a reason into words.
    """
    offers = [
        {
            "unique_id": offer.unique_id,
            **({"name": names[offer.unique_id]} if names.get(offer.unique_id) else {}),
            "chance": None if offer.chance is None else round(offer.chance, 4),
            "why": [words(reason) for reason in offer.why],
        }
        for offer in one.offers
    ]
    return {"user_id": name, "history": one.known, "offers": offers}


def recommend_all(
    maker: Recommender,
    baskets: Baskets,
    supply: Supply,
    weights: Weights,
    settings: RecommendSettings,
    out: Path,
    named: Callable[[Sequence[str]], Sequence[str]],
    names: Mapping[str, str],
    *,
    overwrite: bool = False,
    on_lines: Callable[[int], None] = lambda _count: None,
) -> Written:
    """Append a line a customer, block by block, each flushed to the disk.

    Args:
        maker: see there.
        baskets: purchases that count as history, with the products and users of the maker.
        supply: of products.
        weights: of what moves an offer.
        settings: see there.
        out: the JSONL file; `OUT.run.json` beside it holds the settings.
        named: pseudonyms, or ids, of customers.
        names: of products.
        overwrite: begin anew where the file is not ours, or was made with other settings.
        on_lines: called with how many more lines stand.

    Raises:
        InputError: the file cannot be written, belongs to another run, or is being written by one.
    """
    result, words = Written(0, 0, 0), Words(settings.lang)
    with locked(out, f"--out {out}") as fd:
        claim(out, settings, overwrite=overwrite)
        done = recover(fd, out, lambda line: str(parse_json(line)["user_id"]))
        for start in range(0, len(baskets.users), BLOCK):
            codes = np.arange(start, min(start + BLOCK, len(baskets.users)))
            shown = dict(zip(codes.tolist(), named([baskets.users[code] for code in codes]), strict=True))
            left = np.array([code for code in codes.tolist() if shown[code] not in done], dtype=np.int64)
            result.resumed += len(codes) - len(left)
            on_lines(len(codes) - len(left))
            if not len(left):
                continue
            made = maker.recommend(baskets.of(left), left, supply, weights, settings.top)
            lines = [line_of(one, shown[code], names, words) for one, code in zip(made, left.tolist(), strict=True)]
            append(fd, out, "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
            result.made += len(lines)
            result.unknown += sum(not one.known for one in made)
            on_lines(len(lines))
    return result


def lists_in(path: Path) -> list[list[str]]:
    """The products recommended to each customer with a history, of a file that `recommend_all` wrote."""
    with path.open(encoding="utf-8") as file:
        lines = (json.loads(text) for text in file)
        return [[offer["unique_id"] for offer in line["offers"]] for line in lines if line["history"]]
