"""docs/ORDERS.md: orders in money. The VN2 game at earlier starts and in the competition's weeks, and lead times.

python -m skucast.evals.bench.orders
"""

import argparse
import functools
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from ...tools.decide.replay import Known, Replayed, known_at
from ...tools.errors import InputError
from ...tools.files import write_whole
from ..scoring.bootstrap import paired_difference
from . import lead_times
from .kept_forecasts import Kept, forecaster
from .order_policies import MODELS, Candidate, cheapest, grid
from .orders_page import page
from .vn2_game import CHECK, COSTS, DECIDED, EARLIER, Game, competition, earlier

DOCS = Path(__file__).parents[2] / "docs"
HORIZON = 4
PUBLISHED = {"organiser": 4334.0, "winner": 3763.0, "teams": 183, "better_than_organiser": 25}


class Forecasts:
    """What was known at each decision of a game, a model at a time, made once."""

    def __init__(self, game: Game, folder: Path) -> None:
        self.game, self.folder, self.kept = game, folder, Kept()
        self.made: dict[str, list[Known]] = {}

    def of(self, model: str) -> list[Known]:
        """What was known, with this model's forecasts; a rule that looks at none takes what there is."""
        model = model or next(iter(self.made))
        if model not in self.made:
            named = model.replace("@start", f"@{self.game.start:%Y-%m-%d}")
            forecast = forecaster(named, HORIZON, self.folder, self.kept)
            self.made[model] = known_at(self.game.panel, self.game.decisions, forecast)
        return self.made[model]


def total(played: Replayed) -> float:
    """Cost of the weeks that orders decide."""
    return float(played.cost[:, DECIDED:].sum())


def figures(played: Replayed) -> dict[str, float]:
    """What is shown of one game: the weeks that orders decide."""
    lost, sold = played.lost[:, DECIDED:].sum(), played.sold[:, DECIDED:].sum()
    return {
        "total": round(total(played), 1),
        "shortage": round(float(COSTS.shortage * lost), 1),
        "holding": round(float(COSTS.holding * played.stock[:, DECIDED:].sum()), 1),
        "fill_rate": round(float(sold / (sold + lost)), 4),
        "lost_units": float(lost),
        "mean_stock": round(float(played.stock[:, DECIDED:].sum(axis=0).mean()), 1),
        "ordered": float(played.orders.sum()),
    }


def table(game: Game, played: Replayed) -> pd.DataFrame:
    """Each product's cost in the weeks that orders decide."""
    cost = played.cost[:, DECIDED:].sum(axis=1)
    return pd.DataFrame({"unique_id": game.panel.unique_ids, "window": f"{game.start:%Y-%m-%d}", "cost": cost})


def differences(costs: dict[str, list[pd.DataFrame]]) -> dict[str, dict[str, float]]:
    """Ours less each other rule, in currency a game, with the 95 % interval of a paired bootstrap over products."""
    made = {}
    for rule in costs:
        if rule == "ours":
            continue
        found = paired_difference(pd.concat(costs["ours"]), pd.concat(costs[rule]), metric="cost")
        assert found is not None
        values = {"gap": found.gap, "low": found.low, "high": found.high}
        made[rule] = {name: round(value * found.series, 1) for name, value in values.items()}
        made[rule] |= {"share": round(found.gap / found.other, 4), "verdict": found.verdict}  # type: ignore[dict-item]
    return made


def choose(games: Sequence[Forecasts], models: tuple[str, ...], say: Callable[[str], None]) -> list[dict[str, Any]]:
    """Every candidate's totals at the earlier starts, cheapest first."""
    tried = []
    for candidate in grid(models):
        for model in models:
            games[0].of(model)
        totals = [total(one.game.play(one.of(candidate.model), candidate.policy(COSTS))) for one in games]
        tried.append({"rule": candidate.rule, "settings": candidate.settings, "totals": [round(t, 1) for t in totals]})
        say(f"{candidate.rule} {candidate.settings}: {sum(totals):.0f}")
    return sorted(tried, key=lambda one: sum(one["totals"]))


