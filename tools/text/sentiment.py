"""How a text speaks of what it is about: negative, neutral or positive.

English is read by VADER's lexicon and rules: learned words read sources worse that they were not fitted on
(docs/SENTIMENT.md). Chinese, of which there is no such library, is read by a linear model of its characters.
"""

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import numpy as np
from scipy import sparse

from ..quantiles import Array
from .words import HAN, WORDS

SIZE = 2**17  # places that words are hashed to
CLASSES = ("negative", "neutral", "positive")
NEGATIVE = -0.05  # polarity
CHINESE = re.compile(f"[{HAN}]")
PIECE = 4  # letters of a piece of a word, by which misspelt and unseen words are like those that were seen
RUN = 3  # characters of a run of Chinese
READ = 4000  # characters of a text


@dataclass(frozen=True)
class Weights:
    """A fitted model.

    Attributes:
        coef: shape `[3, SIZE]`, of each class.
        bias: shape `[3]`.
    """

    coef: Array
    bias: Array


def features(text: str) -> list[str]:
    """What a text is read by: words, pairs of neighbours and pieces of words; of Chinese, runs of 1 to 3 characters."""
    found, before = [], ""
    lower = text[:READ].lower().replace("’", "'").replace("n't", " not")
    for word in WORDS.findall(lower):
        if CHINESE.match(word):
            found += [word[at : at + size] for size in range(1, RUN + 1) for at in range(len(word) - size + 1)]
            before = ""
            continue
        edged = f"<{word}>"
        found += [word, *([f"{before} {word}"] if before else [])]
        found += [edged[at : at + PIECE] for at in range(len(edged) - PIECE + 1)] if len(word) > 2 else []
        before = word
    return found + [mark for mark in "!?！？" if mark in lower]


def hashed(texts: Sequence[str]) -> sparse.csr_matrix:
    """The features of texts, each once, as rows of length 1, shape `[N, SIZE]`; an empty text is a row of zeros."""
    rows = [sorted({zlib.crc32(one.encode()) % SIZE for one in features(text)}) for text in texts]
    counts = np.array([len(row) for row in rows], dtype=np.int64)
    ends = np.concatenate([[0], counts.cumsum()])
    values = np.repeat(1 / np.sqrt(np.maximum(counts, 1)), counts).astype(np.float32)
    places = np.fromiter((place for row in rows for place in row), dtype=np.int64, count=int(ends[-1]))
    return sparse.csr_matrix((values, places, ends), shape=(len(rows), SIZE))


def polarity(texts: Sequence[str]) -> Array:
    """How positive each text is, from -1 to 1, shape `[N]`; negative from -0.05 down, positive from 0.05 up.

    Source: Hutto and Gilbert (2014), "VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social Media
    Text", of English; the thresholds are theirs.
    """
    found = np.array([_vader().polarity_scores(text[:READ])["compound"] for text in texts], dtype=float)
    chinese = [place for place, text in enumerate(texts) if CHINESE.search(text)]
    if chinese:
        shares = likely(hashed([texts[place] for place in chinese]), shipped())
        found[chinese] = shares[:, 2] - shares[:, 0]
    return found


@cache
def _vader() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()


def likely(rows: sparse.csr_matrix, weights: Weights) -> Array:
    """How likely hashed texts, `[N, SIZE]`, are negative, neutral and positive: shape `[N, 3]`, rows that sum to 1."""
    scores = rows @ weights.coef.T + weights.bias
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


@cache
def shipped() -> Weights:
    """The model of Chinese that comes with skucast; `evals/bench/sentiment.py` fits it and says on what."""
    with as_file(files(__package__) / "weights" / "sentiment.npz") as path, np.load(path) as held:
        coef = np.zeros((len(CLASSES), SIZE))
        coef[:, held["places"]] = held["coef"].astype(float)
        return Weights(coef, held["bias"].astype(float))
