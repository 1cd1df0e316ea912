"""docs/CUSTOMERS.md as text, from the figures of `customers`."""

from collections.abc import Mapping, Sequence
from typing import Any

from .fairness import clear

TITLE = """# Customers: who will buy

By `{command}`, {date}. Figures are measured by it, not typed.
"""
SHOPPERS = """
## Will this session buy

Sessions of a shop (UCI 468, CC BY 4.0): {rows:,} rows; {duplicates} that stand there twice are dropped, for a row in
both parts of a split would be known. {share:.1%} bought. {splits} splits by chance, three tenths of either outcome to
test on; the trees are those of `tools/decide/intent.py`, untuned, and calibrated on folds of the part that is learned
from. Splits are by chance because the sessions have a month and no date: what is measured is not the future. Mean
over the splits, 95 % interval (Nadeau and Bengio 2003), least and greatest.

| model | AUROC | AUPR | calibration error, equal width | equal count |
|---|---|---|---|---|
{table}

Published on this data: AUROC .922 to .937, AUPR about .75, by other splits.
"""
JOURNEY = """
## Will this household buy this category in the next {days} days

Complete Journey: {households:,} households, the {categories} categories that most of them bought before the test
windows. The last {windows} windows of {days} days are for testing; each is told from windows before it alone: trees
learned from up to seven, calibrated on the one just before. {cases:,} cases of households that bought anything in the
twelve weeks before; {share:.1%} came true. Beside it a logistic regression of recency, frequency and money, of the
category and of all, on the same windows.

| model | AUROC | AUPR | calibration error, equal width | equal count | Brier |
|---|---|---|---|---|---|
{table}

AUROC of the trees less that of the regression: {auroc:+.4f} (95 % interval {low:+.4f} to {high:+.4f}, bootstrap over
households).

## For whom

The same chances by what is known of the households; age, income and size are no features. The gap of a group is its
figure less that of all other households of which it is known, with 95 % intervals by a bootstrap over households.
Calibration is the mean of chance less outcome: above 0 more was promised than came. Groups of under ten households
are left out. By fairlearn's `MetricFrame`.

| of | group | households | came true | AUROC | gap, interval | calibration | gap, interval |
|---|---|---|---|---|---|---|---|
{groups}

{warnings}
"""
MODELS = {
    "ours": "**trees, calibrated**",
    "logistic": "logistic regression",
    "rfm": "logistic regression of recency, frequency, money",
}


def page(held: Mapping[str, Any]) -> str:
    """The page."""
    parts = [TITLE.format(**held)]
    if "shoppers" in held:
        found = held["shoppers"]
        rows = [(name, [_spread(of[m]) for m in ("auroc", "aupr", "ece", "ece_equal")]) for name, of in _models(found)]
        parts.append(SHOPPERS.format(**found, table=_table(rows)))
    if "journey" in held:
        found = held["journey"]
        shown = [
            (name, [f"{of[m]:.4f}" for m in ("auroc", "aupr", "ece", "ece_equal", "brier")])
            for name, of in _models(found)
        ]
        low, high = found["difference"]["interval"]
        parts.append(
            JOURNEY.format(
                **{**found, "groups": "\n".join(map(_group, found["groups"]))},
                table=_table(shown), auroc=found["difference"]["auroc"], low=low, high=high,
                warnings=_warnings(found["groups"]),
            )
        )  # fmt: skip
    return "".join(parts)


def _models(found: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    return [(MODELS[name], of) for name, of in found["models"].items()]


def _table(rows: Sequence[tuple[str, Sequence[str]]]) -> str:
    return "\n".join(f"| {name} | {' | '.join(cells)} |" for name, cells in rows)


def _spread(values: Sequence[float]) -> str:
    mean, low, high, least, most = values
    return f"{mean:.4f} ({low:.4f} to {high:.4f}; {least:.4f}–{most:.4f})"


def _group(one: Mapping[str, Any]) -> str:
    def gap(name: str) -> str:
        low, high = one[f"{name}_interval"]
        return f"{one[f'{name}_gap']:+.4f} ({low:+.4f} to {high:+.4f})"

    head = [one["column"].replace("_", " "), one["group"], f"{one['people']:,}", f"{one['share']:.1%}"]
    return "| " + " | ".join([*head, f"{one['auroc']:.4f}", gap("auroc"), f"{one['gap']:+.4f}", gap("gap")]) + " |"


def _warnings(groups: Sequence[Mapping[str, Any]]) -> str:
    lines = []
    for one in groups:
        of = f"{one['column'].replace('_', ' ')} {one['group']}"
        if clear(one["auroc_interval"]):
            way = "better" if one["auroc_gap"] > 0 else "worse"
            lines.append(
                f"- Warning: those of {of} are told apart {way} than others are ({one['auroc_gap']:+.4f} AUROC)."
            )
        if clear(one["gap_interval"]):
            way = "more" if one["gap_gap"] > 0 else "less"
            lines.append(f"- Warning: those of {of} are promised {way} than others are ({one['gap_gap']:+.4f}).")
    said = f"{len(groups)} groups are looked at; one interval in twenty is clear of 0 by chance alone."
    return "\n".join([*lines, "", said]) if lines else f"No gap's interval is clear of 0. {said}"
