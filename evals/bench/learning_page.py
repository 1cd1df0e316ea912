"""docs/LEARNING.md as text: how skucast goes on learning, and the figures of `learning`."""

from typing import Any

INTRO = """\
# It goes on learning, and people stay in charge

Every published forecast is written down once, a person's own numbers stand beside it, and what then sells is held
against both. Figures on this page are written by `make bench-learning`, not by hand.

```
skucast forecast sales.csv --all --out f.jsonl --publish --ledger shop.duckdb --as ana
skucast override A1 --units 50 --why "a fair in town" --ledger shop.duckdb --as ben
skucast track sales.csv --ledger shop.duckdb --by category --by abc_xyz
skucast drift sales.csv --ledger shop.duckdb
skucast approve orders.json --ledger shop.duckdb --as eva
skucast audit verify --ledger shop.duckdb
skucast retrain sales.csv --challenger mine
skucast rollback default
```

- **The ledger** is a DuckDB file or a PostgreSQL database (`--ledger postgresql://…`), of schema 1. Without
  `--ledger` it is one for each file of sales, by where that lies, in your data folder: its content changes as sales
  come in. An entry holds what was known (cutoff, digest of the data), digests of models and prompts, who wrote and
  approved it, and one row a series, stage and step with the quantiles. Nothing is changed: what is published again
  is a new entry that names the one it corrects, and what says the same as the newest one is not written again. An
  entry stands whole or not at all, after a kill too; two writers wait for one another. A
  series stands in a ledger by one frequency.
- **Stages**: the last value repeated, statistics or trees, with the LLM, with notes, own numbers. A report does not
  keep the statistics within a blend apart from its trees, so that these are one stage. Of an own number no band is
  known.
- **Tracking** counts every cutoff and step of which sales are known. The last known sales count; how many came late
  or changed is said. WAPE is of the median; bias (forecast − actual) and the tracking signal are of the expected
  units; coverage is of the 80 % band; FVA is by how many points of WAPE a stage is better than the one before it on
  the same periods. ABC-XYZ cells are those of the whole past, as it is known now.
  `--by category` takes a column that `--schema` declares as `static`.
- **Own numbers** are refused for periods whose sales the ledger knows, from `skucast track`. Where they made a
  forecast worse, that is said, as is where they made it better.
- **Roles** stand in `roles.toml` beside the ledger, or in `--roles`. Without it everyone may do all. Names are
  taken at their word: who may write the files can act under any name.

```toml
[people]
ana = "planner"
eva = "buyer"

[roles.planner]
may = ["publish", "override"]

[roles.buyer]
may = ["approve"]
up_to = 5000
```

- **The audit log** (`audit.jsonl` beside the ledger) has a line an act. Each holds its own SHA-256 and that of the
  line before, so that a line that was changed, left out or put in is found. Who can write the file can also write
  the whole chain anew, or cut lines off its end: note the last digest elsewhere, and `skucast audit verify --ends
  DIGEST` tells.
- **Approving** records who approved which orders or prices (`--out FILE.json`), up to the amount that their role
  allows. Nothing is sent. Prices come to no amount that is known, so that a role with `up_to` cannot approve them.
- **Champion and challenger**: `skucast retrain` fine-tunes a slot model on the past up to the last `--windows` (or
  takes one of the registry that learned from nothing later), holds it against the model in use on those windows
  with a paired bootstrap over series, and looks at series of class A, B and C and at earlier windows for what was
  forgotten (`--margin`, 2 %). It takes the name of the champion only with `--approve`, or where `roles.toml` says
  `promote_without_approval = true`, and only if the whole interval is better and nothing forgotten. The registry
  keeps the one before and its lineage; `skucast rollback` gives the name back. What a model learned from is known
  by the name of the file: under another name the same sales are taken as new. The trees learn anew at every
  forecast and have no champion.
"""


