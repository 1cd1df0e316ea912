"""The Forecaster: base ensemble and LLM, weighed on the last known window, combined, explained, reported."""

import functools
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from ... import __version__
from ...prompts.chats import Shot, choose_shots
from ...prompts.context import sales_context
from ...prompts.messages.say import ENGLISH
from ...prompts.render import prompt_digest
from ...tools.data.freq import ByFreq
from ...tools.data.notices import notices
from ...tools.data.panel import Panel
from ...tools.errors import InputError
from ...tools.forecast.paths import sample_paths, schaake_paths
from ...tools.forecast.statistical import BaseForecast, base_forecasts
from ...tools.forecast.weights import LearnedWeight, learned_weight
from ...tools.insight.drivers import drivers
from ...tools.messages import Message, Refusal, message
from ...tools.quantiles import LEVELS, Array, average, level_name, monotone
from ..engines.base import Completion, Engine, EngineError
from .base import ANALOGUES, BlockedBase, CombinedBase, Steps, before_last, cold_starts
from .evidence import gather
from .explain import explain, templated
from .language import report_in
from .prompted import LLMForecast, llm_forecasts
from .report import After, BasePart, Explanation, ForecastReport, LLMPart, Quantiles, Request, Step, Timings, Total
from .slots import read_slots, why_not
from .witnesses import Witnesses

if TYPE_CHECKING:
    from ..engines.slots import SlotEngine

MAX_HORIZON = 366
PATHS = 1000
TESTED = ByFreq({"D": 7, "W": 4, "M": 3})  # periods on which the LLM is tested, at least
RECENT_SHOWN = 60

Stage = Literal["learn", "base", "llm", "explain"]
Progress = Callable[[Stage, int, int], None]


@dataclass(frozen=True)
class _LLMResult:
    """What the LLM forecast of the validation window, its learned weights, its forecast ahead, or why there is none.

    `share` is its weight learned on the witnesses; None where there were none. `tested` periods make the
    window. `untrained` says why nothing was asked.
    """

    validation: dict[str, LLMForecast] = field(default_factory=dict)
    weights: dict[str, LearnedWeight] = field(default_factory=dict)
    ahead: dict[str, LLMForecast] = field(default_factory=dict)
    share: float | None = None
    tested: int = 0
    failure: str | None = None
    untrained: Message | None = None


