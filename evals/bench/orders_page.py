"""docs/ORDERS.md, of what was measured."""

from typing import Any

from .lead_times import MANY
from .order_policies import SAYS
from .vn2_game import LEAD_TIME

INTRO = """\
Orders in money: demand that came true is played against what a policy orders with only what was known, and what it
costs is counted. Less is better everywhere.

`skucast orders` itself proposes for a service level, or for holding and shortage costs (`tools/decide/orders.py`), on
the combined forecast; the policy below (`tools/decide/base_stock.py`) orders at the least cost of this very game.

## The game

The VN2 Inventory Planning Challenge, 599 store-products: one order a week for six weeks, placed at the end of week X,
for sale from week X+3; demand that finds no stock is lost; 0.2 for a unit left at the end of a week, 1.0 for a unit of
demand missed. Weeks 1 and 2 are decided by the stock at the start, so the total is over weeks 3 to 8.

Where the rules that came with the data are silent: what is in transit costs nothing, what is ordered costs nothing,
what is left after week 8 costs its holding of that week and no more; orders are whole units; a week's arrivals can be
sold in that week; a week's demand is known at its end. Played so, weeks 1 and 2 of the competition cost {first}, as
published ({sum} together).

Demand of weeks out of stock is not known: the file records 0. For the forecaster such weeks are missing. The game
itself plays the units recorded, at earlier starts as in the competition, because that is what the competition did; so
a policy pays for stock that a product out of stock could not sell. Whether a product was in stock in the competition's
eight weeks is not known at the cutoff, and not used.

## What was chosen, and on what

On {n} earlier starts of the same game, {first_start} to {last_start}, eight weeks apart, the last of which ends where
the competition begins; nothing of the competition's weeks is read there. The stock at an earlier start follows the rule
that the competition's own stock at its start obeys in all 599 products: in stock the mean recorded week of the last
year, rounded up, at least 1; nothing for week 1; for week 2 what is missing to twice that mean, rounded. Of each rule,
the planners' too, the setting with the least sum over these starts is played.

Ours: {ours}. Stock on hand is projected through what is on order to the week in which the order arrives, on each path
and under lost sales; the order is what costs least in that week beyond what is left: holding, shortage, and `linger`
times the holding of what would still be there a week later with no other order. `scale` is times the forecast's demand.
"""


def page(results: dict[str, Any]) -> str:
    """The page."""
    game, rows = results["competition"], results["earlier"]
    policies = results["policies"]
    lines = ["# Orders", "", f"Written by `{results['command']}`, not by hand ({results['date']}).", ""]
    lines.append(
        INTRO.format(
            first=" and ".join(map(str, game["first_weeks"])),
            sum=round(sum(game["first_weeks"]), 1),
            n=len(rows),
            first_start=rows[0]["start"],
            last_start=rows[-1]["start"],
            ours=", ".join(f"{name} {value}" for name, value in policies["ours"]["settings"].items()),
        )
    )
    lines += ["## Earlier starts", "", *_starts(rows, policies), "", *_differences(results["differences"], len(rows))]
    lines += ["", "## The competition's weeks", "", *_competition(game)]
    if "tried" in results:
        lines += ["", *_tried(results["tried"])]
    if "lead_times" in results:
        lines += ["", *_lead_times(results["lead_times"])]
    return "\n".join(lines) + "\n"


def _starts(rows: list[dict[str, Any]], policies: dict[str, Any]) -> list[str]:
    names = list(policies)
    lines = [
        f"| last week known | out of stock | {' | '.join(SAYS[name] for name in names)} | ours against the best |",
        f"|---|---:|{'---:|' * (len(names) + 1)}",
    ]
    for row in rows:
        totals = {name: row["rules"][name]["total"] for name in names}
        best = min(value for name, value in totals.items() if name != "ours")
        cells = [f"{totals[name]:,.1f}" for name in names]
        lines.append(
            f"| {row['start']} | {row['out_of_stock']:.1%} | {' | '.join(cells)} | {totals['ours'] / best - 1:+.1%} |"
        )
    sums = {name: sum(row["rules"][name]["total"] for row in rows) for name in names}
    best = min(value for name, value in sums.items() if name != "ours")
    lines.append(
        f"| together | | {' | '.join(f'{sums[name]:,.1f}' for name in names)} | {sums['ours'] / best - 1:+.1%} |"
    )
    lines += ["", "Cost of weeks 3 to 8. Settings: " + "; ".join(_setting(name, policies) for name in names) + "."]
    lines += ["", "| over all starts | fill rate | lost units | mean stock |", "|---|---:|---:|---:|"]
    for name in names:
        some = [row["rules"][name] for row in rows]
        lost, stock = sum(one["lost_units"] for one in some), sum(one["mean_stock"] for one in some) / len(some)
        fill = sum(one["fill_rate"] for one in some) / len(some)
        lines.append(f"| {SAYS[name]} | {fill:.1%} | {lost:,.0f} | {stock:,.0f} |")
    return lines


