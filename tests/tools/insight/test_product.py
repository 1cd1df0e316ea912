"""What is seen of one product, worked out by hand."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.insight.product import (
    Odd,
    Promoted,
    history,
    is_on,
    last_and_before,
    odd_periods,
    promoted,
    season,
    slope,
    year_ago,
)
from skucast.tools.messages import ProductName, Refusal, message

NAN = float("nan")
Shop = Callable[..., Panel]


@pytest.fixture(scope="module")
def rising(shop: Shop) -> Panel:
    """1 in the week of 2024-01-07, 2 in the next … 60 in that of 2025-02-23."""
    return shop({"A": np.arange(1.0, 61.0)})


@pytest.mark.parametrize(
    ("last", "now", "turned"),
    [(30.0, 30.0, False), (9.0, 9.0, True)],
)
def test_a_trend_that_turned_of_late_is_known(shop: Shop, last: float, now: float, turned: bool) -> None:
    """Rising from 10 to 31 over 44 weeks, then 8 at 30, or 69 % lower at 9."""
    y = [*np.linspace(10.0, 31.0, 44), *[last] * 8]
    found = season(shop({"A": y}), "A")
    assert (found.way, found.now, found.turned) == ("rising", now, turned)
    assert found.then == pytest.approx(float(np.mean(y[-16:-8])))


@pytest.mark.parametrize(
    ("periods", "first", "before", "year_ago"),
    [
        (4, 57.0, 54.5, 6.5),  # after 53 to 56; a year before were 5 to 8
        (None, 49.0, 42.5, None),  # 12; a year before the first of them nothing is known
        (8, 53.0, 48.5, 4.5),  # a year before were the very first 8
        (9, 52.0, 47.0, None),
        (30, 31.0, 15.5, None),
        (31, 30.0, None, None),  # 29 before it
        (60, 1.0, None, None),
    ],
)
def test_the_last_periods(
    rising: Panel, periods: int | None, first: float, before: float | None, year_ago: float | None
) -> None:
    found = history(rising, "A", periods)
    assert found.sold.tolist() == list(np.arange(first, 61.0))
    assert (found.before, found.year_ago) == (before, year_ago)


@pytest.mark.parametrize(
    ("during", "first", "last"),
    [
        ("2025-02", 57, 60),
        ("02", 57, 60),  # it has begun this year
        ("03", 9, 13),  # it has not
        ("-02", 5, 8),
        ("2024-02", 5, 8),
        ("2024-Q4", 40, 52),
        ("Q4", 40, 52),
        ("Q1", 53, 60),
        ("-Q1", 1, 13),
        ("2024", 1, 52),
        ("2025", 53, 60),
    ],
)
def test_months_quarters_and_years(rising: Panel, during: str, first: int, last: int) -> None:
    assert history(rising, "A", during=during).sold.tolist() == list(np.arange(first, last + 1.0))


def test_a_month_has_begun_with_its_first_day(shop: Shop) -> None:
    panel = shop({"A": np.arange(1.0, 15.0)}, freq="MS", start="2024-01-01")  # to 2025-02-01
    assert history(panel, "A", during="02").sold.tolist() == [14.0]
    assert history(panel, "A", during="03").sold.tolist() == [3.0]


def test_a_month_is_held_against_the_weeks_before_it_and_a_year_ago(rising: Panel) -> None:
    found = history(rising, "A", during="2025-02")
    assert (found.before, found.year_ago) == (54.5, 6.5)
    assert list(found.sold.index) == list(pd.date_range("2025-02-02", periods=4, freq="W-SUN"))


def test_of_daily_sales_the_last_28_days_and_364_days_before(shop: Shop) -> None:
    found = history(shop({"A": np.arange(400.0)}, freq="D"), "A")
    assert (found.sold.iloc[0], found.before, found.year_ago) == (372.0, 357.5, 21.5)


def test_nothing_known_is_refused(shop: Shop, rising: Panel) -> None:
    with pytest.raises(Refusal) as error:
        history(rising, "A", during="2023")
    assert error.value.kind == "nothing-known-of"
    assert error.value.message.facts == {"product": ProductName("A"), "when": "2023"}
    with pytest.raises(Refusal) as error:
        history(shop({"A": [5.0] * 20, "B": [5.0] * 4 + [NAN] * 16}), "B", 3)
    assert error.value.kind == "nothing-known-of-last"
    assert error.value.message.facts == {"product": ProductName("B"), "span": message("periods-W", count=3)}


def test_means_are_of_what_is_known(shop: Shop) -> None:
    found = history(shop({"A": [NAN, 4.0, NAN, NAN, 1.0, 2.0]}), "A", 2)
    assert found.before is None
    found = history(shop({"A": [9.0, 9.0, 4.0, NAN, 1.0, 2.0]}), "A", 2)
    assert found.before == 4.0


def test_a_season_by_month_by_hand(shop: Shop) -> None:
    """Four weeks of January at 10, four of February at 30: shares 0.5 and 1.5 of 20.

    Of the 28 pairs 12 lie within a month, with slope 0; of the others the two flattest have 20 / 7 and 20 / 6, the
    next 20 / 6 again. The median is between the 14th and the 15th, both 20 / 6; seven weeks of it are 23.3.
    """
    found = season(shop({"A": [10.0] * 4 + [30.0] * 4}), "A")
    assert found.shape == {1: 0.5, 2: 1.5}
    assert (found.periods, found.way, found.long_enough) == (8, "rising", False)
    assert found.trend == pytest.approx(7 * 20 / 6)


def test_a_season_by_weekday(shop: Shop) -> None:
    """From a Monday on: 1 a day, 2 at the weekend, 9 / 7 a day of any week; at the ends a week is cut short."""
    found = season(shop({"A": ([1.0] * 5 + [2.0] * 2) * 30}, freq="D", start="2024-01-01"), "A")
    assert list(found.shape) == [0, 1, 2, 3, 4, 5, 6]
    assert [found.shape[day] for day in (1, 3, 4)] == pytest.approx([7 / 9] * 3, abs=0.01)
    assert [found.shape[day] for day in (5, 6)] == pytest.approx([14 / 9] * 2, abs=0.02)
    assert (found.way, found.trend, found.long_enough, found.periods) == ("flat", 0.0, True, 210)


def test_growth_is_no_season(shop: Shop) -> None:
    """Each day is held against the week around it, so a day more is sold every day of the week."""
    found = season(shop({"A": 100.0 + np.arange(210.0)}, freq="D", start="2024-01-01"), "A")
    assert list(found.shape.values()) == pytest.approx([1.0] * 7, abs=0.003)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("gain", "way"), [(6.0, "rising"), (4.0, "flat"), (0.0, "flat"), (-4.0, "flat"), (-6.0, "falling")]
)
def test_a_trend_counts_from_a_twentieth_of_the_level(shop: Shop, gain: float, way: str) -> None:
    found = season(shop({"A": np.linspace(100.0, 100.0 + gain, 21)}), "A")
    assert found.way == way and found.trend == pytest.approx(gain)


@pytest.mark.parametrize(("weeks", "enough"), [(103, False), (104, True)])
def test_the_trend_is_that_of_the_last_year(shop: Shop, weeks: int, enough: bool) -> None:
    found = season(shop({"A": np.concatenate([np.full(weeks - 52, 900.0), np.arange(52.0)])}), "A")
    assert found.periods == 52 and found.trend == pytest.approx(51.0)
    assert found.long_enough is enough


@pytest.mark.slow
@pytest.mark.parametrize("y", [[5.0] * 7, [5.0, NAN] * 7, [0.0] * 20])
def test_no_season_of_too_little(shop: Shop, y: list[float]) -> None:
    with pytest.raises(Refusal) as error:
        season(shop({"A": y, "B": [1.0] * 20}), "A")
    known = 20 if y[0] == 0 else 7
    assert error.value.kind == "season-too-short"
    assert error.value.message.facts == {"product": ProductName("A"), "span": message("periods-W", count=known)}
    assert season(shop({"A": [5.0] * 8}), "A").way == "flat"


def test_slopes_by_hand() -> None:
    assert slope(np.array([0.0, 1.0, 5.0])) == 2.5  # of 1, 4 and 5 / 2
    assert slope(np.array([3.0, 1.0])) == -2.0


def test_last_and_before(shop: Shop) -> None:
    panel = shop({"A": np.arange(1.0, 21.0), "B": [NAN] * 6 + [4.0] * 6 + [NAN] * 8})
    assert last_and_before(panel, "A") == (16.5, 8.5)  # 13 to 20, 5 to 12
    assert last_and_before(panel, "A", 2) == (19.5, 17.5)
    now, then = last_and_before(panel, "A", 20)
    assert now == 10.5 and np.isnan(then)
    with pytest.raises(Refusal) as error:
        last_and_before(panel, "B")
    assert error.value.kind == "nothing-known-of-product"
    assert error.value.message.facts == {"product": ProductName("B"), "span": message("periods-W", count=8)}


def test_what_sold_with_a_promotion_and_without(shop: Shop) -> None:
    """Of the third week with promo nothing is known; a discount of a twentieth is none, and one week is too few."""
    y = [10.0, 20.0, 30.0, 40.0, 50.0, NAN, 60.0]
    panel = shop(
        {"A": y},
        promo=[0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 0.0],
        discount=[0.0, 0.05, 0.06, 0.0, 0.0, 0.0, 0.0],
        mailer=[0.3, 0.05, 0.3, 0.0, 0.0, 0.0, 0.0],
        coupon=[1.0] * 7,
    )
    assert promoted(panel, "A") == [
        Promoted("promo", 3, 25.0, 40.0),
        Promoted("mailer", 2, 20.0, 42.5),
    ]


def test_a_price_is_no_promotion(shop: Shop) -> None:
    assert promoted(shop({"A": [1.0] * 4}, price=[1.0, 1.0, 2.0, 2.0]), "A") == []


@pytest.mark.parametrize(
    ("name", "on"),
    [
        ("promo", [False, True, True]),
        ("coupon", [False, True, True]),
        ("discount", [False, False, True]),
        ("display", [False, False, True]),
    ],
)
def test_where_a_promotion_is_on(name: str, on: list[bool]) -> None:
    assert is_on(pd.Series([0.0, 0.05, 0.06]), name).tolist() == on


def test_an_odd_week_by_hand(shop: Shop) -> None:
    """39 weeks of 20 and one of 60: the mean is 21, a tenth of it the least spread."""
    y = [20.0] * 40
    y[30] = 60.0
    found = odd_periods(shop({"A": y}), ["A"])
    assert found == [Odd(pytest.approx(40 / 2.1), "A", pd.Timestamp("2024-08-04"), 60.0, 20.0)]


@pytest.mark.slow
@pytest.mark.parametrize(("peak", "odd"), [(150.0, 0), (160.0, 1), (50.0, 0), (40.0, 1)])
def test_odd_is_three_and_a_half_robust_deviations(shop: Shop, peak: float, odd: int) -> None:
    """Of 90, 100, 110 in turn the median gap is 10, so 14.8 a deviation: 51.9 units."""
    y = [90.0, 100.0, 110.0] * 14
    y[22] = peak  # instead of 100
    assert len(odd_periods(shop({"A": y}), ["A"])) == odd


@pytest.mark.parametrize(("peak", "odd"), [(1.7, 0), (1.8, 1)])
def test_of_what_hardly_sells_half_a_unit_is_the_least_deviation(shop: Shop, peak: float, odd: int) -> None:
    assert len(odd_periods(shop({"A": [0.0] * 20 + [peak] + [0.0] * 20}), ["A"])) == odd


def test_a_new_level_is_not_odd(shop: Shop) -> None:
    assert odd_periods(shop({"A": [20.0] * 20 + [60.0] * 20}), ["A"]) == []


def test_the_oddest_come_first_and_no_more_than_asked(shop: Shop) -> None:
    sold = {uid: [20.0] * 40 for uid in "ABC"}
    sold["A"][10], sold["B"][20], sold["C"][25], sold["C"][35] = 40.0, 70.0, 40.0, 0.0
    panel = shop(sold)
    found = odd_periods(panel, ["A", "B", "C"], limit=3)
    assert [one.unique_id for one in found] == ["B", "C", "C"]  # of C the mean is the lower, so 20 units are more
    assert len(odd_periods(panel, ["A", "B", "C"])) == 4
    assert [one.unique_id for one in odd_periods(panel, ["A"])] == ["A"]
    assert len(odd_periods(shop({"A": ([20.0] * 11 + [90.0]) * 8}), ["A"])) == 5


def test_no_week_is_odd_of_which_too_little_around_is_known(shop: Shop) -> None:
    """The third week stands alone with two others; four are needed to say what is usual."""
    y = [20.0, 20.0, 90.0, *[NAN] * 9, *[20.0] * 20]
    assert odd_periods(shop({"A": y}), ["A"]) == []
    assert len(odd_periods(shop({"A": [20.0, *y]}), ["A"])) == 1


def test_the_same_periods_a_year_before() -> None:
    ds = pd.date_range("2023-01-01", periods=60, freq="W-SUN")
    panel = read_panel(pd.DataFrame({"unique_id": "A", "ds": ds, "y": np.arange(60.0)}))
    assert year_ago(panel, "A", 2) == 6.5  # of 0 to 59 the last two are 58 and 59, and 52 before them 6 and 7
    assert year_ago(panel, "A", 8) == 3.5  # 0 to 7
    assert np.isnan(year_ago(panel, "A", 9))  # begins before the data does
