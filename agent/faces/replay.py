"""A replay for people and programs: tables of the terminal, JSON, and one self-contained page with plots."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from rich.console import Console
from rich.text import Text

from ...prompts.messages.say import ENGLISH, say, say_fact
from ...tools.data.freq import Freq
from ...tools.decide.past import OURS, RECENT, RULES
from ...tools.decide.policy import Policy
from ...tools.decide.scores import Gap
from ...tools.errors import InputError
from ...tools.files import Reads, check_ours, check_writable, nothing, write_whole
from ...tools.insight.answer import Table, column, columns
from ...tools.messages import Count, Exact, Fact, Message, Money, Percent, Units, message
from ..batch.orders import LISTED
from ..batch.replay import Replay
from .plots import MARKS, is_chart
from .script import ScriptSafe
from .tables import drawn

SHOWN = 6  # products that have a plot of their own
COLOURS = {OURS: "#2b6cb0", "min-max": "#c05621", "mean": "#2f855a", "normal": "#805ad5"}
RATES = ("fill_rate", "cycle_service")
VALUES = ("lost_margin", "stock_value")  # of what stands there in units, too
MONEY = (*VALUES, "cost")
WHOLE = 100  # units from which on differences are shown without decimals
STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;margin:1rem 0}td,th{padding:.2rem .8rem;text-align:right}"
    "td:first-child,th:first-child{text-align:left}tr{border-bottom:1px solid #ddd}li{color:#555}"
)


def check_page(path: Path, *, overwrite: bool = False, reads: Reads = nothing) -> None:
    """Refuse a page that cannot be written, before any work is done.

    Raises:
        InputError: another suffix, a file that skucast did not write, or one that cannot be written.
    """
    if path.suffix.lower() != ".html":
        raise InputError(f"--out {path}: a replay is a page: expected a file that ends in .html")
    check_writable(path)
    check_ours(path, is_chart, f"--out {path}", overwrite=overwrite, reads=reads)


def tables(made: Replay) -> list[Table]:
    """The figures of each policy, and ours against each other one."""
    names, held = _names(made), made.measures
    rows = [(column(_key(name)), *(_value(name, measured[name].value) for measured in held.values())) for name in names]
    gaps = [
        (
            message(f"policy-{policy}"),
            column(_key(name)),
            _value(name, gap.gap, less=True),
            message("interval", low=_value(name, gap.low, less=True), high=_value(name, gap.high, less=True)),
            message(f"verdict-{_key(gap.verdict)}"),
        )
        for policy in RULES
        for name, gap in made.gaps[policy].items()
        if name in names and name not in VALUES
    ]
    policies = tuple(message(f"policy-{policy}") for policy in held)
    return [
        Table(message("replay-table"), (column("measure"), *policies), tuple(rows)),
        Table(message("replay-gaps"), columns("against", "measure", "gap", "interval", "shows"), tuple(gaps)),
    ]


def told(made: Replay, policy: Policy, freq: Freq, *, quick: bool) -> list[Message]:
    """What was played, and what it rests on."""
    pasts = made.pasts
    out, products = sum(past.out for past in pasts), sum(len(past.ids) for past in pasts)
    steps = max((past.steps for past in pasts), key=len)
    rows = [row for past in pasts for row in past.rows]
    said = [
        message(
            "replay-played",
            products=Count(products),
            periods=message(f"periods-{freq}", count=len(steps)),
            first=steps[0].date(),
            last=steps[-1].date(),
        ),
        message(
            "replay-origins",
            count=Count(made.origins),
            every=message(f"periods-{freq}", count=made.every),
            quick="yes" if quick else "no",
        ),
        message("replay-start"),
        message("replay-rules", recent=message(f"periods-{freq}", count=RECENT[freq])),
        message("replay-demand"),
    ]
    if out:
        said.append(message("replay-censored", count=Count(out), of=Count(products * len(steps))))
    for name, default, given in (
        ("lead-time", policy.lead(freq).longest, policy.lead_time is not None),
        ("review", policy.review_of(freq), policy.review is not None),
    ):
        bare = [row for row in rows if getattr(row, name.replace("-", "_")) is None]
        count = sum(name == "review" or policy.of_supplier(row.supplier) is None for row in bare)
        if count and not given:
            value = message(f"periods-{freq}", count=default)
            said.append(message(f"orders-assumed-{name}", count=Count(count), value=value))
    if policy.service is None and not policy.service_by_class and policy.holding is None:
        said.append(message("orders-assumed-service", count=Count(products), value=Percent(100 * policy.level())))
    unpriced = sum(row.unit_cost is None or row.price is None for row in rows)
    if 0 < unpriced < products:
        said.append(message("replay-unpriced", count=Count(unpriced)))
    if policy.limited:
        said.append(message("replay-no-budget"))
    if made.left_out:
        listed, more = tuple(made.left_out[:LISTED]), max(len(made.left_out) - LISTED, 0)
        said.append(message("replay-left-out", count=Count(len(made.left_out)), products=listed, more=more))
    return said


def show(made: Replay, console: Console, lang: str = ENGLISH) -> None:
    """Both tables, in the terminal."""
    for table in tables(made):
        console.print(drawn(table, lang))
        console.print()
    console.print(Text(say(message("replay-claim"), lang), style="dim"))


def record(made: Replay, said: Sequence[Message], lang: str = ENGLISH) -> dict[str, Any]:
    """The replay for programs. Rates are shares, 0 to 1; gaps are ours less the other's."""
    steps = max((past.steps for past in made.pasts), key=len)
    return {
        "first": f"{steps[0]:%Y-%m-%d}",
        "last": f"{steps[-1]:%Y-%m-%d}",
        "periods": len(steps),
        "products": sum(len(past.ids) for past in made.pasts),
        "forecasts": made.origins,
        "policies": {
            policy: {name: round(one.value, 4) for name, one in held.items()} for policy, held in made.measures.items()
        },
        "ours_less": {policy: {name: _gap(gap) for name, gap in gaps.items()} for policy, gaps in made.gaps.items()},
        "left_out": list(made.left_out),
        "unpriced": {name: one.left_out for name, one in made.measures[OURS].items() if name in VALUES},
        "assumed": [say(one, lang) for one in said],
    }


