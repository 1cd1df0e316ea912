"""Purchase intent: features by hand and never of the future, calibration against a slow twin, and what is learned."""

import sys
from functools import cache

import numpy as np
import pandas as pd
import pytest
from skucast.tools.data.event_table import read_events
from skucast.tools.data.events import Events
from skucast.tools.decide.intent import calibration_error, checked, fit_folds, fit_later, quality
from skucast.tools.decide.intent_features import FEATURES, came_true, day_of, features, history
from skucast.tools.decide.intent_windows import cases, expected, intent, windows
from skucast.tools.errors import InputError

DAY = pd.Timestamp("2024-06-01")
ITEMS = {"a1": "tea", "a2": "tea", "b": "milk", "c": "bread"}


def events(rows: list[tuple[str, int, str, str, float]]) -> Events:
    """Of `(user, days before DAY, kind, product, money)`."""
    table = pd.DataFrame(
        [(user, DAY - pd.Timedelta(days=ago), kind, uid, money) for user, ago, kind, uid, money in rows],
        columns=["user_id", "ds", "event", "unique_id", "value"],
    )
    return read_events(table, today=pd.Timestamp("2026-01-01"))


ROWS = [
    ("u", 30, "buy", "a1", 4.0),
    ("u", 20, "buy", "a2", 6.0),
    ("u", 20, "buy", "b", 1.0),
    ("u", 5, "view", "a1", 0.0),
    ("u", 3, "buy", "c", 9.0),  # bread is not looked at, but is a visit
    ("v", 2, "buy", "a1", 4.0),
    ("v", 2, "coupon", "", 0.0),
]
LATER = [("u", -3, "buy", "b", 50.0), ("v", 0, "buy", "b", 50.0), ("v", -9, "view", "a1", 0.0)]


def by_name(rows: list[tuple[str, int, str, str, float]], case: int) -> dict[str, float]:
    known = history(events(rows), ITEMS, ["tea", "milk"])
    made = features(known, day_of(DAY), known.active(day_of(DAY)))
    assert made.shape == (4, len(FEATURES))  # u's tea, u's milk, v's tea, v's milk
    return dict(zip(FEATURES, made[case].tolist(), strict=True))


def test_features_by_hand() -> None:
    tea = by_name(ROWS, 0)
    assert (tea["item_days_7"], tea["item_days_28"], tea["item_days_84"]) == (0, 1, 2)
    assert (tea["any_days_7"], tea["any_days_28"], tea["any_days_84"]) == (1, 2, 3)  # two products on a day are one
    assert (tea["item_money_84"], tea["any_money_28"]) == (10.0, 16.0)
    assert (tea["item_since"], tea["item_gap"], tea["item_due"]) == (20, 10, 2)
    assert (tea["item_views_7"], tea["any_items_84"], tea["all_share_28"]) == (1, 2, 1.0)
    milk = by_name(ROWS, 3)
    assert np.isnan(milk["item_since"]) and milk["any_coupons_84"] == 1 and milk["all_share_28"] == 0.5


def test_features_know_nothing_of_the_day_and_later() -> None:
    for case in range(4):
        np.testing.assert_array_equal([*by_name(ROWS, case).values()], [*by_name(ROWS + LATER, case).values()])


def test_what_came_true_is_of_the_window_alone() -> None:
    known = history(events(ROWS + LATER), ITEMS, ["tea", "milk"])
    both = np.array([0, 1])
    assert came_true(known, day_of(DAY), 3, both).tolist() == [0, 0, 0, 1]  # u's milk is on the fourth day
    assert came_true(known, day_of(DAY), 4, both).tolist() == [0, 1, 0, 1]


@pytest.mark.parametrize("lapse", [False, True])
def test_cases_are_told_from_before_their_window(lapse: bool) -> None:
    """What happens on the first day of a window is an outcome, and no feature."""
    first_day = [("u", 0, "buy", "a1", 9.0), ("v", 0, "view", "b", 0.0), ("v", 0, "buy", "b", 50.0)]
    both = np.array([0, 1])
    one, two = (
        cases(history(events(rows), ITEMS, ["tea", "milk"]), day_of(DAY), 7, both, lapse=lapse)
        for rows in (ROWS, ROWS + first_day)
    )
    np.testing.assert_array_equal(one[0], two[0])
    assert (one[1] != two[1]).tolist() == [True, False, False, True]


