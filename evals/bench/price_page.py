"""docs/PRICE.md, of what was measured."""

from typing import Any

import numpy as np

INTRO = """\
How well `skucast price` knows what a price does, before it says which to set. Elasticities come from
`tools/forecast/elasticity.py`: demand on log price with a level of each product, time effects of its category,
promotions, and how the product sold of late; then partial pooling (`tools/forecast/shrinkage.py`). Where the price
hardly moved, moved only with promotions, or only with its whole category, no number of the product's own is given.

**Assumed**: what moves a price is one of these: chance, the season and shocks of the category, promotions, or past
sales of the product. A price that answers what only the shop knew of the week (a feast of the village) is biased.
"""


def page(held: dict[str, Any]) -> str:
    """The page."""
    lines = ["# Price", "", f"Written by `{held['command']}`, not by hand ({held['date']}).", "", INTRO]
    lines += _made_up(held["made_up"])
    if "signs" in held:
        lines += ["", *_signs(held["signs"])]
    return "\n".join(lines) + "\n"


def _made_up(rows: list[dict[str, Any]]) -> list[str]:
    lines = [
        "## A made-up retailer",
        "",
        "200 products in 8 categories, 104 weeks, known elasticities (`evals/bench/price_market.py`); the price of a "
        "tenth never moves. *Clean*: prices move by themselves. *Confounded*: they also follow the category's season "
        "and shocks, and what the product sold of late. *Naive*: log units on log price, by product. The width of the "
        "intervals was set on other seeds.",
        "",
        "| | seed | 95 % intervals cover | bias | naive bias | RMSE | naive RMSE | refused of the fixed |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for answers in (False, True):
        some = [row for row in rows if row["answers"] is answers]
        name = "confounded" if answers else "clean"
        lines += [
            f"| {name} | {one['seed']} | {one['coverage']:.1%} | {one['bias']:+.3f} | {one['naive_bias']:+.3f} | "
            f"{one['rmse']:.3f} | {one['naive_rmse']:.3f} | {one['fixed_refused']} of {one['fixed']} |"
            for one in some
        ]
        mean = {key: float(np.mean([one[key] for one in some])) for key in ("coverage", "bias", "naive_bias")}
        share = abs(mean["bias"]) / abs(mean["naive_bias"])
        lines.append(
            f"| **{name}** | mean | **{mean['coverage']:.1%}** | {mean['bias']:+.3f} | {mean['naive_bias']:+.3f} | "
            f"{np.mean([one['rmse'] for one in some]):.3f} | {np.mean([one['naive_rmse'] for one in some]):.3f} | "
            f"bias {share:.0%} of naive's |"
        )
    lines += [
        "",
        "One elasticity of all products, under ever weaker assumptions, and the truth's place among them:",
        "",
    ]
    lines += ["| | prices alone | + product levels | + time effects | + sales of late, by product |"]
    lines += ["|---|---:|---:|---:|---:|"]
    for answers in (False, True):
        some = [row["assumed"] for row in rows if row["answers"] is answers]
        cells = (f"{np.mean([one[key] for one in some]):.2f}" for key in ("pooled", "products", "time", "late"))
        lines.append(f"| {'confounded' if answers else 'clean'} | {' | '.join(cells)} |")
    return lines


def _signs(found: dict[str, Any]) -> list[str]:
    right, moved = found["right"], found["moves"]
    reasons = ", ".join(f"{count:,} {name}" for name, count in found["reasons"].items() if name != "identified")
    lines = [
        "## Breakfast at the Frat",
        "",
        f"{found['series']:,} store-products (a sample by sorted id), known up to {found['last']}; the last 26 weeks "
        f"are unseen. {found['identified']:,} have an elasticity of their own, {found['refused']:.1%} are refused"
        + (f": {reasons}." if reasons else "."),
        "",
        "Share of those with variation for which units go the other way than the price:",
        "",
        f"| | {' | '.join(right['model'])} |",
        "|---|---:|---:|",
    ]
    names = {"model": "elasticities, pooled", "own": "each product's own, not pooled", "trees": "LightGBM's what-if"}
    lines += [
        f"| {says} | {' | '.join(f'{value:.1%}' for value in right[name].values())} |" for name, says in names.items()
    ]
    values = found["assumed"]
    lines += [
        "",
        f"One elasticity of all: {values['pooled']:.2f} on prices alone, {values['products']:.2f} with a level of each "
        f"store-product, {values['time']:.2f} with time effects too, {values['late']:.2f} with sales of late "
        "and promotions.",
        "",
        "A positive elasticity is refused, so the first row is of what is left; counted as wrong, they would make it "
        f"{found['identified'] / (found['identified'] + found['reasons'].get('positive', 0)):.1%}.",
        "",
        f"In {moved['weeks']:,} unseen weeks the price lay 10 % or more from the mean of the four before. Units then "
        f"went the way that the elasticity says in {moved['same_way']:.1%} of them. The mean absolute error of log "
        f"units is {moved['error_with']:.3f} with the elasticity and {moved['error_without']:.3f} without, both from "
        "the mean of the four weeks before. Promotions of these weeks are not taken out: part of it may be theirs.",
    ]
    return lines
