"""docs/RECOVERY.md as text, from the figures of `recovery`."""

from typing import Any

SAYS = {
    "ignored": "what was sold, as if it were all",
    "by hours": "sold x hours open / hours in stock",
    "by share": "sold / share of the demand in stock",
    "usual": "sold, and the usual for the rest",
    "ours": "**ours: both, by how much of the day was in stock**",
    "count, uniform": "ours, where only the number of hours out is known",
    "count, profile": "the same, as the last hours of the catalogue's profile",
}
CASES = {
    "any day": "Any day",
    "high demand": "Days of high demand",
    "runs out": "Stock runs out",
}
INTRO = """
What would a day have sold that ran out of stock? Hours of days that were fully in stock are hidden, the day is
recovered, and compared with what it sold: FreshRetailNet-50K, {series:,} store-products of 16 stores, sales and stock
by selling hour (6 to 22 o'clock). Bias and WAPE are per cent of the demand of the hidden days. The benchmark's authors
report an underestimation of demand by 7.37 % where stock-outs are ignored, and next to none after recovery (Wang et al.
2025, arXiv:2505.16319). That is of forecasts, by another protocol: not to be compared figure by figure.

## How

`tools/forecast/censored.py`. The profile of a day is units by hour over the usual units of the days that were in stock
then, of each {groups} shrunk to the whole catalogue. The share of a day's demand that was in stock is the sum of its
profile over those hours. The usual of a day is units over share in stock of the days within {near} days, of the same
promotion and weekday, shrunk to coarser ones: days that ran out count by their share, for left out they would leave the
low days. What is missing of a day sells at usual x (k + sold / usual) / (k + share): the mean of a gamma-Poisson rate,
given the day's sales. k = {strength:g} days.

## What stock-outs are like here

{partly:.1%} of the days lost some hours and {out:.1%} all; of the first kind {last_hour_out:.0%} had nothing in the
last hour. In its hours in stock such a day sells {sold_against_usual:.2f} times what is usual of days fully in stock,
and in the last hour before it ran out {last_hour_against_usual:.1f} times: stock runs out because it sells. So hours
are hidden in three ways, on about a quarter of the days:

- **Any day**: days by chance, each with the hours of another day's stock-out of the same series.
- **Days of high demand**: the same, of days in proportion to their demand.
- **Stock runs out**: such days, and the hours after sales reached a stock drawn from {stock_low} to {stock_high} mean
  days. A sale that empties the shelf makes the hours before it look busy, which no scaling of sales can see.

The panel keeps its own stock-outs beside the hidden hours. As its own days out are those of high demand, so is what is
usual, and days hidden by chance come out too high; the last table hides the same days of the panel without its own.

## Recovered, later days of the other half of the series

The setting was chosen on the first {earlier} days of every other series; these are the days after them of the others.
Intervals: 95 %, bootstrap over series.
"""


def page(results: dict[str, Any]) -> str:
    """The page."""
    setting = results["setting"]
    said = INTRO.format(
        **results["data"],
        **{**setting, "groups": "series" if setting["groups"] == "all" else setting["groups"]},
        near=results["near"],
        earlier=results["earlier"],
        stock_low=results["stock"][0],
        stock_high=results["stock"][1],
    )
    lines = ["# Recovered demand", "", f"Written by `{results['command']}`, not by hand ({results['date']}).", said]
    for row in results["rows"]:
        lines += [*_case(row), ""]
    lines += [_verdict(results["rows"]), "", *_tried(results["tried"])]
    if "forecasts" in results:
        lines += ["", *_forecasts(results["forecasts"])]
    return "\n".join(lines) + "\n"


def _case(row: dict[str, Any]) -> list[str]:
    alone = ", in the panel without stock-outs of its own" if row["alone"] else ""
    lines = [
        f"### {CASES[row['mechanism']]}{alone}",
        "",
        f"{row['days']:,} days, {row['hidden']:.0%} of their hours hidden.",
        "",
        "| method | bias | interval | WAPE | hidden < 25 % | 25-50 % | 50-75 % | > 75 % |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, one in row["methods"].items():
        low, high = one["interval"]
        bands = " | ".join("" if value is None else f"{value:+.1%}" for value in one["bias_by_hidden"])
        lines.append(f"| {SAYS[name]} | {one['bias']:+.1%} | {low:+.1%} to {high:+.1%} | {one['wape']:.1%} | {bands} |")
    return lines


def _verdict(rows: list[dict[str, Any]]) -> str:
    said = [
        f"{CASES[row['mechanism']].lower()}{' (no others)' if row['alone'] else ''} "
        f"{row['methods']['ours']['bias']:+.2%}"
        for row in rows
    ]
    missed = [row for row in rows if abs(row["methods"]["ours"]["bias"]) > 0.01]
    reached = f"{len(rows) - len(missed)} of {len(rows)} ways of hiding lie within it"
    return f"The aim was a bias within 1 %: {', '.join(said)}; {reached}."


def _tried(tried: list[dict[str, Any]]) -> list[str]:
    names = list(tried[0]["mechanisms"])
    lines = [
        "## What was tried, on the earlier days",
        "",
        "The least mean of |bias| + WAPE over the three ways of hiding was chosen.",
        "",
        f"| k | profiles | {' | '.join(CASES[name] for name in names)} | mean |",
        f"|---:|---|{'---:|' * (len(names) + 1)}",
    ]
    for one in tried:
        cells = [f"{found['bias']:+.1%}, {found['wape']:.1%}" for found in one["mechanisms"].values()]
        setting = one["setting"]
        lines.append(f"| {setting['strength']:g} | {setting['groups']} | {' | '.join(cells)} | {one['loss']:.3f} |")
    return lines


def _forecasts(found: dict[str, Any]) -> list[str]:
    lines = [
        "## Forecasts learned from it",
        "",
        f"`{found['task']}`, {found['model']}, {found['series']} series, the {found['windows']} windows before "
        "those of the task. `in_stock` is a share of the hours, so demand counts as even over the day; days out "
        "throughout are not known. Learned from sales, and from recovered demand:",
        "",
        "| learned from | against | bias | WAPE | WQL |",
        "|---|---|---:|---:|---:|",
    ]
    for kind, name in (("sales", "sales"), ("recovered", "recovered demand")):
        for part, of in (("all", "all sales"), ("in_stock", "sales of days fully in stock")):
            one = found[kind][part]
            lines.append(f"| {name} | {of} | {one['bias']:+.1%} | {one['wape']:.1%} | {one['wql']:.4f} |")
    more = {part: found["recovered"][part]["wql"] / found["sales"][part]["wql"] - 1 for part in ("all", "in_stock")}
    lines += [
        "",
        f"By WQL the second is {more['all']:+.1%} against all sales and {more['in_stock']:+.1%} against days fully in "
        "stock, and it forecasts more. All sales are what stock-outs left of demand, and days fully in stock are those "
        "of low demand: neither judges a forecast of demand fairly, and nothing here speaks for it as one of sales. So "
        "forecasts of sales are learned from sales, as before; orders, for which demand counts, from recovered demand "
        "(`agent/forecast/ahead.py`), and their assumptions say so. Where only a share of the hours is known, demand "
        "taken as even over the day makes it come out too high (above: where only the number "
        "of hours out is known); better is the share of the demand, by a profile.",
    ]
    return lines
