"""Reports of groups: the total of some series, on sample paths that their own forecasts are the parts of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import fsum

import numpy as np

from ... import __version__
from ...prompts.render import prompt_digest
from ...tools.data.cube import cube
from ...tools.data.groups import Group, total
from ...tools.data.panel import Panel
from ...tools.forecast.hierarchy import Dependence, group_paths, learned_dependence, ratio_to
from ...tools.forecast.statistical import base_forecasts
from ...tools.insight.drivers import drivers
from ...tools.messages import Message, Score, message
from ...tools.quantiles import LEVELS, Array, level_name
from .evidence import gather
from .explain import templated
from .forecaster import PATHS, RECENT_SHOWN, Forecaster, Progress, Stage
from .language import report_in
from .report import (
    BasePart,
    Evidence,
    ForecastReport,
    GroupOf,
    GroupPart,
    Quantiles,
    Reconciliation,
    Request,
    Step,
    Timings,
    Total,
)

SHOWN = 5  # biggest parts
FALLBACK = "Fallback"  # of the statistical forecast: of a past too short, or always the same
AT_ONCE = 256  # series whose whole reports are held


@dataclass(frozen=True)
class Part:
    """The forecast of one series, so far as the total of a group needs it.

    Attributes:
        unique_id: the series.
        quantiles: units per period, shape `[H, Q]`.
        steps: as its report has them.
        total: as its report has it.
        members: of its base forecast.
        engine: the LLM that was asked; None where none was.
        weight: the LLM's share.
        notes: its warnings, by their words.
        timings: of its report.
    """

    unique_id: str
    quantiles: Array
    steps: tuple[Step, ...]
    total: Total
    members: tuple[str, ...]
    engine: str | None
    weight: float
    notes: Mapping[str, Message]
    timings: Timings

    @classmethod
    def of(cls, report: ForecastReport) -> "Part":
        """What is kept of a report."""
        return cls(
            report.unique_id,
            np.array([[step.quantiles[level_name(level)] for level in LEVELS] for step in report.steps]),
            tuple(report.steps),
            report.total,
            tuple(report.base.members),
            report.llm.engine if report.llm else None,
            report.llm.weight if report.llm else 0.0,
            dict(zip(report.warnings, report.notes, strict=True)),
            report.timings,
        )


def forecast_parts(
    forecaster: Forecaster, panel: Panel, ids: Sequence[str], horizon: int, progress: Progress | None = None
) -> dict[str, Part]:
    """The forecasts of those of these series whose sales reach to the panel's last period, by unique_id.

    Args:
        forecaster: makes them; their explanations are by template, for nobody reads them here.
        panel: what is known.
        ids: the series.
        horizon: periods ahead.
        progress: called with the stage, how many series are done, and of how many.

    Raises:
        InputError: the horizon is out of range, or a series is unknown.
    """
    plain = replace(forecaster, explanations="template")
    wanted = [uid for uid in ids if panel.cutoff_of(uid) == panel.cutoff]
    made: dict[str, Part] = {}
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]

        def tell(stage: Stage, done: int, of: int, before: int = start) -> None:
            if progress and stage == "learn":  # from all series, once
                progress(stage, done, of)
            elif progress:
                progress(stage, before + done, max(len(wanted), before + of))

        made |= {one.unique_id: Part.of(one) for one in plain.forecast(panel, some, horizon, progress=tell)}
    return made


@dataclass(frozen=True)
class GroupForecaster:
    """Makes the reports of groups from the forecasts of their series.

    Attributes:
        panel: what is known: of all series, from whose past it is learned how far their errors go together.
        horizon: periods ahead.
        parts: the forecasts of all series, of `forecast_parts`.
        own: quantiles of all series' total forecast as one, `[H, Q]`, of `own_total`; None where there is none.
        source: name of the data.
        source_digest: of the data.
        seed: of every random draw.
        lang: of the texts.
    """

    panel: Panel
    horizon: int
    parts: Mapping[str, Part]
    own: Array | None = None
    source: str = "panel"
    source_digest: str = ""
    seed: int = 0
    lang: str = "en"

    def reports(self, groups: Mapping[Group, Sequence[str]]) -> list[ForecastReport]:
        """One report a group, the biggest first; those whose series all ended before the panel does have none.

        Args:
            groups: the series of each. Their shares are of what they are together.
        """
        counted = {group: [uid for uid in ids if uid in self.parts] for group, ids in groups.items()}
        counted = {group: ids for group, ids in counted.items() if ids}
        members = [np.array([self._places[uid] for uid in ids]) for ids in counted.values()]
        drawn, means = group_paths(
            self._quantiles, members, self._dependence, n=PATHS, seed=self.seed, ratio=self._ratio
        )
        units = np.round(means, 4)
        everything = fsum(self._mean(uid, units) for ids in counted.values() for uid in ids)
        made = []
        for (group, ids), paths in zip(counted.items(), drawn, strict=True):
            left = [uid for uid in groups[group] if uid not in self.parts]
            made.append(report_in(self._report(group, ids, left, paths, units, everything), self.lang))
        return sorted(made, key=lambda one: -one.total.mean)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {uid: row for row, uid in enumerate(self.panel.unique_ids)}

    @cached_property
    def _dependence(self) -> Dependence:
        return learned_dependence(cube(self.panel, 0).demand, self.horizon)

    @cached_property
    def _quantiles(self) -> Array:
        made = np.zeros((len(self._places), self.horizon, len(LEVELS)))
        for uid, part in self.parts.items():
            made[self._places[uid]] = part.quantiles
        return made

    @cached_property
    def _ratio(self) -> Array | None:
        if self.own is None:
            return None
        every = [np.array([self._places[uid] for uid in self.parts])]
        whole, _ = group_paths(self._quantiles, every, self._dependence, n=PATHS, seed=self.seed)
        return ratio_to(whole[0], self.own)

    def _mean(self, unique_id: str, units: Array) -> float:
        return _added(units[self._places[unique_id]].tolist())

    def _report(
        self, group: Group, ids: list[str], left: list[str], paths: Array, units: Array, everything: float
    ) -> ForecastReport:
        parts = [self.parts[uid] for uid in ids]
        summed = total(self.panel, [*ids, *left], group)
        uid, panel = group.unique_id, self.panel
        ahead = list(panel.steps_of(ids[0], self.horizon))
        levels, sums = np.quantile(paths, LEVELS, axis=0).T, np.quantile(paths.sum(axis=1), LEVELS)
        if self._alone(parts):
            levels = parts[0].quantiles
            sums = np.array([parts[0].total.quantiles[level_name(level)] for level in LEVELS])
        means = [_added(units[self._places[one], h] for one in ids) for h in range(self.horizon)]
        whole = Total(mean=_added(self._mean(one, units) for one in ids), quantiles=_quantiles(sums))
        reasons = drivers(summed, uid, self.horizon, whole.quantiles[level_name(0.5)])
        evidence, named = gather(whole, ahead, panel.freq, reasons, None)
        evidence.append(Evidence.of(len(evidence) + 1, "groups", self._coherent(parts)))
        y = summed.past_of(uid)["y"].to_numpy(dtype=float)
        draft = ForecastReport(
            skucast_version=__version__,
            request=Request(unique_id=uid, horizon=self.horizon, source=self.source, source_digest=self.source_digest),
            unique_id=uid,
            product={},
            freq=panel.freq,
            cutoff=panel.cutoff.date(),
            horizon=self.horizon,
            steps=[
                Step(ds=ds.date(), mean=mean, quantiles=_quantiles(step))
                for ds, mean, step in zip(ahead, means, levels, strict=True)
            ],
            total=whole,
            recent=[None if np.isnan(v) else round(float(v), 4) for v in y[-RECENT_SHOWN:]],
            base=BasePart(
                members=sorted({name for part in parts for name in part.members}),
                steps=[_quantiles(step) for step in levels],
            ),
            llm=None,
            drivers=named,
            evidence=evidence,
            explanation=templated(evidence),
            warnings=[],
            prompt_digest=prompt_digest(),
            timings=_timings([part.timings for part in parts]),
            group=self._group(group, parts, left, units, everything),
        )
        return draft.warned([*self._left_out(left), *_common(parts)])

    def _alone(self, parts: list[Part]) -> bool:
        """Whether a group is one series as it is: its own report holds, to the last draw."""
        return len(parts) == 1 and self.own is None

    def _group(self, group: Group, parts: list[Part], left: list[str], units: Array, everything: float) -> GroupOf:
        means = {part.unique_id: self._mean(part.unique_id, units) for part in parts}
        mean = _added(means.values())
        ranked = sorted(parts, key=lambda part: -means[part.unique_id])
        weight = fsum(part.weight * means[part.unique_id] for part in parts) / mean if mean else 0.0
        return GroupOf(
            column=group.column,
            value=group.value or None,
            series=[part.unique_id for part in parts],
            left_out=left,
            share=round(mean / everything, 4) if everything else None,
            parts=[
                GroupPart(
                    unique_id=part.unique_id,
                    name=self.panel.static_of(part.unique_id).get("description", ""),
                    mean=means[part.unique_id],
                    own_mean=part.total.mean,
                    share=round(means[part.unique_id] / mean, 4) if mean else None,
                )
                for part in ranked[:SHOWN]
            ],
            rest=_added(means[part.unique_id] for part in ranked[SHOWN:]),
            engine=next((part.engine for part in parts if part.engine), None),
            llm_weight=round(weight, 4),
            reconciliation=Reconciliation(
                method="bottom-up" if self.own is None else "reconciled",
                draws=0 if self._alone(parts) else PATHS,
                correlation=round(self._dependence.between, 4),
            ),
        )

    def _coherent(self, parts: list[Part]) -> Message:
        """How the forecast of a group was made of those of its series."""
        if self._alone(parts):
            return message("group-of-one")
        facts = {"count": len(parts), "correlation": Score(self._dependence.between)}
        if self.own is None:
            return Message("group-coherent", facts)
        return Message("group-reconciled", facts)

    def _left_out(self, left: list[str]) -> list[Message]:
        if not left:
            return []
        return [message("warning-left-out", count=len(left), end=self.panel.cutoff.date(), first=left[0])]


def own_total(forecaster: Forecaster, panel: Panel, parts: Mapping[str, Part], horizon: int) -> Array | None:
    """The statistical forecast of all series' total as one series, `[H, Q]`, with which their sum is reconciled.

    None where it would know less than the series' own forecasts: where those are of the combined tools, which see
    plans, or some are planned closed. None, too, of one series, and where the total is too short for a forecast.
    """
    if forecaster.tools is not None or len(parts) < 2:
        return None
    arrays = cube(panel, horizon)
    if arrays.closed[:, arrays.y.shape[1] :].any():
        return None
    made = base_forecasts(total(panel, list(parts), Group()), horizon)[Group().unique_id]
    return None if FALLBACK in made.members else made.quantiles


def ended(panel: Panel, groups: Mapping[Group, Sequence[str]]) -> list[Group]:
    """The groups whose series all ended before the panel does."""
    return [group for group, ids in groups.items() if all(panel.cutoff_of(uid) < panel.cutoff for uid in ids)]


def _added(means: Iterable[float]) -> float:
    """The sum of units with four decimals, which has four."""
    return round(fsum(means), 4)


def _quantiles(values: Array) -> Quantiles:
    return {level_name(level): round(float(value), 4) for level, value in zip(LEVELS, values, strict=True)}


def _common(parts: Sequence[Part]) -> list[Message]:
    """The warnings that all of the series' forecasts have."""
    first, *rest = parts
    return [note for words, note in first.notes.items() if all(words in part.notes for part in rest)]


def _timings(some: Sequence[Timings]) -> Timings:
    return Timings(
        base=round(fsum(one.base for one in some), 4),
        llm=round(fsum(one.llm for one in some), 4),
        rest=round(fsum(one.rest for one in some), 4),
        prompt_tokens=sum(one.prompt_tokens for one in some),
        completion_tokens=sum(one.completion_tokens for one in some),
    )
