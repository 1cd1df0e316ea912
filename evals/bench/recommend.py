"""docs/RECOMMEND.md: next baskets of the Complete Journey households, what re-ranking does, and time and memory.

python -m skucast.evals.bench.recommend --choose    # parameters chosen anew on the four weeks before the test weeks
python -m skucast.evals.bench.recommend             # with those that stand in docs/recommend.json
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ...tools.data.demo_events import complete_journey_events
from ...tools.decide.baskets import Baskets, Floats, Ints, baskets_of
from ...tools.decide.candidates import Offers
from ...tools.decide.factors import fit_factors
from ...tools.decide.next_basket import Decay, Neighbours, best, frequency, tifu_knn, user_vectors
from ...tools.decide.ranker import USERS, Ranker, fit, hits, learn, window
from ...tools.decide.rerank import Supply, Weights, pick, worth
from ...tools.files import write_whole
from .recommend_page import page
from .recommend_scale import measured_scale, sampled

DOCS = Path(__file__).parents[2] / "docs"
TOP, DRAWS = 10, 2_000
TEST, CHOICE, LEARN = (1, 2, 3, 4), (5, 6, 7, 8), (9, 10, 11, 12)  # weeks before the end of the data
DECAYS = [Decay(group, within, across) for group, within, across in product((3, 7), (0.9, 1.0), (0.7, 0.9, 1.0))]
NEAR, OWN = (100, 300), (0.3, 0.5, 0.7, 0.9, 1.0)
ALS = list(product((32, 64), ("counts", "decayed")))
NONE = Weights(trend=0.0, margin=0.0, clear=0.0, category=TOP)
RERANKED = {
    "trend 0.1": Weights(0.1, 0.0, 0.0, TOP),
    "trend 0.3": Weights(0.3, 0.0, 0.0, TOP),
    "margin 0.1": Weights(0.0, 0.1, 0.0, TOP),
    "margin 0.3": Weights(0.0, 0.3, 0.0, TOP),
    "at most 4 of a category": Weights(0.0, 0.0, 0.0, 4),
    "at most 2 of a category": Weights(0.0, 0.0, 0.0, 2),
    "default: all of them": Weights(),
}
Score = dict[int, tuple[float, float]]  # recall and nDCG by user


@dataclass(frozen=True)
class Data:
    """The households' baskets, the category of each product, and the day after the last."""

    baskets: Baskets
    category: Ints
    end: int


def load(households: int | None = None) -> Data:
    """The Complete Journey households, or so many drawn at random, without fuel."""
    events = complete_journey_events()
    baskets = baskets_of(sampled(events, households).frame)
    groups = events.products["category"].reindex(list(baskets.products)).fillna("unknown")
    category = np.asarray(pd.factorize(groups)[0], dtype=np.int64)
    return Data(baskets, category, (events.end - pd.Timestamp("1970-01-01")).days)


def score(lists: list[Ints], targets: dict[int, Ints], codes: Ints) -> Score:
    """Recall@10 and nDCG@10 of each user's list against the next basket, by code of the user."""
    discount = 1.0 / np.log2(np.arange(TOP) + 2.0)
    made = {}
    for place, code in enumerate(codes.tolist()):
        hit = np.isin(lists[place][:TOP], targets[place])
        ideal = discount[: min(TOP, len(targets[place]))].sum()
        made[code] = (hit.sum() / len(targets[place]), float(hit @ discount[: len(hit)]) / ideal)
    return made


def mean(scores: list[Score]) -> tuple[float, float]:
    """Recall and nDCG over all users and weeks."""
    rows = np.array([pair for week in scores for pair in week.values()])
    return float(rows[:, 0].mean()), float(rows[:, 1].mean())