DRIFT = """\
A forecast says how likely each value was; the normal scores of these probabilities (PIT) are standard normal while
all is well. Page-Hinkley (river, `pip install 'skucast[learning]'`) watches their mean (level), their size
(variance), and whether they go with the forecast's season (season). An alarm names the series, what moved most, and
since when.

Thresholds come from {calibrated:,} simulated stable series: those at which 0.8 in a hundred have a false alarm in a
year of weeks, and an eighth more, as on other series that were 1.2. False alarms are counted here on {tested:,} new
ones, and each change is planted in the 27th week of {planted} more. The forecasts learn from two known years, so
that they err as forecasts do. Of ADWIN the table shows what it would do; it is not used. A change of one kind moves
the others too within half a year, so that the name of the kind is a hint."""
SCALE = """\
`skucast track sales.parquet --ledger ledger.duckdb --by category` on {series:,} made-up series and {weeks} weeks,
{stages} stages, 4 weeks ahead; the first time it writes what sold into the ledger. Reading the sales counts."""
RETRAINING = """\
`retail2_1W`, {series} SKUs, {origins} forecasts of {horizon} weeks one after another up to the end of the data, by
the mean GBM. It learns at the first origin and then never, at every origin, or once {drifting:.0%} of the series
have an alarm since it last learned (set beforehand). Features follow the sales in all three. WQL over all periods;
intervals: 95 %, paired bootstrap over SKUs."""


def page(results: dict[str, Any]) -> str:
    """The page, with as many figures as there are."""
    parts = [INTRO]
    for name, made in (("drift", _drift), ("scale", _scale), ("retraining", _retraining)):
        if name in results:
            parts.append(made(results[name]))
    return "\n".join(parts)


def _drift(found: dict[str, Any]) -> str:
    rates = found["false_alarms_a_year_in_a_hundred"]
    lines = [
        "## Drift",
        "",
        DRIFT.format(**found["series"]),
        "",
        "| detector | stable series with a false alarm in a year, % |",
        "|---|---:|",
        *(f"| {name} | {rate:.2f} |" for name, rate in rates.items()),
        "",
        "| change | times | detector | found in 26 weeks, % | alarm before it, % | kind named right, % "
        "| median delay, weeks | since when, weeks off |",
        "|---|---:|---|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {row['kind']} | {row['size']:g} | {row['detector']} | {row['found']:.1f} | {row['before']:.1f} "
        f"| {_known(row['named_right'])} | {_known(row['delay'])} | {_known(row['since_off_by'])} |"
        for row in found["rows"]
    ]
    return "\n".join([*lines, ""])


def _scale(found: dict[str, Any]) -> str:
    lines = [
        "## A large ledger",
        "",
        SCALE.format(**found),
        "",
        "| forecasts | rows | ledger, MB | first: seconds | peak MB | again: seconds | peak MB |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for key, name in (("cutoff_every_4_weeks", "a cutoff every 4 weeks"), ("cutoff_every_week", "a cutoff every week")):
        one = found[key]
        lines.append(
            f"| {name} | {one['forecast_rows']:,} | {one['ledger_mb']:,} | {one['first']['seconds']} "
            f"| {one['first']['peak_mb']:,} | {one['again']['seconds']} | {one['again']['peak_mb']:,} |"
        )
    return "\n".join([*lines, ""])


def _retraining(found: dict[str, Any]) -> str:
    lines = [
        "## When to learn anew",
        "",
        RETRAINING.format(**found),
        "",
        "| learns | times | seconds of CPU | WQL | against never, % | 95 % interval |",
        "|---|---:|---:|---:|---:|---|",
    ]
    for name, row in found["rows"].items():
        lines.append(
            f"| {name} | {len(row['learned'])} | {row['cpu_seconds']} | {row['wql']} | {row['against_never']:+.2f} "
            f"| {row['low']:+.2f} to {row['high']:+.2f} |"
        )
    return "\n".join([*lines, ""])


def _known(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"
