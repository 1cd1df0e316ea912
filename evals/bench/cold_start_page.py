"""docs/COLD_START.md: the measured cold starts as a page."""

from typing import Any

KNOWN = (0, 1, 3, 7)  # periods that are left of an item's past
Result = dict[str, Any]


def markdown(result: Result) -> str:
    """The results as a page."""
    made = ", ".join(f"{name} {version}" for name, version in result["versions"].items())
    lines = [
        f"skucast {result['version']}, {result['date']}, Python {result['python']}, {made}. "
        f"Made by `{result['command']}` (`make bench-cold`).",
        *TEXT.split("\n\n"),
    ]
    return "\n\n".join(["# Cold start", *lines, *(_task_markdown(task) for task in result["tasks"])]) + "\n"


TEXT = """\
The past of a sample of items is hidden: of each only the last few periods before a cutoff are left (or none), \
with the static row and the plan. *Analogues* are the most alike items of the tool, tools/forecast/cold_start.py. \
*Random items* is the same arithmetic on as many items drawn at random, *Category* on all items of the \
category alike (on all items where there is none). *Wide guess* is the fallback of the base forecast around \
the item's own mean, zero without a past. *Without …* leaves one part of the similarity out. *With its whole \
past* is no rival: the statistical forecast had nothing been hidden. *LLM on the analogues* is the fine-tuned slot \
model, its base and level those of the analogues, with the product text in its prompt and without; it is measured \
where it was not trained on the retailer.

SQL is scaled by each item's whole true past, WQL counts units; lower is better. Coverage of the 80 % interval \
is best at 0.8; bias is (forecast - actual) / actual of the median; width is that of the 80 % interval over \
the scale. Gains are the analogues' in % of the other's loss, with the 95 % interval of a paired bootstrap \
over items. SQL divides by a scale that nobody knows at the start: items that sell least weigh most in it, so \
a forecast near zero can look good.

The constants of the tool were chosen on cutoffs before these (`--earlier`), never on these."""


def _task_markdown(task: Result) -> str:
    gains = {(one["known"], one["against"], one["metric"]): one for one in task["gains"]}

    def gained(known: int, rival: str, metric: str) -> str:
        one = gains.get((known, rival, metric))
        return f"{one['gain']:+.1f} ({one['low']:+.1f} to {one['high']:+.1f})" if one else ""

    parts = [
        f"## {task['task']}",
        f"{task['items']} of {task['items_of']} items hidden, horizon {task['horizon']}, cutoffs "
        f"{', '.join(task['cutoffs'])}, seed {task['seed']}, {task['seconds']:.0f} s.",
    ]
    for known in KNOWN:
        table = [
            "| forecast | SQL | WQL | coverage | bias | width | gain in SQL, % | gain in WQL, % |",
            "|---|---|---|---|---|---|---|---|",
        ]
        for row in (row for row in task["rows"] if row["known"] == known):
            name = row["contestant"]
            table.append(
                f"| {name} | {row['SQL']:.3f} | {row['WQL']:.3f} | {row['coverage']:.3f} | {row['bias']:+.3f} | "
                f"{row['width']:.2f} | {gained(known, name, 'SQL')} | {gained(known, name, 'WQL')} |"
            )
        parts += [f"**{known} known period{'' if known == 1 else 's'}**", "\n".join(table)]
    if task.get("text"):
        lines = ["| known periods | loss | what the product text gains the LLM, % |", "|---|---|---|"]
        lines += [
            f"| {one['known']} | {one['metric']} | {one['gain']:+.1f} ({one['low']:+.1f} to {one['high']:+.1f}) |"
            for one in task["text"]
        ]
        parts += [f"LLM: {task['slots']}.", "\n".join(lines)]
    return "\n\n".join(parts)