def _setting(name: str, policies: dict[str, Any]) -> str:
    settings = policies[name]["settings"]
    return f"{SAYS[name]}: " + ", ".join(f"{key} {value}" for key, value in settings.items())


def _differences(found: dict[str, Any], games: int) -> list[str]:
    lines = ["| ours less | a game | 95 % interval | share | ours is |", "|---|---:|---:|---:|---|"]
    for name, one in found.items():
        lines.append(
            f"| {SAYS[name]} | {one['gap']:+,.0f} | {one['low']:+,.0f} to {one['high']:+,.0f} | {one['share']:+.1%} "
            f"| {one['verdict']} |"
        )
    several = ", all games of a product together" if games > 1 else ""
    return [*lines, "", f"Intervals: paired bootstrap over products{several}."]


def _competition(game: dict[str, Any]) -> list[str]:
    published = game["published"]
    lines = [
        "| policy | weeks 3 to 8 | shortage | holding | fill rate | "
        + " | ".join(f"week {week}" for week in range(LEAD_TIME, 9))
        + " |",
        f"|---|{'---:|' * 10}",
    ]
    for name, one in game["rules"].items():
        weeks = " | ".join(f"{week:,.1f}" for week in one["weeks"][LEAD_TIME - 1 :])
        lines.append(
            f"| {SAYS[name]} | **{one['total']:,.1f}** | {one['shortage']:,.1f} | {one['holding']:,.1f} "
            f"| {one['fill_rate']:.1%} | {weeks} |"
        )
    ours = game["rules"]["ours"]["total"]
    lines += [
        "",
        f"Published over the same weeks: the organiser's benchmark {published['organiser']:,.0f}, the winner of "
        f"{published['teams']} teams {published['winner']:,.0f}; {published['better_than_organiser']} teams beat the "
        f"benchmark. Ours is {ours / published['organiser'] - 1:+.1%} against the benchmark and "
        f"{ours / published['winner'] - 1:+.1%} against the winner. Forecaster and policy were fixed on the earlier "
        "starts before these weeks were opened.",
        "",
        *_differences(game["differences"], 1),
    ]
    return lines


def _tried(tried: dict[str, Any]) -> list[str]:
    lines = [
        "## What was tried on the earlier starts",
        "",
        f"| policy | settings | {' | '.join(tried['starts'])} | together |",
        f"|---|---|{'---:|' * (len(tried['starts']) + 1)}",
    ]
    for one in tried["candidates"]:
        settings = ", ".join(f"{name} {value}" for name, value in one["settings"].items())
        totals = " | ".join(f"{value:,.0f}" for value in one["totals"])
        lines.append(f"| {SAYS[one['rule']]} | {settings} | {totals} | {sum(one['totals']):,.0f} |")
    return lines


def _lead_times(found: dict[str, Any]) -> list[str]:
    chosen, years = found["chosen"], found["years"]
    lines = [
        "## Lead times",
        "",
        f"`scms_delivery`: {found['orders']:,} orders with a known order date; left out: "
        + ", ".join(f"{count:,} {reason.replace('_', ' ')}" for reason, count in found["dropped"].items())
        + f". For each order the {found['level']:.0%} quantile of its supplier's lead time is promised from what was "
        "known when its month began. Shrinkage to all suppliers and memory were chosen by pinball loss on orders of "
        f"{found['chosen_on'][0][:4]} to {int(found['chosen_on'][1][:4]) - 1}: {chosen['shrink']:g} orders, "
        f"{chosen['memory']} days.",
        "",
        f"Of {found['later']:,} later orders ({found['checked_on'][0][:4]} to {int(found['checked_on'][1][:4]) - 1}), "
        f"**{found['coverage']:.1%}** came within the promise (aim: 88 to 92 %). By year: "
        + ", ".join(f"{year} {share:.1%}" for year, share in years.items())
        + ". The file ends in September 2015 and holds what was delivered by then: the slow orders of 2015 are not in "
        f"it; without that year it is {found['whole_years']:.1%}. A first attempt also moved "
        "the level by how earlier promises had turned out. It was looked at on the later orders before this one, "
        "covered fewer of them, just below the aim, and was left out.",
        "",
        *_by_own(found["by_own"]),
        "",
        "| shrink | memory | coverage, earlier years | pinball loss, days |",
        "|---:|---:|---:|---:|",
    ]
    lines += [f"| {o['shrink']:g} | {o['memory']} | {o['coverage']:.1%} | {o['loss']:.2f} |" for o in found["tried"]]
    return lines


def _by_own(rows: list[dict[str, Any]]) -> list[str]:
    """What the shrinkage is for: suppliers with few deliveries."""
    return [
        "| deliveries of the supplier that are remembered | orders | suppliers | came within the promise "
        "| within the supplier's own quantile |",
        "|---|---:|---:|---:|---:|",
        *(
            f"| {_band(row)} | {row['orders']:,} | {row['suppliers']} | {row['coverage']:.1%} | {row['own']:.1%} |"
            for row in rows
        ),
    ]


def _band(row: dict[str, Any]) -> str:
    return f"{row['least']} to {row['most']}" if row["most"] < MANY else f"{row['least']} and more"
