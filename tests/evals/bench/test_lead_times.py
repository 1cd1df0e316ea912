"""Lead times of a small file: each promise is made from what was known when the month began."""

import numpy as np
import pandas as pd
import pytest
from skucast.evals.bench.lead_times import Setting, by_own, coverage, loss, promises, yearly
from skucast.tools.decide.lead_times import deliveries

SETTING = Setting(1e-6, 9999)


def test_promises_and_their_coverage() -> None:
    """In May 2021 orders took 4 to 8 days, so 8 are promised in June to those of 5, 8 and 9 days: two of three
    are kept. A year later 9 are promised, the 90 % of all eight, and kept in 9."""
    rows = [("2021-05-03", d) for d in (4, 5, 6, 7, 8)] + [("2021-06-02", d) for d in (5, 8, 9)] + [("2022-07-05", 9)]
    ordered = pd.to_datetime([at for at, _ in rows])
    came = ordered + pd.to_timedelta([d for _, d in rows], unit="D")
    past = deliveries(pd.DataFrame({"supplier": "A", "ordered": ordered, "delivered": came}), promised=None)
    table = promises(past, SETTING, ("2021-06-01", "2023-01-01"))
    assert table["promised"].tolist() == [8, 8, 8, 9]
    assert coverage(table) == 0.75 and yearly(table) == {2021: 0.6667, 2022: 1.0}
    assert loss(table) == pytest.approx(np.mean([0.1 * 3, 0, 0.9, 0]))


def test_a_supplier_with_one_delivery_promises_what_the_others_do() -> None:
    """A took 4 to 8 days, B 4 days once. All count as 30: 5 each, and B's own one more: of 31 orders 26 took up to 7
    days (84 %), so B promises 8 and keeps it, where its own quantile is 4. A promises 8, too, and its own is 8."""
    rows = [("A", "2021-05-03", d) for d in (4, 5, 6, 7, 8)] + [("B", "2021-05-03", 4)]
    rows += [("A", "2021-06-02", 8), ("B", "2021-06-02", 8)]
    ordered = pd.to_datetime([at for _, at, _ in rows])
    came = ordered + pd.to_timedelta([d for *_, d in rows], unit="D")
    names = [name for name, *_ in rows]
    past = deliveries(pd.DataFrame({"supplier": names, "ordered": ordered, "delivered": came}), promised=None)
    few, some = by_own(past, Setting(30.0, 545), ("2021-06-01", "2022-01-01"))
    assert few == {"least": 1, "most": 3, "orders": 1, "suppliers": 1, "coverage": 1.0, "own": 0.0}
    assert some == {"least": 4, "most": 9, "orders": 1, "suppliers": 1, "coverage": 1.0, "own": 1.0}
