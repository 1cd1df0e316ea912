"""A factor model of who buys what (implicit ALS), for what is like a user's purchases without being among them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import InputError
from .baskets import Ints, Matrix


@dataclass(frozen=True)
class Factors:
    """A fitted factor model.

    Attributes:
        model: of `implicit`.
        scale: of the confidence.
    """

    model: Any
    scale: float

    def candidates(self, vectors: Matrix, top: int) -> list[Mapping[int, float]]:
        """Products of the highest scores of each user, bought ones among them.

        Users are folded in: their factors are solved for from `vectors`, so that new purchases count without fitting
        anew (Hu, Koren, Volinsky 2008, equation 4).

        Args:
            vectors: of users, `[B, P]`.
            top: how many each.
        """
        codes, scores = self.scored(vectors, top)
        return [dict(zip(some.tolist(), row.tolist(), strict=True)) for some, row in zip(codes, scores, strict=True)]

    def scored(self, vectors: Matrix, top: int) -> tuple[Ints, Any]:
        """The same as arrays `[B, top]`: codes, and scores."""
        users = np.arange(vectors.shape[0])
        held = (vectors * self.scale).tocsr().astype(np.float32)
        codes, scores = self.model.recommend(
            users, held, N=top, filter_already_liked_items=False, recalculate_user=True
        )
        return codes.astype(np.int64), scores


def fit_factors(
    vectors: Matrix,
    *,
    factors: int = 64,
    scale: float = 20.0,
    regularization: float = 0.05,
    rounds: int = 15,
    seed: int = 0,
) -> Factors:
    """Fit a factor model by alternating least squares.

    Args:
        vectors: of users, `[U, P]`, such as decayed counts.
        factors: how many.
        scale: confidence is 1 + scale * vector.
        regularization: of factors.
        rounds: of the alternation.
        seed: of the start.

    Raises:
        InputError: the package `implicit` is not installed.

    Source: Hu, Koren, Volinsky (2008), "Collaborative filtering for implicit feedback datasets".
    """
    try:
        from implicit.als import AlternatingLeastSquares
    except ImportError:
        raise InputError("factor models need implicit: pip install 'skucast[customers]'") from None
    model = AlternatingLeastSquares(
        factors=factors,
        regularization=regularization,
        iterations=rounds,
        random_state=seed,
        num_threads=1,
        use_gpu=False,
    )
    model.fit((vectors * scale).tocsr().astype(np.float32), show_progress=False)
    return Factors(model, scale)
