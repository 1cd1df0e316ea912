"""Horizons as people say them."""

import pandas as pd
import pytest
from skucast.tools.data.horizon import parse_cutoff, parse_horizon
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.errors import InputError
from skucast.tools.messages import Quoted, Refusal, message


def panel_of(freq: str, start: str = "2024-01-31") -> Panel:
    ds = pd.date_range(start, periods=40, freq=freq)
    return read_panel(pd.DataFrame({"unique_id": "A", "ds": ds, "y": 1.0}))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("freq", "text", "periods"),
    [
        ("W-SUN", "4w", 4),
        ("W-SUN", "4", 4),
        ("W-SUN", "28d", 4),
        ("W-SUN", " 8 Weeks ", 8),
        ("W-SUN", "1d", 1),
        ("W-SUN", "7d", 1),
        ("W-SUN", "8d", 2),
        ("W-SUN", "10 days", 2),
        ("W-SUN", "30d", 5),
        ("W-SUN", "90d", 13),
        ("2W-SUN", "6", 6),
        ("2W-SUN", "12w", 6),
        ("2W-SUN", "5w", 3),
        ("2W-SUN", "30d", 3),
        ("4W-WED", "12w", 3),
        ("D", "28d", 28),
        ("D", "4w", 28),
        ("D", "1m", 31),
        ("MS", "3m", 3),
        ("ME", "2", 2),
    ],
)
def test_horizons(freq: str, text: str, periods: int) -> None:
    assert parse_horizon(text, panel_of(freq)) == periods


def test_a_month_of_weeks_is_counted_on_the_calendar() -> None:
    panel = panel_of("W-SUN", "2024-02-04")
    assert panel.cutoff == pd.Timestamp("2024-11-03")
    assert parse_horizon("1m", panel) == 4  # 10, 17, 24 November and 1 December, up to 3 December


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *(("horizon-unknown", text) for text in ("", "soon", "1.5w", "4y", "w")),
        *(("horizon-too-short", text) for text in ("0", "-3", "0w")),
    ],
)
def test_no_horizons(kind: str, text: str) -> None:
    with pytest.raises(Refusal) as error:
        parse_horizon(text, panel_of("W-SUN"))
    assert error.value.message == message(kind, words=Quoted(text))


@pytest.mark.parametrize(("freq", "text"), [("ME", "9d"), ("MS", "4w"), ("MS", "30d")])
def test_horizons_that_do_not_fit(freq: str, text: str) -> None:
    with pytest.raises(Refusal) as error:
        parse_horizon(text, panel_of(freq))
    assert error.value.message == message(
        "horizon-not-whole", words=Quoted(text), period=message("period-M"), periods=message("several-M")
    )


def test_cutoffs_are_dates_with_the_year_first() -> None:
    assert parse_cutoff("2024-06-30") == pd.Timestamp(2024, 6, 30)
    assert parse_cutoff("2024-06-30T12:30") == pd.Timestamp(2024, 6, 30, 12, 30)
    for text in ("05/06/2024", "2024-02-30", "2024-6-3", "someday", "２０２４-06-30"):
        with pytest.raises(InputError, match="expected YYYY-MM-DD"):
            parse_cutoff(text)
