"""docs/RECOMMEND.md from docs/recommend.json."""

from typing import Any


def page(held: dict[str, Any]) -> str:
    """The page of the recommendation benchmark."""
    test, chosen, scale = held["test"], held["chosen"], held["scale"]
    decay = chosen["decay"]
    lines = [
        "# Recommendations, measured",
        "",
        "Written by `make bench-recommend` from docs/recommend.json. `skucast recommend --help` has the command.",
        "",
        "## The next basket",
        "",
        "Complete Journey households (fuel left out), the last four weeks of 2017: at the start of each week the ten",
        "products that each way names, against what stands in the household's first basket of that week:",
        f"{test['baskets']:,} baskets of {test['households']:,} households that had bought before. Parameters were chosen",
        "on the four weeks before. Ours learned its blend on the six weeks before the test weeks, once; what was bought",
        "since counts at once. Intervals are of 95 %, by a bootstrap over households of the paired differences.",
        "",
        "| way | recall@10 | nDCG@10 | ours ahead, recall | ours ahead, nDCG |",
        "|---|---|---|---|---|",
    ]
    for name, row in test["ways"].items():
        gaps = [_gap(row[key]) if key in row else "" for key in ("ahead_recall", "ahead_ndcg")]
        lines.append(f"| {name} | {row['recall']:.4f} | {row['ndcg']:.4f} | {gaps[0]} | {gaps[1]} |")
    lines += [
        "",
        f"TIFU-KNN (Hu et al., SIGIR 2020): groups of {decay['group']}, decay {decay['within']} within and "
        f"{decay['across']} across groups, {decay['neighbours']} neighbours, own weight {decay['own']}. ALS: "
        f"{chosen['als'][0]} factors of {chosen['als'][1]}.",
        "",
        "What puts the candidates together, by recall@10 on the four weeks before the test weeks (learned on the four",
        "before those): the simplest is used.",
        "",
        "| blend | recall@10 |",
        "|---|---|",
        *(f"| {name} | {value:.4f} |" for name, value in chosen["tried"]["blend"].items()),
        "",
        "## What re-ranking does",
        "",
        "Each weight alone, on the same test weeks, against the order by chance. Trend: baskets of the last four weeks over",
        "those of the twelve before. The data has no costs: the margin is made up (10 to 40 % of what was paid, by",
        "category), so it shows what a weight does, not what a shop earns. Margin: of the products named that were bought,",
        "a basket.",
        "",
        "| weights | recall@10 | change | margin a basket | change |",
        "|---|---|---|---|---|",
    ]
    for name, row in test["rerank"].items():
        gaps = [_gap(row[f"{key}_change"]) if name != "none" else "" for key in ("recall", "margin")]
        lines.append(f"| {name} | {row['recall']:.4f} | {gaps[0]} | {row['margin']:.3f} | {gaps[1]} |")
    lines += [
        "",
        "## Time and memory",
        "",
        f"{scale['users']:,} made-up customers, {scale['products']:,} products, {scale['rows']:,} purchases, one core: "
        f"`skucast recommend --all` took {scale['minutes']:.1f} minutes ({scale['cpu_minutes']:.1f} of CPU) and {scale['gigabytes']:.1f} GB at most, reading, "
        f"learning and writing included; {scale['full_lists']:,} customers got a full list of ten.",
        "",
        f"New purchases of one household of Complete Journey, nothing learned anew: its vector takes "
        f"{scale['fold_ms']:.1f} ms (median), its list of ten over all products {scale['list_ms']:.1f} ms.",
        "",
    ]
    return "\n".join(lines)


def _gap(one: dict[str, float]) -> str:
    return f"{one['difference']:+.4f} ({one['low']:+.4f} to {one['high']:+.4f})"
