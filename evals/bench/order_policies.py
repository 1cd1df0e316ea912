"""The ordering policies that are compared, and the grid that each is chosen from on earlier starts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ...tools.decide.base_stock import base_stock
from ...tools.decide.baselines import mean_with_margin, min_max, normal_base_stock
from ...tools.decide.replay import Costs, Policy

MODELS = ("MeanGBM@start",)


@dataclass(frozen=True)
class Candidate:
    """A policy with its settings.

    Attributes:
        rule: which policy: `ours`, or `a`, `b`, `c`.
        settings: of the policy; `model` is the forecaster of ours.
    """

    rule: str
    settings: dict[str, float | str] = field(default_factory=dict)

    @property
    def model(self) -> str:
        """The forecaster; the planners' rules look at none."""
        return str(self.settings.get("model", ""))

    def policy(self, costs: Costs) -> Policy:
        """The policy at these costs."""
        return RULES[self.rule](costs, **{name: value for name, value in self.settings.items() if name != "model"})


RULES: dict[str, Callable[..., Policy]] = {
    "ours": lambda costs, **settings: base_stock(costs, **settings),
    "a": lambda costs, **settings: min_max(**settings),
    "b": lambda costs, **settings: mean_with_margin(**settings),
    "c": lambda costs, **settings: normal_base_stock(costs.ratio, **settings),
}
SAYS = {
    "ours": "base stock on sample paths at the least expected cost",
    "a": "(a) min-max",
    "b": "(b) mean x lead time x 1.2",
    "c": "(c) base stock on a normal approximation",
}


def grid(models: tuple[str, ...] = MODELS) -> list[Candidate]:
    """Every candidate: the planners' rules have settings to choose from as well."""
    windows = (8, 13, 26, 52)
    return [
        *(
            Candidate("ours", {"model": model, "linger": linger, "scale": scale})
            for model in models
            for linger in (0.0, 0.5, 1.0, 2.0)
            for scale in (0.9, 1.0)
        ),
        *(
            Candidate("a", {"minimum": low, "maximum": high, "window": window})
            for low, high in ((2.0, 3.0), (2.5, 3.5), (3.0, 4.0), (3.0, 5.0), (4.0, 5.0))
            for window in windows
        ),
        *(Candidate("b", {"window": window}) for window in windows),
        *(Candidate("c", {"window": window}) for window in windows),
    ]


def cheapest(tried: list[dict[str, Any]]) -> dict[str, Candidate]:
    """Of each rule the candidate with the least sum over the earlier starts: what is then played everywhere.

    Args:
        tried: candidates with their `rule`, `settings` and `totals`.
    """
    found = {}
    for rule in RULES:
        some = [one for one in tried if one["rule"] == rule]
        best = min(some, key=lambda one: sum(one["totals"]))
        found[rule] = Candidate(rule, dict(best["settings"]))
    return found