@dataclass
class Forecaster:
    """Makes ForecastReports from a panel.

    Attributes:
        engine: the LLM; None gives the base ensemble alone.
        samples: LLM answers a window.
        shots: worked examples in the prompt, from the panel's own past.
        explanations: written by the LLM and checked, or by template.
        ask_all: ask the LLM for the window ahead also where its weight on the last known one is 0, as a study needs.
        seed: of every random draw.
        workers: processes for the statistics; None chooses by the number of series.
        slots: the fine-tuned model that forecasts; None lets the engine write its forecast in digits.
        tools: the combined tools as the base; None for the statistical ensemble, which also stands in where they have
            no forecast: of series that end before the others, or too short to learn from.
        witnesses: series on whose last known window the fine-tuned model earns a share that every series begins with;
            None, and each begins with none.
        lang: of the reports' texts; checked in English first, and the LLM's own words stay.
        after: changes a report that is made, as approved signals do; None changes none.
    """

    engine: Engine | None
    samples: int = 5
    shots: int = 1
    explanations: Literal["llm", "template"] = "llm"
    ask_all: bool = False
    seed: int = 0
    workers: int | None = None
    slots: "SlotEngine | None" = None
    tools: CombinedBase | BlockedBase | None = None
    witnesses: Witnesses | None = None
    lang: str = ENGLISH
    after: After | None = None

    @property
    def model(self) -> "SlotEngine | Engine | None":
        """The model whose forecast is weighed against the base."""
        return self.slots or self.engine

    def forecast(
        self,
        panel: Panel,
        unique_ids: Sequence[str],
        horizon: int,
        *,
        source: str = "panel",
        source_digest: str = "",
        progress: Progress | None = None,
    ) -> list[ForecastReport]:
        """Forecast each series from its own last period; whatever came after `panel`'s cut has no way in.

        Args:
            panel: what is known. To forecast as of an earlier date hand in `panel.before(cutoff)`.
            unique_ids: the series wanted, in the order of the answer.
            horizon: periods ahead, 1 to 366.
            source: name of the data, for the report.
            source_digest: digest of the data, for the report.
            progress: called with the stage, how many series are done, and of how many.

        Returns:
            One report a series, in order.

        Raises:
            InputError: the horizon is out of range, or a series is unknown.
        """
        if not 1 <= horizon <= MAX_HORIZON:
            raise InputError(f"horizon {horizon}: expected 1 to {MAX_HORIZON} periods")
        chosen = panel.select(unique_ids)
        tell: Progress = progress or (lambda stage, done, of: None)
        ids = list(dict.fromkeys(str(uid) for uid in unique_ids))
        started = time.perf_counter()
        tell("base", 0, len(ids))
        cold = cold_starts(panel, ids, horizon)
        learned = [uid for uid in ids if uid not in cold and chosen.cutoff_of(uid) == panel.cutoff]
        base = self.base(chosen, learned, horizon, functools.partial(tell, "learn")) | cold
        kept = [one.then for one in base.values() if one.then is not None]
        tested = len(kept[0]) if kept else max(horizon, TESTED[panel.freq])
        untrained = why_not(self.slots, chosen.freq, horizon) if self.slots else None
        asked = self.model is not None and untrained is None
        validation = before_last(chosen, tested, cold) if asked else None
        base_then = self._stood(validation, base, tested) if validation else {}
        tell("base", len(ids), len(ids))
        base_seconds = time.perf_counter() - started

        answers = self._ask(panel, chosen, validation, base_then, horizon, tested, tell) if asked else _LLMResult()
        answers = replace(answers, untrained=untrained)
        llm_seconds = time.perf_counter() - started - base_seconds
        drafts = [self._draft(chosen, uid, horizon, base[uid], answers) for uid in ids]
        explained_at = time.perf_counter()
        explanations, written = self._explain(drafts, tell)
        llm_seconds += time.perf_counter() - explained_at
        rest = time.perf_counter() - started - base_seconds - llm_seconds
        reports = []
        for draft, explanation, answer in zip(drafts, explanations, written, strict=True):
            parts = [answers.ahead.get(draft.unique_id), answers.validation.get(draft.unique_id), answer]
            timings = Timings(
                base=round(base_seconds / len(ids), 4),
                llm=round(llm_seconds / len(ids), 4),
                rest=round(rest / len(ids), 4),
                prompt_tokens=sum(part.prompt_tokens for part in parts if part),
                completion_tokens=sum(part.completion_tokens for part in parts if part),
            )
            request = Request(unique_id=draft.unique_id, horizon=horizon, source=source, source_digest=source_digest)
            made = draft.model_copy(update={"request": request, "explanation": explanation, "timings": timings})
            reports.append(report_in(self.after(made) if self.after else made, self.lang))
        return reports

    def base(
        self,
        chosen: Panel,
        learned: Sequence[str],
        horizon: int,
        progress: Steps | None = None,
        statistics: Callable[..., dict[str, BaseForecast]] = base_forecasts,
    ) -> dict[str, BaseForecast]:
        """The combined tools' forecasts of the series that they learn from, if asked for; the ensemble's else.

        Args:
            chosen: the series.
            learned: those that the combined tools may forecast.
            horizon: periods ahead.
            progress: called with how many of the models' forecasts are made, and of how many.
            statistics: makes the ensemble's, or knows them already.
        """
        here = set(chosen.unique_ids)
        ids = [uid for uid in learned if uid in here]
        made: dict[str, BaseForecast] = {}
        notes: tuple[Message, ...] = ()
        if self.tools and ids:
            try:
                made = self.tools.forecast(ids, horizon, chosen.cutoff_of(ids[0]), progress)
            except InputError as error:
                why = error.message if isinstance(error, Refusal) else str(error)
                notes = (message("warning-stands-in", why=why),)
        rest = [uid for uid in chosen.unique_ids if uid not in made]
        stand_in = statistics(chosen.select(rest), horizon, workers=self.workers) if rest else {}
        return made | {uid: replace(one, warnings=(*one.warnings, *notes)) for uid, one in stand_in.items()}

    def _stood(self, then: Panel, now: Mapping[str, BaseForecast], tested: int) -> dict[str, Array]:
        """What the base said of the last known window, `[tested, Q]` by unique_id: as it was kept, else made now."""
        kept = {uid: one.then for uid, one in now.items() if one.then is not None and np.isfinite(one.then).all()}
        stood = {uid: kept[uid] for uid in then.unique_ids if uid in kept}
        rest = [uid for uid in then.unique_ids if uid not in stood]
        made = base_forecasts(then.select(rest), tested, workers=self.workers) if rest else {}
        return stood | {uid: one.quantiles for uid, one in made.items()}

    def _ask(
        self,
        panel: Panel,
        chosen: Panel,
        validation: Panel | None,
        base_then: dict[str, Array],
        horizon: int,
        tested: int,
        tell: Progress,
    ) -> _LLMResult:
        """Ask the LLM for the last known window of every series, then for the one ahead where its weight is above 0."""
        if self.model is None or validation is None:
            return _LLMResult()
        shots: list[Shot] = []
        if self.slots is None:  # an example may hold nothing that a validation window has yet to show
            earliest = min(validation.cutoff_of(uid) for uid in validation.unique_ids)
            shots = choose_shots(panel.before(earliest), horizon, self.shots)

        def ask(of: Panel, ids: Sequence[str], before: int, horizon: int) -> dict[str, LLMForecast]:
            if not ids:
                return {}
            if self.slots is not None:
                return read_slots(
                    self.slots, of, ids, horizon, lambda done: tell("llm", before + done, before + len(ids))
                )
            assert self.engine is not None
            answers = llm_forecasts(
                self.engine,
                [sales_context(of, uid, horizon) for uid in ids],
                [shots] * len(ids),
                samples=self.samples,
                seed=self.seed,
                progress=lambda done: tell("llm", before + done, before + len(ids)),
            )
            return dict(zip(ids, answers, strict=True))

        try:
            share = None
            if self.slots and self.witnesses:
                share = self.witnesses.share(self.slots, functools.partial(self._stood_of, horizon), tested)
            then = ask(validation, validation.unique_ids, 0, tested)
            weights = {
                uid: learned_weight(
                    _last(chosen, uid, tested), base_then[uid], forecast.quantiles, prior_weight=share or 0.0
                )
                for uid, forecast in then.items()
                if forecast.quantiles is not None
            }
            wanted = [uid for uid in then if self.ask_all or (uid in weights and weights[uid].weight > 0)]
            ahead = ask(chosen, wanted, len(then), horizon)
        except EngineError as error:
            return _LLMResult(failure=str(error))
        return _LLMResult(then, weights, ahead, share, tested)

    def _stood_of(self, horizon: int, whole: Panel, then: Panel, tested: int) -> dict[str, Array]:
        """What the base said of the last known window of a panel's series."""
        return self._stood(then, self.base(whole, whole.unique_ids, horizon), tested)

    def _draft(
        self,
        chosen: Panel,
        uid: str,
        horizon: int,
        base: BaseForecast,
        answers: _LLMResult,
    ) -> ForecastReport:
        """The report with its templated explanation; request and timings are filled in at the end."""
        warnings = list(base.warnings)
        quantiles, llm = base.quantiles, None
        if answers.failure:
            warnings.append(message("warning-llm-silent", why=answers.failure, stands=_stands(base)))
        elif answers.untrained is not None:
            warnings.append(answers.untrained)
        elif self.model is not None:
            quantiles, llm = self._weigh(chosen, uid, base, answers, warnings)
        warnings.extend(notices(chosen, uid))
        y = chosen.past_of(uid)["y"].to_numpy(dtype=float)
        late = chosen.cutoff - chosen.cutoff_of(uid)
        if late.days > 0:
            warnings.append(message("warning-ended", end=chosen.cutoff_of(uid).date(), days=late.days))
        if base.ranks is None:
            paths = sample_paths(quantiles, y, n=PATHS, seed=self.seed)
        else:
            paths = schaake_paths(quantiles, base.ranks, n=PATHS, seed=self.seed)
        sums = paths.sum(axis=1)
        total = Total(mean=_round(float(sums.mean())), quantiles=_quantiles(np.quantile(sums, LEVELS)))
        ahead = list(chosen.steps_of(uid, horizon))
        reasons = drivers(chosen, uid, horizon, total.quantiles[level_name(0.5)])
        evidence, named = gather(total, ahead, chosen.freq, reasons, llm)
        draft = ForecastReport(
            skucast_version=__version__,
            request=Request(unique_id=uid, horizon=horizon, source="", source_digest=""),
            unique_id=uid,
            product=chosen.static_of(uid),
            freq=chosen.freq,
            cutoff=chosen.cutoff_of(uid).date(),
            horizon=horizon,
            steps=[
                Step(ds=ds.date(), mean=_round(float(paths[:, h].mean())), quantiles=_quantiles(quantiles[h]))
                for h, ds in enumerate(ahead)
            ],
            total=total,
            recent=[None if np.isnan(v) else _round(float(v)) for v in y[-RECENT_SHOWN:]],
            base=BasePart(members=base.models, steps=[_quantiles(step) for step in base.quantiles]),
            llm=llm,
            drivers=named,
            evidence=evidence,
            explanation=templated(evidence),
            warnings=[],
            prompt_digest=prompt_digest(),
            timings=Timings(base=0, llm=0, rest=0, prompt_tokens=0, completion_tokens=0),
        )
        return draft.warned(warnings)

    def _weigh(
        self,
        chosen: Panel,
        uid: str,
        base: BaseForecast,
        answers: _LLMResult,
        warnings: list[Message],
    ) -> tuple[Array, LLMPart]:
        """The combined quantiles and the LLM's part in them: its weight is learned on the last known windows."""
        assert self.model is not None
        then, learned, now = answers.validation.get(uid), answers.weights.get(uid), answers.ahead.get(uid)
        own = now.quantiles if now else None
        if then is None:
            warnings.append(message("warning-llm-untested", stands=_stands(base)))
        elif then.quantiles is None or (now is not None and own is None):
            warnings.append(message("warning-llm-unusable", stands=_stands(base)))
        weight, quantiles = 0.0, base.quantiles
        if learned is not None and own is not None and learned.weight > 0:
            weight = learned.weight
            quantiles = monotone(average([base.quantiles, own], [1 - weight, weight]))
        return quantiles, LLMPart(
            engine=self.model.name,
            engine_digest=self.model.digest,
            weight=round(weight, 4),
            witness_weight=None if answers.share is None else round(answers.share, 4),
            validation_cutoff=chosen.past_of(uid)["ds"].iloc[-answers.tested - 1].date() if learned else None,
            validation_periods=answers.tested if learned else None,
            validation_loss_llm=_loss(learned.loss_other) if learned else None,
            validation_loss_base=_loss(learned.loss_base) if learned else None,
            samples=1 if self.slots else self.samples,
            unusable=sum(part.unusable for part in (then, now) if part),
            steps=None if own is None else [_quantiles(step) for step in own],
        )

    def _explain(
        self, drafts: Sequence[ForecastReport], tell: Progress
    ) -> tuple[list[Explanation], Sequence[Completion | None]]:
        nobody: list[Completion | None] = [None] * len(drafts)
        if self.engine is None or self.explanations == "template":
            return [draft.explanation for draft in drafts], nobody
        try:
            return explain(
                self.engine,
                [draft.product.get("description") or draft.unique_id for draft in drafts],
                [draft.evidence for draft in drafts],
                progress=lambda done: tell("explain", done, len(drafts)),
            )
        except EngineError as error:
            reason = f"the LLM did not answer ({error})"
            return [templated(draft.evidence, reason) for draft in drafts], nobody


def _stands(base: BaseForecast) -> Message:
    """What stands where the LLM does not."""
    if ANALOGUES in base.members:
        return message("stands-analogues")
    return message("stands-ensemble" if base.ranks is None else "stands-combined")


def _round(value: float) -> float:
    """Units to four significant decimals: enough for rates of slow sellers, short in JSON."""
    return round(value, 4)


def _quantiles(values: Array) -> Quantiles:
    return {level_name(level): _round(float(value)) for level, value in zip(LEVELS, values, strict=True)}


def _last(panel: Panel, unique_id: str, horizon: int) -> Array:
    return panel.past_of(unique_id)["y"].to_numpy(dtype=float)[-horizon:]


def _loss(value: float) -> float | None:
    return None if np.isnan(value) else round(value, 4)
