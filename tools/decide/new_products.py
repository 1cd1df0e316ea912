"""New products, which nobody bought yet, for who buys products whose names are like theirs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..text.index import embed_texts
from .baskets import Floats, Ints

LIKE = 0.6  # cosine of names from which a product is like another
CHUNK = 2_000


@dataclass(frozen=True)
class Newcomers:
    """What is new, and what it is like.

    Attributes:
        new: code of the new product by code of the product that it is like; the likest where there are several.
        likeness: cosine of the names, by the same code.
    """

    new: Mapping[int, int]
    likeness: Mapping[int, float]

    def best(self, own: Ints) -> tuple[int, int] | None:
        """The new product that is likest one of a user's own products, and that one; None where none is like any."""
        like = [code for code in own.tolist() if code in self.new]
        if not like:
            return None
        code = max(like, key=lambda one: (self.likeness[one], -one))
        return self.new[code], code


def newcomers(names: Sequence[str], sold: Floats, may: Sequence[int]) -> Newcomers:
    """What is new among products, by the likeness of names to those of what is sold.

    Args:
        names: of products by code; empty where there is none.
        sold: baskets with each product, `[P]`.
        may: codes of those that may be offered.
    """
    fresh = [code for code in may if sold[code] == 0 and names[code]]
    old = [code for code in range(len(names)) if sold[code] > 0 and names[code]]
    new: dict[int, int] = {}
    likeness: dict[int, float] = {}
    if not fresh or not old:
        return Newcomers(new, likeness)
    theirs = embed_texts([names[code] for code in fresh])
    for start in range(0, len(old), CHUNK):
        some = old[start : start + CHUNK]
        cosine = embed_texts([names[code] for code in some]) @ theirs.T
        for row, column in enumerate(np.argmax(cosine, axis=1).tolist()):
            if cosine[row, column] >= LIKE:
                new[some[row]], likeness[some[row]] = fresh[column], float(cosine[row, column])
    return Newcomers(new, likeness)
