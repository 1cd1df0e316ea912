"""The ledger in a real PostgreSQL: written once, overridden, tracked."""

import pandas as pd
import pytest
from skucast.tools.monitor.ledger import Entry, open_ledger
from skucast.tools.monitor.override import overrides
from skucast.tools.monitor.track import figures, track
from skucast.tools.monitor.watch import watch

from ..data.test_databases import postgres
from .test_track import WEEKS, sales, stage

__all__ = ["postgres"]  # the fixture


def test_a_ledger_on_a_server(postgres: str) -> None:
    """A sold 15, 16: the statistics' 12, 12 are 7 units off, and ben's 15 of the first week 3 units closer."""
    ledger = open_ledger(postgres)
    rows = pd.concat([stage("A", "naive", [10, 10]), stage("A", "statistics", [12, 12])])
    first = ledger.write(Entry("forecast", "ana", reason="it's"), rows)
    assert first.new and not ledger.write(Entry("forecast", "ana", reason="it's"), rows).new
    own = overrides(ledger, pd.DataFrame({"unique_id": ["A"], "ds": [WEEKS[10]], "units": [15.0]}))
    assert ledger.write(Entry("override", "ben"), own).new
    for _ in range(2):
        found = track(ledger, sales(A=[15.0, 16.0]), author="ana")
        all_ = figures(found.products, ["stage"])
        assert all_.loc["statistics", "wape"] == pytest.approx(700 / 31) and found.changed == 0
        assert all_.loc["override", "fva"] == pytest.approx(20.0) and all_.loc["final", "wape"] == pytest.approx(
            400 / 31
        )
    assert track(ledger, sales(A=[25.0, 16.0]), author="ana").changed == 1
    assert watch(ledger, sales(A=[15.0, 16.0])) == ([], 1)