def play_all(one: Forecasts, policies: dict[str, Candidate]) -> dict[str, Replayed]:
    """One game under each chosen policy."""
    one.of(policies["ours"].model)
    return {rule: one.game.play(one.of(c.model), c.policy(COSTS)) for rule, c in policies.items()}


def measure(folder: Path, policies: dict[str, Candidate], say: Callable[[str], None]) -> dict[str, Any]:
    """The chosen policies at the earlier starts, then in the competition's weeks."""
    rows, costs = [], {rule: list[pd.DataFrame]() for rule in policies}
    for start in EARLIER:
        one = Forecasts(earlier(start), folder)
        played = play_all(one, policies)
        for rule, made in played.items():
            costs[rule].append(table(one.game, made))
        made_of = {rule: figures(made) for rule, made in played.items()}
        rows.append({"start": start, "out_of_stock": one.game.out_of_stock, "rules": made_of})
        say(f"{start}: " + ", ".join(f"{rule} {total(made):.0f}" for rule, made in played.items()))
    one = Forecasts(competition(), folder)
    played = play_all(one, policies)
    first = [round(float(week), 1) for week in played["ours"].cost[:, :DECIDED].sum(axis=0)]
    if tuple(first) != CHECK:
        raise AssertionError(f"weeks 1 and 2 cost {first}: the rules are not those of the competition, {CHECK}")
    last = {rule: [table(one.game, made)] for rule, made in played.items()}
    say("competition: " + ", ".join(f"{rule} {total(made):.0f}" for rule, made in played.items()))
    weeks = {rule: [round(float(w), 1) for w in made.cost.sum(axis=0)] for rule, made in played.items()}
    return {
        "policies": {rule: {"settings": c.settings} for rule, c in policies.items()},
        "earlier": rows,
        "differences": differences(costs),
        "competition": {
            "first_weeks": first,
            "published": PUBLISHED,
            "rules": {rule: figures(made) | {"weeks": weeks[rule]} for rule, made in played.items()},
            "differences": differences(last),
        },
    }


def main(argv: Sequence[str] | None = None) -> None:
    """Choose on earlier starts (`--choose`), or measure what was chosen; write docs/orders.json and docs/ORDERS.md.

    Raises:
        InputError: nothing was chosen yet.
    """
    parser = argparse.ArgumentParser(prog="python -m skucast.evals.bench.orders")
    parser.add_argument("--out", type=Path, default=DOCS)
    parser.add_argument("--kept", type=Path, default=Path(".cache/orders"), help="folder of forecasts made before")
    parser.add_argument("--models", default=",".join(MODELS), help="forecasters of ours to choose from, for --choose")
    parser.add_argument(
        "--choose", action="store_true", help="try the grid on earlier starts alone; opens nothing else"
    )
    parser.add_argument("--lead-times", action="store_true", help="the lead times alone, in half a minute")
    parser.add_argument("--page", action="store_true", help="the page alone, of the figures that there are")
    asked = parser.parse_args(argv)
    path = asked.out / "orders.json"
    say = functools.partial(print, flush=True)
    there: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if asked.choose:
        games = [Forecasts(earlier(start), asked.kept) for start in EARLIER]
        there["tried"] = {"starts": EARLIER, "candidates": choose(games, tuple(asked.models.split(",")), say)}
    elif asked.lead_times:
        there["lead_times"] = lead_times.measure(say)
    elif not asked.page:
        if "tried" not in there:
            raise InputError(f"{path}: nothing was chosen on the earlier starts yet; run with --choose first")
        policies = cheapest(there["tried"]["candidates"])
        there |= measure(asked.kept, policies, say)
        there["lead_times"] = lead_times.measure(say)
    if not asked.lead_times:  # the date is that of the games
        there |= {"command": "python -m skucast.evals.bench.orders", "date": f"{datetime.now(UTC):%Y-%m-%d}"}
    if not asked.page:
        write_whole(path, json.dumps(there, indent=1) + "\n")
    if "competition" in there:
        write_whole(asked.out / "ORDERS.md", page(there))


if __name__ == "__main__":
    main()
