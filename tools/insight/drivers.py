"""Drivers: the reasons behind a forecast, computed from the panel, each with the numbers that its sentence shows."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..data.panel import PERIOD_NAME, Panel
from ..forecast.lost_sales import lost_units
from ..quantiles import Array

FLAT = 2.0  # per cent within which a change is called level
RECENT: dict[str, int] = {"D": 28, "W": 8, "M": 6}
MIN_PROMOTED = 4
PLANNED = ("price", "promo", "discount", "display", "mailer", "coupon")


@dataclass(frozen=True)
class Driver:
    """One reason, as a sentence.

    Attributes:
        name: what kind of reason.
        text: the sentence.
        facts: every number in the sentence, as shown there.
    """

    name: str
    text: str
    facts: dict[str, float | str]


def figure(value: float) -> str:
    """A quantity as people write it: three figures under a hundred, whole above, commas in thousands."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def drivers(panel: Panel, unique_id: str, horizon: int, total: float) -> list[Driver]:
    """The drivers of one series' forecast, the most telling first.

    Args:
        panel: what is known.
        unique_id: the series.
        horizon: periods ahead.
        total: its forecast of the units over all of them.
    """
    past = panel.past_of(unique_id)
    ahead = panel.horizon_of(unique_id, horizon)
    return [
        *_level(panel, past, total / horizon),
        *_last_year(panel, past, horizon, total),
        *(_plan_ends(panel, ahead) or [*_price(panel, past, ahead), *_promotion(panel, past, ahead)]),
        *_response(panel, past),
        *_zeros(panel, past),
        *_stockouts(panel, unique_id),
    ]


def _change(now: float, then: float) -> tuple[str, float] | None:
    """`12 % higher`, `3 % lower` or `about level`, with the signed change; None against nothing."""
    if then <= 0:
        return None
    change = (now / then - 1) * 100
    if abs(change) < FLAT:
        return "about level", change
    return f"{abs(change):.0f} % {'higher' if change > 0 else 'lower'}", change


def _known(past: pd.DataFrame) -> Array:
    y: Array = past["y"].to_numpy(dtype=float)
    return np.asarray(y[~np.isnan(y)], dtype=float)


def _level(panel: Panel, past: pd.DataFrame, ahead: float) -> Iterator[Driver]:
    period, span = PERIOD_NAME[panel.freq], RECENT[panel.freq]
    y = _known(past)
    recent, before = y[-span:], y[-2 * span : -span]
    if not len(recent):
        return
    level = float(recent.mean())
    facts: dict[str, float | str] = {"recent_mean": figure(level), "periods": len(recent)}
    text = f"Recent sales: {figure(level)} units a {period} on average over the last {len(recent)} {period}s"
    if len(before) == span and (change := _change(level, float(before.mean()))):
        text += f", {change[0]} {'than' if change[0] != 'about level' else 'with'} the {span} {period}s before"
        facts |= {"change_percent": f"{abs(change[1]):.0f}", "periods_before": span}
    yield Driver("level", text + ".", facts)
    if change := _change(ahead, level):
        facts = {"forecast_mean": figure(ahead), "change_percent": f"{abs(change[1]):.0f}"}
        said = "about level with" if change[0] == "about level" else f"{change[0]} than"
        yield Driver("outlook", f"The forecast is {figure(ahead)} units a {period}, {said} recent sales.", facts)


def _last_year(panel: Panel, past: pd.DataFrame, horizon: int, total: float) -> Iterator[Driver]:
    year = {"D": 364, "W": 52, "M": 12}[panel.freq]
    y = past["y"].to_numpy(dtype=float)
    same = y[len(y) - year : len(y) - year + horizon] if len(y) >= year else y[:0]
    if len(same) < horizon or not np.isfinite(same).all():
        return
    change = _change(total, float(same.sum()))
    if change:
        said = "about level with" if change[0] == "about level" else f"{change[0]} than"
        facts: dict[str, float | str] = {"last_year": figure(float(same.sum()))}
        facts["change_percent"] = f"{abs(change[1]):.0f}"
        yield Driver(
            "last_year", f"The total is {said} the {figure(float(same.sum()))} units of the same time last year.", facts
        )


def _planned(panel: Panel, name: str, past: pd.DataFrame, ahead: pd.DataFrame) -> tuple[float, float] | None:
    """Mean of a covariate over the horizon and over the recent past; None where it is not declared or not planned."""
    if name not in panel.schema.known_future:
        return None
    plan = ahead[name].astype(float).dropna()
    usual = past[name].astype(float).tail(RECENT[panel.freq]).dropna()
    return (float(plan.mean()), float(usual.mean())) if len(plan) and len(usual) else None


def _plan_ends(panel: Panel, ahead: pd.DataFrame) -> list[Driver]:
    """That price or promotion is planned for a part of the horizon alone, of which no mean speaks for all of it."""
    names = [name for name in PLANNED if name in panel.schema.known_future]
    planned = [name for name in names if ahead[name].notna().any()]
    known = ahead[planned].notna().all(axis=1) if planned else pd.Series(dtype=bool)
    count, period = int(known.sum()), PERIOD_NAME[panel.freq]
    if not 0 < count < len(ahead):
        return []
    text = f"Price and promotion are planned for {count} of the {len(ahead)} {period}s ahead, the rest is not known."
    return [Driver("plan", text, {"planned_periods": count, "horizon": len(ahead)})]


