"""docs/REPLAYS.md as text, from the figures of `replays`."""

from typing import Any

from .order_policies import SAYS

INTRO = """
Past periods are played with only what was known, one order a period, under lost sales; two whole periods go by between
an order and its arrival, and the next order comes a period later. Of {holding:g} a unit left at the end of a period and
{shortage:g} a unit of demand missed follows a service level of {ratio:.0%}; all policies have these costs.

- `retail2_1W`: gifts by week, 300 SKUs. What was sold counts as what was wanted: the data tells no stock-outs.
- `freshretailnet_1D`: fresh food by day, the 300 store-products that lost the fewest hours, so that sales are demand or
  nearly; a unit is a tenth of the data's. Unsold units keep: shelf lives are not in the data.

The planners' rules look at past sales alone; ours is base stock on sample paths of a forecast, named below.

**How it is compared.** More stock fills more demand, so a rule is compared with ours at its stock. On the earlier part
each rule's setting is the one that costs least; ours has one parameter, the service level, and for each rule it is the
highest at which ours had no more mean stock than that rule. Then the later part is played, once. The forecaster of
`retail2_1W` was chosen on its earlier part among the mean GBM, the statistical ensemble, the recent pattern and their
means, level by level; that of `freshretailnet_1D` is the same without the ensemble, to save hours. The curves of all
settings on that part are in `replays.json`. Mean stock and fill rate leave out the first two periods, which the start
decides. Intervals: 95 %, paired bootstrap over products.
"""


def page(results: dict[str, Any]) -> str:
    """The page."""
    costs = results["costs"]
    ratio = costs["shortage"] / (costs["shortage"] + costs["holding"])
    lines = ["# Replays", "", f"Written by `{results['command']}`, not by hand ({results['date']})."]
    lines.append(INTRO.format(**costs, ratio=ratio))
    for name, case in results["cases"].items():
        lines += [*_case(name, case), ""]
    return "\n".join(lines)


def _case(name: str, case: dict[str, Any]) -> list[str]:
    begins, unit = case["begins"], {"W": "weeks", "D": "days"}[case["freq"]]
    lines = [
        f"## {name}",
        "",
        f"{case['products']} products; {case['periods']} {unit} after {begins[0]}, then {case['periods']} {unit} after "
        f"{begins[1]} up to {case['ends']}. Ours forecasts by {case['model']}.",
        "",
        "| against | setting | level of ours | fill rate, theirs | ours | difference, points | mean stock, theirs "
        "| ours | difference |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for rule, row in case["rules"].items():
        theirs, ours, gap = row["later"]["theirs"], row["later"]["ours"], row["differences"]
        setting = ", ".join(f"{key} {value:g}" for key, value in row["setting"].items())
        lines.append(
            f"| {SAYS[rule]} | {setting} | {row['level']:.1%} | {theirs['fill_rate']:.1%} | {ours['fill_rate']:.1%} "
            f"| {_points(gap['fill_rate'])} | {theirs['stock']:,.0f} | {ours['stock']:,.0f} | {_share(gap['stock'])} |"
        )
    lines += [
        "",
        _verdict(case["rules"]),
        "",
        *_hindsight(case),
        "",
        *_earlier(case),
        "",
        *_costs(case),
    ]
    return lines


def _points(gap: dict[str, float]) -> str:
    return f"{100 * gap['gap']:+.1f} ({100 * gap['low']:+.1f} to {100 * gap['high']:+.1f})"


def _share(gap: dict[str, float]) -> str:
    return f"{gap['gap']:+.1%} ({gap['low']:+.1%} to {gap['high']:+.1%})"


def _verdict(rules: dict[str, Any]) -> str:
    said = []
    for rule, row in rules.items():
        fill, stock = row["differences"]["fill_rate"], row["differences"]["stock"]
        filled = (
            "more filled" if fill["low"] > 0 else "less filled" if fill["high"] < 0 else "no clear difference in fill"
        )
        held = "less stock" if stock["high"] < 0 else "more stock" if stock["low"] > 0 else "as much stock"
        said.append(f"({rule}) {filled} at {held}")
    return "Of ours, by the intervals: " + "; ".join(said) + "."


def _hindsight(case: dict[str, Any]) -> list[str]:
    lines = [
        "A level that gave a rule's stock on the earlier part gives more or less where demand moves. At the rule's "
        "very stock on the later part, by a level that only hindsight knows:",
        "",
        "| against | level | fill rate, theirs | ours | difference, points | mean stock, difference |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for rule, row in case["rules"].items():
        then, theirs = row["hindsight"], row["later"]["theirs"]
        lines.append(
            f"| {SAYS[rule]} | {then['level']:.1%} | {theirs['fill_rate']:.1%} | {then['ours']['fill_rate']:.1%} "
            f"| {_points(then['differences']['fill_rate'])} | {_share(then['differences']['stock'])} |"
        )
    return lines


def _earlier(case: dict[str, Any]) -> list[str]:
    lines = [
        "On the earlier part, where these were chosen:",
        "",
        "| against | fill rate, theirs | ours | mean stock, theirs | ours |",
        "|---|---:|---:|---:|---:|",
    ]
    for rule, row in case["rules"].items():
        theirs, ours = row["earlier"]["theirs"], row["earlier"]["ours"]
        lines.append(
            f"| {SAYS[rule]} | {theirs['fill_rate']:.1%} | {ours['fill_rate']:.1%} | {theirs['stock']:,.0f} "
            f"| {ours['stock']:,.0f} |"
        )
    return lines


def _costs(case: dict[str, Any]) -> list[str]:
    cheapest = case["cheapest"]
    lines = [
        f"In money, ours at the level that cost least on the earlier part ({cheapest['level']:.0%}), on the later one: "
        f"fill rate {cheapest['later']['fill_rate']:.1%}, mean stock {cheapest['later']['stock']:,.0f}, cost "
        f"{cheapest['later']['cost']:,.0f}.",
        "",
        "| against | cost, theirs | ours less theirs |",
        "|---|---:|---:|",
    ]
    lines += [
        f"| {SAYS[rule]} | {row['later']['theirs']['cost']:,.0f} | {_share(row['cheapest'])} |"
        for rule, row in case["rules"].items()
    ]
    return lines