def test_windows_end_where_the_coming_one_begins() -> None:
    known = history(events(ROWS), ITEMS, ["tea"])
    with pytest.raises(InputError, match="too short a past: 30 days; expected 84 and three windows of 28 days"):
        windows(known, day_of(DAY), 28)
    long = history(events([*ROWS, ("u", 200, "buy", "b", 1.0)]), ITEMS, ["tea"])
    assert [day_of(DAY) - one for one in windows(long, day_of(DAY), 28)] == [112, 84, 56, 28]


def test_calibration_error_against_a_slow_twin() -> None:
    rng = np.random.default_rng(0)
    chance = rng.random(200)
    outcome = (rng.random(200) < chance**2).astype(float)
    slow = 0.0
    for low in range(10):
        inside = [i for i in range(200) if low / 10 <= chance[i] < (low + 1) / 10]
        if inside:
            slow += abs(np.mean(chance[inside]) - np.mean(outcome[inside])) * len(inside) / 200
    assert calibration_error(chance, outcome) == pytest.approx(slow)
    # by hand: both bins of equal count, .2 and .4 against 0 of 2, .6 and .8 against 1 of 2
    found = calibration_error(np.array([0.2, 0.4, 0.6, 0.8]), np.array([0.0, 0, 1, 0]), bins=2, equal_count=True)
    assert found == pytest.approx((0.6 + 0.4) / 4)


@cache
def made_up(count: int = 1500) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(count, 3))
    return x, (rng.random(count) < 1 / (1 + np.exp(-2 * x[:, 0] + 1))).astype(float)


def test_chances_are_calibrated_and_say_why() -> None:
    x, y = made_up()
    made = fit_later((x[:700], y[:700]), (x[700:1100], y[700:1100]), ["strong", "idle", "other"])
    chance = made.chance(x[1100:])
    assert quality(chance, y[1100:]).auroc > 0.8
    assert abs(chance.mean() - y[1100:].mean()) < 0.06
    reasons = made.reasons(x[1100:1120], most=3)
    assert sum(one[0][0] == "strong" for one in reasons) >= 15
    base = made.booster.predict(x[1100:1120], pred_contrib=True)[:, -1]
    told = [sum(share for _, _, share in one) for one in reasons]
    np.testing.assert_allclose(told + base, made.booster.predict(x[1100:1120], raw_score=True))
    assert (np.diff(made.chances) > 0).all() and (np.diff(made.scores) > 0).all()


def test_folds_learn_without_time() -> None:
    x, y = made_up()
    made = fit_folds(x[:800], y[:800], ["strong", "idle", "other"])
    assert quality(made.chance(x[1100:]), y[1100:]).auroc > 0.8


def test_too_few_cases_are_refused() -> None:
    with pytest.raises(InputError, match="10 of 500 cases came true; expected 50 of either"):
        checked(np.repeat([1.0, 0.0], [10, 490]))


def test_without_scikit_learn_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.isotonic", None)
    x, y = made_up()
    with pytest.raises(InputError, match=r"pip install 'skucast\[customers\]'"):
        fit_later((x[:700], y[:700]), (x[700:], y[700:]), ["a", "b", "c"])


def regulars() -> Events:
    """A hundred and twenty customers who come weekly for forty weeks; the even ones buy tea every second time."""
    rows = [
        (f"u{n:03}", 7 * week + 1 + n % 5, "buy", "a1" if n % 2 == 0 and week % 2 == 0 else "b", 1.0)
        for n in range(120)
        for week in range(40)
    ]
    return events(rows)


def test_those_who_buy_it_are_likely_to() -> None:
    known = history(regulars(), ITEMS, ["tea"])
    made = intent(known, day_of(DAY), 28)
    even = np.array([uid.endswith(tuple("02468")) for uid in known.users[made.users]])
    assert made.chance[even, 0].min() > 0.8 and made.chance[~even, 0].max() < 0.2
    assert made.checked.cases == 120 and made.checked.auroc == 1.0


def test_lapse_is_the_chance_of_nothing() -> None:
    known = history(regulars(), ITEMS, ["tea"])
    start = windows(known, day_of(DAY), 28)[-1]
    users = known.active(start)
    buys, lapses = (cases(known, start, 28, users, lapse=lapse)[1] for lapse in (False, True))
    assert (buys + lapses == 1).all()


def test_how_many_will_buy_has_an_interval() -> None:
    mean, low, high = expected(np.full(400, 0.25))
    assert mean == 100.0
    assert low == pytest.approx(100 - 1.96 * np.sqrt(75), abs=3) and high == pytest.approx(
        100 + 1.96 * np.sqrt(75), abs=3
    )
