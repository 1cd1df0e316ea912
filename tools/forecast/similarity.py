"""Likeness: how alike two items are by the labels they share, their price and the words of their descriptions."""

import re
import zlib
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from ..messages import Message, Percent, Score, Times, message
from ..quantiles import Array

Ints = npt.NDArray[np.int64]

PARTS = {"static": 0.25, "price": 0.5, "text": 0.25}  # share of the similarity; what is not known drops out
PRICE_BAND = 0.4  # log price ratio at which prices are one standard deviation apart
TEXT_BY = ("description", "name", "title", "text")  # static columns read as text, all others as labels
TEXT_SIZE = 1024  # hashed n-grams


class Likeness:
    """How alike an item and each of C candidates are: labels in common, price, words of the description."""

    def __init__(self, static: pd.DataFrame, price: Array, columns: Ints, shares: Mapping[str, float]) -> None:
        """Read N items.

        Args:
            static: one row an item, `[N, …]`.
            price: log of the usual price, `[N]`, NaN where not known.
            columns: which of the items are the C candidates.
            shares: of `PARTS` in the similarity.
        """
        self.columns, self.price, self.shares = columns, price, shares
        self.labels = labels_of(static)
        self.codes = [pd.factorize(_trimmed(static[name]))[0] for name in self.labels]
        self.rarity = [_rarity(codes, columns) for codes in self.codes]
        texts = [str(name) for name in static if name in TEXT_BY]
        words = [" ".join(row) for row in static[texts].astype("string").fillna("").to_numpy()]
        self.text = hashed(words if texts else [""] * len(static))
        self.candidate_text = self.text[columns]
        self.wordy = np.diff(self.text.indptr) > 0

    def parts(self, row: int) -> dict[str, Array]:
        """Each part's similarity to each candidate, 0 to 1, shape `[C]`; NaN where it is not known."""
        at = self.columns
        shared, most = np.zeros(len(at)), 0.0
        for codes, rarity in zip(self.codes, self.rarity, strict=True):
            if codes[row] >= 0:
                shared += rarity[row] * (codes[at] == codes[row])
                most += float(rarity[row])
        text = (self.candidate_text @ self.text[[row]].T).toarray()[:, 0]
        return {
            "static": shared / most if most > 0 else np.full(len(at), np.nan),
            "price": np.exp(-0.5 * ((self.price[at] - self.price[row]) / PRICE_BAND) ** 2),
            "text": np.where(self.wordy[at] & self.wordy[row], np.clip(text, 0.0, 1.0), np.nan),
        }

    def of(self, parts: Mapping[str, Array]) -> Array:
        """Similarity to each candidate, shape `[C]`: the weighted mean of the parts that are known, else 0."""
        weight, total = np.zeros(len(self.columns)), np.zeros(len(self.columns))
        for name, share in self.shares.items():
            weight += share * np.isfinite(parts[name])
            total += share * np.nan_to_num(parts[name])
        return np.asarray(total / np.maximum(weight, 1e-9), dtype=float)

    def why(self, row: int, j: int, text: float) -> Message:
        """Why candidate `j` is like the item: labels in common (the two rarest), price, text."""
        at = self.columns[j]
        same = [
            (float(rarity[row]), name)
            for name, codes, rarity in zip(self.labels, self.codes, self.rarity, strict=True)
            if codes[row] == codes[at] >= 0
        ]
        names = tuple(name for _, name in sorted(same, reverse=True)[:2])
        reasons = [message("alike-labels", labels=names)] if names else []
        gap = float(np.exp(abs(self.price[at] - self.price[row])) - 1)
        if np.isfinite(gap) and gap < 1:
            reasons.append(message("alike-price-within", percent=Percent(np.ceil(100 * gap))))
        elif np.isfinite(gap):
            reasons.append(message("alike-price-apart", times=Times(1 + gap)))
        if np.isfinite(text):
            reasons.append(message("alike-text", score=Score(text)))
        return message("alike", reasons=tuple(reasons)) if reasons else message("alike-unknown")


def _trimmed(column: "pd.Series[str]") -> "pd.Series[str]":
    text = column.astype("string").str.strip()
    return text.where(text != "")


def labels_of(static: pd.DataFrame) -> list[str]:
    """The static columns that items are compared by as labels: neither numbers nor text."""
    return [str(n) for n in static if n not in TEXT_BY and not pd.api.types.is_numeric_dtype(static[n])]


def _rarity(codes: Ints, columns: Ints) -> Array:
    """How telling each item's label is among the candidates, shape `[N]`: 1 for its own alone, 0 for everybody's."""
    counts = np.bincount(codes[columns][codes[columns] >= 0], minlength=int(codes.max(initial=-1)) + 2)
    share = np.maximum(counts[codes], 1) / max(len(columns), 2)
    return np.where(codes >= 0, np.maximum(-np.log(share), 0.0) / np.log(max(len(columns), 2)), 0.0)


def hashed(texts: Sequence[str], size: int = TEXT_SIZE) -> sparse.csr_array:
    """Texts as unit vectors of hashed words and character trigrams, shape `[N, size]`; no text is all zeros.

    Source: Weinberger et al. (2009), "Feature Hashing for Large Scale Multitask Learning".
    """
    rows: list[int] = []
    places: list[int] = []
    counts: list[float] = []
    for row, text in enumerate(texts):
        found: dict[int, float] = {}
        for word in re.findall(r"\w+", text.lower()):
            grams = [(word, 2.0), *((f" {word} "[i : i + 3], 1.0) for i in range(len(word)))]
            for gram, count in grams:
                place = zlib.crc32(gram.encode()) % size
                found[place] = found.get(place, 0.0) + count
        total = sum(found.values())  # the square of the length, as counts enter by their root
        rows += [row] * len(found)
        places += found
        counts += [float(np.sqrt(count / total)) for count in found.values()]
    return sparse.csr_array((counts, (rows, places)), shape=(len(texts), size))
