"""Lead times of a small file: each promise is made from what was known when the month began."""

import numpy as np
import pandas as pd
import pytest
from skucast.evals.bench.lead_times import Setting, coverage, loss, promises, yearly
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
