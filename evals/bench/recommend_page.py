"""docs/RECOMMEND.md from docs/recommend.json."""

from typing import Any

TOP = """# Recommendations

`skucast recommend` says what to offer each customer next, and why; or which customers to offer a product. It sends
nothing.

```
skucast recommend --demo --user 12
skucast recommend events.parquet --product TEA-1
skucast recommend events.parquet --all --out recs.jsonl --sales sales.csv --stock stock.csv
```

A killed `--all` goes on where it stood. Customers stand as pseudonyms unless `--show-ids` is given. What rises, earns
or must go comes a little sooner, by weights that are printed (`--trend`, `--margin`, `--clear`, `--category`); with
`--stock` what is out of stock is left out. The chance beside each product is that of its being in the customer's next
basket.

The figures below are written by `make bench-recommend`, from docs/recommend.json.

## The next basket

{of:,} Complete Journey households (fuel left out), the last four weeks of 2017: at the start of each week the ten
products that each way names, against what stands in the household's first basket of that week: {baskets:,} baskets of
{households:,} households that had bought before. Parameters were chosen on the four weeks before. Ours learned its
blend on the six weeks before the test weeks, once; what was bought since counts at once. Intervals are of 95 %, by a
bootstrap over households of the paired differences.

| way | recall@10 | nDCG@10 | ours ahead, recall | ours ahead, nDCG |
|---|---|---|---|---|
"""
BLEND = """
TIFU-KNN (Hu et al., SIGIR 2020): groups of {group}, decay {within} within and {across} across groups, {neighbours}
neighbours, own weight {own}. ALS (implicit): {als[0]} factors of {als[1]} purchases. Both chosen by recall@10.

What puts the candidates together, by recall@10 on the four weeks before the test weeks (learned on the four before
those): the simplest is used.

| blend | recall@10 |
|---|---|
"""
RERANK = """
## What re-ranking does

Each weight alone, on the same test weeks, against the order by chance. Trend: baskets of the last four weeks over
those of the twelve before. The data has no costs: the margin is made up (10 to 40 % of what was paid, by category), so
it shows what a weight does, not what a shop earns. Margin: of the products named that were bought, a basket.

| weights | recall@10 | change | margin a basket | change |
|---|---|---|---|---|
"""
SCALE = """
## Time and memory

{users:,} made-up customers, {products:,} products, {rows:,} purchases, one thread: `skucast recommend --all` took
{minutes:.1f} minutes ({cpu_minutes:.1f} of CPU) and {gigabytes:.1f} GB at most, reading, learning and writing included;
{full_lists:,} customers got a full list of ten.

New purchases of one household of Complete Journey, nothing learned anew: its vector takes {fold_ms:.1f} ms (median),
its list of ten over all products {list_ms:.1f} ms.
"""


def page(held: dict[str, Any]) -> str:
    """The page of the recommendation benchmark; without time and memory where these were not measured."""
    test, chosen = held["test"], held["choose"]
    parts = [TOP.format(**test)]
    for name, row in test["ways"].items():
        gaps = " | ".join(_gap(row.get(key)) for key in ("ahead_recall", "ahead_ndcg"))
        parts.append(f"| {name} | {row['recall']:.4f} | {row['ndcg']:.4f} | {gaps} |\n")
    parts.append(BLEND.format(**chosen["decay"], als=chosen["als"]))
    parts += [f"| {name} | {value:.4f} |\n" for name, value in chosen["tried"]["blend"].items()]
    parts.append(RERANK)
    for name, row in test["rerank"].items():
        recall, margin = (_gap(None if name == "none" else row[f"{key}_change"]) for key in ("recall", "margin"))
        parts.append(f"| {name} | {row['recall']:.4f} | {recall} | {row['margin']:.3f} | {margin} |\n")
    if "scale" in held:
        parts.append(SCALE.format(**held["scale"]))
    return "".join(parts)


def _gap(one: dict[str, float] | None) -> str:
    return "" if one is None else f"{one['difference']:+.4f} ({one['low']:+.4f} to {one['high']:+.4f})"