def ahead(ours: list[Score], theirs: list[Score], column: int) -> dict[str, float]:
    """The mean difference over users and weeks, with a 95 % interval by a bootstrap over households."""
    gaps: dict[int, list[float]] = {}
    for one, other in zip(ours, theirs, strict=True):
        for code, pair in one.items():
            gaps.setdefault(code, []).append(pair[column] - other[code][column])
    sums = np.array([[sum(some), len(some)] for some in gaps.values()])
    draws = np.random.default_rng(0)
    totals = np.array([sums[draws.integers(0, len(sums), len(sums))].sum(axis=0) for _ in range(DRAWS)])
    low, high = np.quantile(totals[:, 0] / totals[:, 1], [0.025, 0.975])
    difference = sums[:, 0].sum() / sums[:, 1].sum()
    return {"difference": round(float(difference), 5), "low": round(float(low), 5), "high": round(float(high), 5)}


def ranked(offers: Offers, values: Floats, users: int) -> list[Ints]:
    """The ten products of the highest values of each user."""
    cuts = np.searchsorted(offers.user, np.arange(users + 1))
    made = []
    for start, stop in pairwise(cuts.tolist()):
        order = np.lexsort((offers.product[start:stop], -values[start:stop]))[:TOP]
        made.append(offers.product[start:stop][order])
    return made


def baselines(data: Data, day: int, decay: Decay, als: tuple[int, str], codes: Ints) -> dict[str, list[Ints]]:
    """The lists of the other ways, for some users as of a day."""
    past = data.baskets.before(day)
    history = past.of(codes)
    vectors = user_vectors(past, decay)
    near = Neighbours(vectors, decay).near(vectors[codes], codes)
    recent = np.bincount(past.product[past.day >= day - 28], minlength=len(past.products))
    popular = np.argsort(-recent, kind="stable")[:TOP]
    return {
        "personal top-frequency": best(frequency(history), TOP),
        "TIFU-KNN": best(tifu_knn(vectors[codes], near, decay.own), TOP),
        "ALS": als_lists(past, codes, *als),
        "popularity": [popular] * len(codes),
    }


def als_lists(past: Baskets, codes: Ints, factors: int, kind: str) -> list[Ints]:
    """The lists of a factor model fitted to all that was bought."""
    vectors = frequency(past) if kind == "counts" else user_vectors(past, Decay())
    scale = 1.0 / float(vectors.data.mean())
    found, _ = fit_factors(vectors, factors=factors, scale=scale).scored(vectors[codes], TOP)
    return list(found)


def choose(data: Data, say: Callable[[str], None]) -> dict[str, Any]:
    """Parameters of TIFU-KNN and ALS, and which blend: by recall on the four weeks before the test weeks."""
    targets, codes, past, own = {}, {}, {}, {}
    for week in CHOICE:
        day = data.end - 7 * week
        past[week] = data.baskets.before(day)
        known, next_baskets = past[week].counts(), data.baskets.next_after(day)
        codes[week] = np.array(sorted(code for code in next_baskets if known[code] > 0), dtype=np.int64)
        own[week] = past[week].of(codes[week])
        targets[week] = {i: next_baskets[code] for i, code in enumerate(codes[week].tolist())}

    def recall(lists: Callable[[int], list[Ints]], weeks: tuple[int, ...] = CHOICE) -> float:
        return round(mean([score(lists(week), targets[week], codes[week]) for week in weeks])[0], 5)

    tried: dict[str, dict[str, float]] = {"decay": {}, "TIFU-KNN": {}, "ALS": {}, "blend": {}}
    for one in DECAYS:
        name = f"group {one.group}, within {one.within}, across {one.across}"
        tried["decay"][name] = recall(lambda week, one=one: best(user_vectors(own[week], one), TOP))  # type: ignore[misc]
        say(f"{name}: {tried['decay'][name]}")
    first = DECAYS[int(np.argmax(list(tried["decay"].values())))]
    for count in NEAR:
        decay = Decay(first.group, first.within, first.across, count)
        kept = {}
        for week in CHOICE[:2]:
            vectors = user_vectors(past[week], decay)
            kept[week] = (vectors[codes[week]], Neighbours(vectors, decay).near(vectors[codes[week]], codes[week]))
        for share in OWN:
            name = f"neighbours {count}, own {share}"
            lists = {week: best(tifu_knn(*pair, share), TOP) for week, pair in kept.items()}
            tried["TIFU-KNN"][name] = recall(lists.__getitem__, CHOICE[:2])
            say(f"{name}: {tried['TIFU-KNN'][name]}")
    count, share = list(product(NEAR, OWN))[int(np.argmax(list(tried["TIFU-KNN"].values())))]
    for factors, kind in ALS:
        name = f"{factors} factors, {kind}"
        factored = {week: als_lists(past[week], codes[week], factors, kind) for week in CHOICE[:1]}
        tried["ALS"][name] = recall(factored.__getitem__, CHOICE[:1])
        say(f"ALS {name}: {tried['ALS'][name]}")
    decay = Decay(first.group, first.within, first.across, count, share)
    tried["blend"] = blends(data, decay, say)
    als = ALS[int(np.argmax(list(tried["ALS"].values())))]
    return {"decay": asdict(decay), "als": als, "tried": tried}