def _price(panel: Panel, past: pd.DataFrame, ahead: pd.DataFrame) -> Iterator[Driver]:
    pair = _planned(panel, "price", past, ahead)
    if pair is None:
        if "price" in panel.schema.known_future:
            yield Driver("price", "No price is planned for the periods ahead.", {})
        return
    now, usual = pair
    change = _change(now, usual)
    if change is None:
        return
    facts: dict[str, float | str] = {"planned_price": f"{now:.2f}", "usual_price": f"{usual:.2f}"}
    if change[0] == "about level":
        yield Driver("price", f"Planned price: {now:.2f}, as usual ({usual:.2f}).", facts)
    else:
        facts["change_percent"] = f"{abs(change[1]):.0f}"
        yield Driver("price", f"Planned price: {now:.2f}, usual {usual:.2f}, so {change[0]}.", facts)


def _promotion(panel: Panel, past: pd.DataFrame, ahead: pd.DataFrame) -> Iterator[Driver]:
    names = {"display": "On in-store display", "mailer": "In the mailer", "discount": "discount", "promo": "promotion"}
    for name, said in names.items():
        pair = _planned(panel, name, past, ahead)
        if pair is None or max(pair) < 0.02 or abs(pair[0] - pair[1]) < 0.02:
            continue
        now, usual = f"{pair[0] * 100:.0f}", f"{pair[1] * 100:.0f}"
        what = {
            "discount": f"Planned discount: {now} % off on average, against {usual} % of late.",
            "promo": f"Promotion in {now} % of the periods ahead, against {usual} % of late.",
        }.get(name, f"{said} in {now} % of stores ahead, against {usual} % of late.")
        yield Driver(name, what, {"planned_percent": now, "usual_percent": usual})
    pair = _planned(panel, "coupon", past, ahead)
    if pair is not None and pair[0] > 0:
        weeks = int((ahead["coupon"].astype(float) > 0).sum())
        period = PERIOD_NAME[panel.freq]
        text = f"A coupon campaign runs in {weeks} of the {len(ahead)} {period}s ahead."
        yield Driver("coupon", text, {"with_coupon": weeks, "horizon": len(ahead)})


def _response(panel: Panel, past: pd.DataFrame) -> Iterator[Driver]:
    """Mean sales in promoted against other periods of the past: an association, not an effect."""
    name = next((n for n in ("promo", "discount") if n in panel.schema.known_future), None)
    if name is None:
        return
    rows = past.dropna(subset=["y", name])
    on = rows[name].astype(float) > (0.05 if name == "discount" else 0.0)
    if min(int(on.sum()), int((~on).sum())) < MIN_PROMOTED:
        return
    with_, without = float(rows.loc[on, "y"].mean()), float(rows.loc[~on, "y"].mean())
    if without <= 0:
        return
    period = PERIOD_NAME[panel.freq]
    text = (
        f"In the past, {int(on.sum())} {period}s with {'a discount' if name == 'discount' else 'a promotion'} sold "
        f"{figure(with_)} units on average, the {int((~on).sum())} others {figure(without)}."
    )
    facts: dict[str, float | str] = {"promoted_periods": int(on.sum()), "promoted_mean": figure(with_)}
    yield Driver("response", text, facts | {"other_periods": int((~on).sum()), "other_mean": figure(without)})


def _zeros(panel: Panel, past: pd.DataFrame) -> Iterator[Driver]:
    y = _known(past)
    share = float((y == 0).mean()) if len(y) else 0.0
    if share >= 0.2:
        period = PERIOD_NAME[panel.freq]
        text = f"Sales are intermittent: {share * 100:.0f} % of {period}s sold nothing."
        yield Driver("intermittent", text, {"zero_percent": f"{share * 100:.0f}"})


def _stockouts(panel: Panel, unique_id: str) -> Iterator[Driver]:
    """What was not sold of late for want of stock; nothing where stock is not known or never ran out."""
    lost = lost_units(panel, unique_id)
    if lost is None or not lost.recent.out:
        return
    recent, period = lost.recent, PERIOD_NAME[panel.freq]
    text = f"Out of stock in {recent.out} of the last {recent.of} {period}s"
    facts: dict[str, float | str] = {"out_of_stock": recent.out, "periods": recent.of}
    if np.isnan(recent.units):
        yield Driver("stockout", f"{text}: what would have sold is not known.", facts)
        return
    units, low, high = figure(recent.units), figure(recent.low), figure(recent.high)
    facts |= {"lost_units": units, "lost_q0.1": low, "lost_q0.9": high, "interval": 80}
    yield Driver(
        "stockout", f"{text}: about {units} units were not sold for that (80 % interval {low} to {high}).", facts
    )
