"""docs/CUSTOMERS.md as text, from the figures of `customers`."""

from collections.abc import Mapping, Sequence
from typing import Any

from .fairness import clear

TITLE = """# Customers: who buys it, and who will

```
skucast customers buyers --demo --of bananas                      # who buys it, and why its sales changed
skucast customers buyers events.csv --of tea --people people.csv --weeks 8 --against year --out tea.xlsx
skucast customers intent --demo --of yogurt                       # who is likely to buy it in the next four weeks
skucast customers intent events.csv --lapse --weeks 8 --json      # who is likely to buy nothing
skucast customers intent --sessions sessions.csv --target Revenue # which open sessions will buy
skucast customers forget c02 events.csv --out without.csv         # the file again without one person
```

## What it reads

A row an event: `user_id, ds, event, unique_id, value`. Names that others use are known: `visitorid`, `CustomerID`,
`household_id`, `event_time`, `itemid`, `StockCode`, `product_id`, those of GA4, Retailrocket and REES46. Without a
column of events every row is a purchase. `quantity` and a price make the value where no money is given; an order,
basket or session number makes the visits, else a gap of 30 minutes. CSV, workbooks, Parquet, DuckDB and PostgreSQL.

| what | what becomes of it |
|---|---|
| a row that stands there twice | dropped, counted |
| a row without a customer, or without a time that can be read | left out, counted |
| a time before 1990, or later than tomorrow | left out, counted |
| another kind of event | kept, counts for nothing, said |
| a purchase below 0 | a return; it is in no sum of purchases, and said |

## How

**Why sales changed.** Money = buyers x visits a buyer x units a visit x price. Each factor brings L ln(its ratio), L
the logarithmic mean of both sums of money (Ang 2005): the parts add up to the difference, and have the other sign
backwards.

**Groups** are thirds by recency, frequency and money as they stood before the weeks looked at, and the columns of
`--people`. Intervals of their shares are Wilson's. The interval of how many will buy is a bootstrap over people.

**Chances** are LightGBM's, made calibrated by isotonic regression on a later window than was learned from. Nothing
that is known of people, such as their age, is a feature. Before it tells anything the command scores a classifier of
the same kind on the last window that is over, and says how good it was.

**People.** Ids in outputs are pseudonyms: ten digits of a salted SHA-256; the salt is `SKUCAST_SALT`, else a random
one kept in the cache folder. Groups of under ten people or buyers are not shown, nor
one more of a kind where they could be worked out from the rest. These commands keep nothing of a
file: once it is written without a person and the old one is deleted, run what was made from it again, forecasts too
if they came from it.

# How good the chances are

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
    parts = [TITLE.format(command=held["command"], date=held["date"])]
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
    said = f"{2 * len(groups)} intervals are looked at; one in twenty is clear of 0 by chance alone."
    return "\n".join([*lines, "", said]) if lines else f"No gap's interval is clear of 0. {said}"