def blends(data: Data, decay: Decay, say: Callable[[str], None]) -> dict[str, float]:
    """Recall of what puts the candidates together: learned on weeks 9 to 12 before the end, seen on weeks 5 to 8."""
    import lightgbm

    most = dict.fromkeys(LEARN, USERS)
    seen = {
        week: window(data.baskets, data.end - 7 * week, data.category, decay, most=most.get(week))
        for week in (*CHOICE, *LEARN)
    }
    count = len(data.baskets.products)
    bought = [hits(seen[week][2], seen[week][3], count) for week in LEARN]
    offers = [seen[week][2] for week in LEARN]

    def recall(value: Callable[[Offers], Floats]) -> float:
        made = []
        for week in CHOICE:
            _, codes, some, targets = seen[week]
            made.append(score(ranked(some, value(some), len(codes)), targets, codes))
        return round(mean(made)[0], 5)

    found = {"logistic": recall(fit(offers, bought).chance)}
    say(f"logistic: {found['logistic']}")
    x, y = np.concatenate([one.features for one in offers]), np.concatenate(bought)
    groups = np.concatenate([np.bincount(one.user) for one in offers])
    for objective in ("binary", "lambdarank"):
        settings = {"objective": objective, "num_leaves": 15, "learning_rate": 0.06, "min_data_in_leaf": 100}
        held = lightgbm.Dataset(x, y, group=groups if objective == "lambdarank" else None)
        model = lightgbm.train({**settings, "verbose": -1, "num_threads": 1}, held, 150)
        found[f"LightGBM {objective}"] = recall(lambda some, model=model: np.asarray(model.predict(some.features)))  # type: ignore[misc]
        say(f"LightGBM {objective}: {found[f'LightGBM {objective}']}")
    return found