def write_page(path: Path, made: Replay, said: Sequence[Message], lang: str = ENGLISH) -> None:
    """Write the page: tables, assumptions, and plots; it carries its scripts inside and needs no network.

    Raises:
        InputError: it cannot be written.
    """
    page: str = alt.vconcat(*charts(made, lang)).to_html(inline=True, json_kwds={"cls": ScriptSafe})
    head = f"<title>{escape(say(message('replay-table'), lang))}</title><style>{STYLE}</style>"
    text = "".join(_html(table, lang) for table in tables(made))
    text += f"<p>{escape(say(message('replay-claim'), lang))}</p><ul>"
    text += "".join(f"<li>{escape(say(one, lang))}</li>" for one in said) + "</ul>"
    page = page.replace("<head>", f"<head>\n  {MARKS['.html'].decode()}{head}", 1).replace("<body>", f"<body>{text}", 1)
    write_whole(path, page)


def charts(made: Replay, lang: str = ENGLISH) -> list[alt.LayerChart | alt.Chart]:
    """Stock and demand of all products over time, units lost over time, and the same of the best sellers."""
    steps = max((past.steps for past in made.pasts), key=len)
    demand = np.concatenate([past.demand for past in made.pasts])
    ids = [uid for past in made.pasts for uid in past.ids]
    best = np.argsort(-demand.sum(axis=1), kind="stable")[:SHOWN]
    every = slice(None)
    one = [
        _stock(made, steps, demand, every, say(message("replay-plot-stock"), lang), lang),
        _lines(made, steps, "lost", every, say(message("replay-plot-lost"), lang), lang),
    ]
    return one + [_stock(made, steps, demand, slice(row, row + 1), ids[row], lang) for row in best]


def _stock(
    made: Replay, steps: Sequence[pd.Timestamp], demand: Any, rows: slice, title: str, lang: str
) -> alt.LayerChart:
    bars = pd.DataFrame({"ds": steps, "units": demand[rows].sum(axis=0)})
    under = alt.Chart(bars).mark_bar(color="#bbb", opacity=0.6).encode(x=alt.X("ds:T", title=None), y="units:Q")
    over = _lines(made, steps, "stock", rows, title, lang)
    return alt.layer(under, over).properties(title=title, width=720, height=220)


def _lines(made: Replay, steps: Sequence[pd.Timestamp], what: str, rows: slice, title: str, lang: str) -> alt.Chart:
    parts = [
        pd.DataFrame(
            {
                "ds": steps,
                "units": getattr(played, what)[rows].sum(axis=0),
                "policy": say(message(f"policy-{policy}"), lang),
            }
        )
        for policy, played in made.played.items()
    ]
    names = [say(message(f"policy-{policy}"), lang) for policy in made.played]
    colour = alt.Scale(domain=names, range=[COLOURS[policy] for policy in made.played])
    return (
        alt.Chart(pd.concat(parts))
        .mark_line()
        .encode(
            x=alt.X("ds:T", title=None),
            y=alt.Y("units:Q", title=say(message("replay-units"), lang)),
            color=alt.Color("policy:N", scale=colour, title=None),
            tooltip=["ds:T", "policy:N", alt.Tooltip("units:Q", format=".1f")],
        )
        .properties(title=title, width=720, height=220)
    )


def _html(table: Table, lang: str) -> str:
    heads = "".join(f"<th>{escape(say(one, lang))}</th>" for one in table.columns)
    rows = "".join(
        f"<tr>{''.join(f'<td>{escape(say_fact(cell, lang))}</td>' for cell in row)}</tr>" for row in table.rows
    )
    return f"<h2>{escape(say(table.title, lang))}</h2><table><tr>{heads}</tr>{rows}</table>"


def _names(made: Replay) -> list[str]:
    """The measures to show: units wasted only where some are."""
    held = made.measures
    return [name for name in held[OURS] if name != "wasted" or any(one["wasted"].value > 0 for one in held.values())]


def _value(name: str, value: float, *, less: bool = False) -> Fact:
    if name in RATES:
        return Exact(round(100 * value, 1))
    if name in MONEY:
        return Money(value)
    return Exact(round(value, 0 if abs(value) >= WHOLE else 1)) if less else Units(value)


def _key(name: str) -> str:
    return name.replace("_", "-").replace(" ", "-")


def _gap(gap: Gap) -> dict[str, float | str]:
    return {"gap": round(gap.gap, 4), "low": round(gap.low, 4), "high": round(gap.high, 4), "verdict": gap.verdict}
