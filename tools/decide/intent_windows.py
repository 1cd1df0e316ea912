"""Intent over windows of time: learned from early ones, calibrated on the next, checked on the last, then told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import InputError
from ..quantiles import Array
from .intent import Classifier, Quality, fit_later, quality
from .intent_features import ACTIVE, FEATURES, History, came_true, features

LEARNED, MOST_USERS = 6, 5_000  # windows at most that are learned from; users of each
SCORED = 5_000  # users at once
DRAWS = 1_000

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Intent:
    """Who is likely to buy in the coming days.

    Attributes:
        classifier: that says so.
        checked: how good one made the same way was in the last window that is over, of the first item.
        users: places of the active users, shape `[U]`.
        chance: of each user and item, shape `[U, K]`.
        day: from which the window runs, since 1970.
        horizon: its days.
    """

    classifier: Classifier
    checked: Quality
    users: Array
    chance: Array
    day: int
    horizon: int


def intent(
    known: History, day: int, horizon: int, *, lapse: bool = False, seed: int = 0, progress: Progress | None = None
) -> Intent:
    """The chance that each active customer buys each item in the days from one on.

    A classifier of the same kind is first learned a window earlier and scored on the window that is over by now.

    Args:
        known: history; nothing of the day itself or later is looked at.
        day: from which the window runs, since 1970.
        horizon: its days.
        lapse: the chance of buying nothing in its place; the history's one item is then everything.
        seed: of the trees and of which users are learned from.
        progress: called with the share done.

    Raises:
        InputError: the past is too short, or too little came true.
    """
    past = known.before(day)
    starts = windows(past, day, horizon)
    tell = progress or (lambda _: None)
    made, rng = {}, np.random.default_rng(seed)
    for at, start in enumerate(starts):
        made[start] = cases(past, start, horizon, sample(past.active(start), rng), lapse=lapse)
        tell((at + 1) / (len(starts) + 3))
    then = learned([made[start] for start in starts[:-1]], seed)
    first = slice(None, None, len(past.items))
    checked = quality(then.chance(made[starts[-1]][0][first]), made[starts[-1]][1][first])
    tell((len(starts) + 2) / (len(starts) + 3))
    now = learned([made[start] for start in starts], seed)
    users = past.active(day)
    return Intent(now, checked, users, chances(now, past, day, users), day, horizon)


def windows(past: History, day: int, horizon: int) -> list[int]:
    """Where the windows before a day begin, the earliest first: the last is for checking, the one before calibrates.

    Raises:
        InputError: there are fewer than three after twelve weeks of history.
    """
    first = int(past.day.min()) + ACTIVE if len(past.day) else day
    count = min((day - first) // horizon, LEARNED + 2)
    if count < 3:
        raise InputError(
            f"too short a past: {day - first + ACTIVE} days; expected {ACTIVE} and three windows of {horizon} days"
        )
    return [day - horizon * back for back in range(count, 0, -1)]


def sample(users: Array, rng: np.random.Generator, most: int = MOST_USERS) -> Array:
    """Some of the users, rising, where they are very many."""
    return users if len(users) <= most else np.sort(rng.choice(users, most, replace=False))


def cases(known: History, start: int, horizon: int, users: Array, *, lapse: bool = False) -> tuple[Array, Array]:
    """Features as of the start of a window `[U * K, F]`, and what came true in it `[U * K]`."""
    true = came_true(known, start, horizon, users)
    return features(known, start, users), 1 - true if lapse else true


def learned(made: Sequence[tuple[Array, Array]], seed: int = 0) -> Classifier:
    """A classifier of all windows but the last, calibrated on that."""
    earlier = tuple(np.concatenate([one[part] for one in made[:-1]]) for part in (0, 1))
    return fit_later((earlier[0], earlier[1]), made[-1], FEATURES, seed=seed)


def chances(classifier: Classifier, past: History, day: int, users: Array) -> Array:
    """The chance of each user and item, shape `[U, K]`, some thousand users at once."""
    parts = [
        classifier.chance(features(past, day, users[at : at + SCORED])).reshape(-1, len(past.items))
        for at in range(0, len(users), SCORED)
    ]
    return np.concatenate(parts) if parts else np.zeros((0, len(past.items)))


def expected(chance: Array, seed: int = 0, draws: int = DRAWS) -> tuple[float, float, float]:
    """How many will buy: the sum of their chances, and its 95 % interval over people and outcomes (bootstrap).

    Args:
        chance: of each person, shape `[U]`.
        seed: of the draws.
        draws: samples of people.
    """
    rng = np.random.default_rng(seed)
    sums = []
    for _ in range(draws):
        some = chance[rng.integers(0, len(chance), len(chance))]
        sums.append(float((rng.random(len(some)) < some).sum()))
    low, high = np.quantile(sums, [0.025, 0.975]) if len(chance) else (0.0, 0.0)
    return float(chance.sum()), float(low), float(high)