def test(data: Data, chosen: dict[str, Any], say: Callable[[str], None]) -> dict[str, Any]:
    """All ways on the four test weeks, and each re-ranking alone."""
    decay, als = Decay(**chosen["decay"]), (int(chosen["als"][0]), str(chosen["als"][1]))
    ranker: Ranker = learn(data.baskets, data.end - 7 * max(TEST), data.category, decay)
    prices, costs = made_up_costs(data)
    scores: dict[str, list[Score]] = {}
    reranked: dict[str, list[Score]] = {name: [] for name in ("none", *RERANKED)}
    earned: dict[str, list[Score]] = {name: [] for name in reranked}
    users = baskets = 0
    for week in TEST:
        day = data.end - 7 * week
        market, codes, offers, targets = window(data.baskets, day, data.category, decay)
        chance = ranker.chance(offers)
        lists = {"ours": ranked(offers, chance, len(codes)), **baselines(data, day, decay, als, codes)}
        for name, some in lists.items():
            scores.setdefault(name, []).append(score(some, targets, codes))
        none = np.full(len(prices), np.nan)
        supply = Supply(market.trend, none, prices, costs, np.zeros(len(prices)))
        for name, weights in {"none": NONE, **RERANKED}.items():
            made = picked(offers, chance, supply, weights, data.category, len(codes))
            reranked[name].append(score(made, targets, codes))
            margin = [float(np.nansum(supply.margin[some[np.isin(some, targets[i])]])) for i, some in enumerate(made)]
            earned[name].append({code: (margin[i], 0.0) for i, code in enumerate(codes.tolist())})
        users, baskets = len({code for some in scores["ours"] for code in some}), baskets + len(codes)
        say(f"week {week}: " + ", ".join(f"{name} {mean([some[-1]])[0]:.4f}" for name, some in scores.items()))
    ways: dict[str, dict[str, Any]] = {}
    for name, of_weeks in scores.items():
        recall, ndcg = mean(of_weeks)
        ways[name] = {"recall": round(recall, 5), "ndcg": round(ndcg, 5)}
        if name != "ours":
            gaps = [ahead(scores["ours"], of_weeks, column) for column in (0, 1)]
            ways[name] |= {"ahead_recall": gaps[0], "ahead_ndcg": gaps[1]}
    moved = {
        name: {
            "recall": round(mean(of_weeks)[0], 5),
            "margin": round(mean(earned[name])[0], 4),
            "recall_change": ahead(of_weeks, reranked["none"], 0),
            "margin_change": ahead(earned[name], earned["none"], 0),
        }
        for name, of_weeks in reranked.items()
    }
    return {"of": len(data.baskets.users), "households": users, "baskets": baskets, "ways": ways, "rerank": moved}


def picked(offers: Offers, chance: Floats, supply: Supply, weights: Weights, category: Ints, users: int) -> list[Ints]:
    """The lists as re-ranked."""
    cuts = np.searchsorted(offers.user, np.arange(users + 1))
    made = []
    for start, stop in pairwise(cuts.tolist()):
        some = offers.product[start:stop]
        value = worth(some, chance[start:stop], supply, weights)
        made.append(some[pick(some, value, category, TOP, weights.category)])
    return made


def made_up_costs(data: Data) -> tuple[Floats, Floats]:
    """The mean paid for each product in a basket before the test weeks, and a made-up cost: 60 to 90 % of it."""
    past = data.baskets.before(data.end - 7 * max(TEST))
    count = np.bincount(past.product, minlength=len(past.products))
    with np.errstate(invalid="ignore", divide="ignore"):
        price = np.bincount(past.product, weights=past.value, minlength=len(past.products)) / count
    groups = np.random.default_rng(0).uniform(0.6, 0.9, int(data.category.max()) + 1)
    return price, price * groups[data.category]


def main() -> None:
    """Run the parts that are asked for, and write what stands after each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--choose", action="store_true", help="choose parameters anew before the test")
    parser.add_argument("--only", choices=("choose", "test", "scale"), help="this part alone")
    parser.add_argument("--households", type=int, help="so many of Complete Journey, drawn at random; default all")
    parser.add_argument("--users", type=int, default=100_000, help="made-up customers")
    given = parser.parse_args()
    path = DOCS / "recommend.json"
    held: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    parts: dict[str, Callable[[], dict[str, Any]]] = {
        "choose": lambda: choose(load(given.households), print),
        "test": lambda: test(load(given.households), held["choose"], print),
        "scale": lambda: measured_scale(given.users, given.households, print),
    }
    for name, make in parts.items():
        if name != (given.only or name) or (name == "choose" and not (given.choose or given.only or name not in held)):
            continue
        held[name] = make()
        write_whole(path, json.dumps(held, indent=1) + "\n")
    if {"choose", "test"} <= set(held):
        write_whole(DOCS / "RECOMMEND.md", page(held))


if __name__ == "__main__":
    main()
