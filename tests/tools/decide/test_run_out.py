"""When a stock is used up, worked out by hand."""

import numpy as np
from skucast.tools.decide.run_out import run_out

PATHS = np.array([[10.0, 10, 10, 10]] * 8 + [[20.0, 20, 20, 20], [40.0, 0, 0, 0]])
MEAN = PATHS.mean(axis=0)  # 14, 10, 10, 10


def test_by_hand() -> None:
    """Of 30: expected demand is 14, 24, 34. One path of ten exceeds it at once, another in the second period."""
    found = run_out(PATHS, MEAN, 30.0)
    assert (found.expected, found.earliest) == (3, 1)
    assert np.allclose(found.lasting, [0.9, 0.8, 0.8, 0.0])  # in the fourth period the eight reach 40
    assert run_out(PATHS, MEAN, 24.0).expected == 3  # in the second period it is used up to the last unit


def test_what_lasts() -> None:
    found = run_out(PATHS, MEAN, 80.0)
    assert (found.expected, found.earliest) == (None, None) and found.lasting.tolist() == [1.0] * 4
    assert run_out(PATHS, MEAN, 0.0).expected == 1
