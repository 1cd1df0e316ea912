"""Likeness: shared labels, prices and words."""

import numpy as np
import pandas as pd
import pytest
from skucast.tools.forecast.similarity import PARTS, Likeness, hashed, labels_of

STATIC = pd.DataFrame(
    {
        "brand": ["X", "X", "Y", None, "Y"],
        "size": ["L", "S", "L", "S", "L"],
        "description": ["red mug", "red mug", "", "red mug", "tea"],
        "weight": [1.0, 2.0, 3.0, 4.0, 5.0],
    }
)
PRICE = np.log([2.0, 4.0, np.nan, 2.0, 2.0])


def test_labels_are_neither_numbers_nor_text() -> None:
    assert labels_of(STATIC) == ["brand", "size"]


def test_parts_by_hand() -> None:
    parts = Likeness(STATIC, PRICE, np.array([1, 2, 3, 4]), PARTS).parts(0)
    # among four candidates brand X stands once: rarity log 4 / log 4 = 1; size L twice: log 2 / log 4 = 1 / 2
    np.testing.assert_allclose(parts["static"], [1 / 1.5, 0.5 / 1.5, 0, 0.5 / 1.5])
    np.testing.assert_allclose(parts["price"], [np.exp(-0.5 * (np.log(2) / 0.4) ** 2), np.nan, 1, 1])
    np.testing.assert_allclose(parts["text"][[0, 1, 2]], [1, np.nan, 1])
    assert parts["text"][3] < 0.3


def test_what_cannot_be_told_drops_out() -> None:
    likeness = Likeness(STATIC, PRICE, np.array([1, 2, 3, 4]), PARTS)
    found = likeness.of(likeness.parts(0))
    assert found[1] == pytest.approx(0.5 / 1.5)
    assert found[2] == pytest.approx((0.25 * 0 + 0.5 * 1 + 0.25 * 1) / 1)
    assert (
        Likeness(STATIC, PRICE, np.array([2]), {"price": 1.0}).of(likeness.parts(0) | {"price": np.array([np.nan])})
        == 0
    )


def test_hashed_texts() -> None:
    vectors = hashed(["red mug", "RED  mug!", "", "blue plate"]).toarray()
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1, 1, 0, 1])
    np.testing.assert_array_equal(vectors[0], vectors[1])
    assert vectors[0] @ vectors[3] < 0.3
