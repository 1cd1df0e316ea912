"""Reports that follow signals: steps, total and evidence with what a person approved, beside what they were without."""

import hashlib
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...prompts.messages.say import ENGLISH
from ...prompts.render import render
from ...tools.data.groups import ALL
from ...tools.forecast.paths import sample_paths
from ...tools.insight.drivers import drivers
from ...tools.messages import Change, Fact, Message, Quoted, Times, Units, message
from ...tools.quantiles import LEVELS, Array, level_name, monotone
from ...tools.text.impact import Impact, SignalBook
from ...tools.text.screen import clean
from ...tools.text.signals import Scope
from .evidence import gather
from .explain import SIGNAL, templated, told
from .forecaster import PATHS
from .grounding import ground
from .report import Evidence, Explanation, ForecastReport, Quantiles, SignalPart, SignalsPart, Step, Total

NAMED = 24  # characters of a note's id that are shown
REWRITTEN = "notes changed the forecast after the LLM wrote of it"


@dataclass(frozen=True)
class Follows:
    """Changes reports by a book's approved signals.

    Attributes:
        book: what notes say.
        seed: of every random draw.
        lang: of the reports' texts.
    """

    book: SignalBook
    seed: int = 0
    lang: str = ENGLISH

    @property
    def digest(self) -> str:
        """Of the signals, and which of them are approved."""
        said = [repr(one) for one in self.book.signals]
        return hashlib.sha256(repr([said, sorted(self.book.approved), self.book.most]).encode()).hexdigest()[:12]

    def __call__(self, report: ForecastReport) -> ForecastReport:
        """A report with what notes say of its horizon; as it is where they say nothing of it.

        Paths are drawn anew from the report's quantiles, and the approved signals applied to them. Each of the report's
        quantiles, of a period or of the total, is multiplied as that of the paths was. What no signal touches is as it
        was.
        """
        if report.group is not None:
            return report
        steps = [pd.Timestamp(step.ds) for step in report.steps]
        impacts = self.book.impacts(report.unique_id, steps)
        if not impacts:
            return report
        before = np.array([[step.quantiles[level_name(level)] for level in LEVELS] for step in report.steps])
        past = self.book.panel.past_of(report.unique_id)["y"].to_numpy(dtype=float)
        plain = sample_paths(before, past, n=PATHS, seed=self.seed)
        paths, parts, found = plain, [], []
        for place, one in enumerate(impacts):
            applied = one.signal.id in self.book.approved
            start = paths if applied else plain
            made = one.on(start, self.seed + place + 1)
            part = _part(one, start, made, applied=applied)
            parts.append(part)
            if applied and not one.column:
                paths = made
                found.append(part)
        kept = SignalsPart(
            reader=self.book.reader, signals=parts, total_without=report.total, steps_without=list(report.steps)
        )
        if not found:
            return report.model_copy(update={"signals": kept})
        touched = np.max([one.shares for one in impacts], axis=0) > 0
        after = [
            _step(step, plain[:, h], paths[:, h])
            if touched[h] and not np.array_equal(plain[:, h], paths[:, h])
            else step
            for h, step in enumerate(report.steps)
        ]
        changed = report.model_copy(
            update={
                "steps": after,
                "total": _total(report.total, plain.sum(axis=1), paths.sum(axis=1)),
                "signals": kept,
            }
        )
        return self._told(changed, found)

    def _told(self, report: ForecastReport, parts: list[SignalPart]) -> ForecastReport:
        """With evidence of the new forecast and of each signal, and an explanation of that."""
        ahead = [pd.Timestamp(step.ds) for step in report.steps]
        own = self.book.panel.select([report.unique_id])
        reasons = drivers(own, report.unique_id, report.horizon, report.total.quantiles[level_name(0.5)])
        (first, *rest), named = gather(report.total, ahead, report.freq, reasons, report.llm)
        count = len(rest) + 1
        found = [Evidence.of(count + place, SIGNAL, effect_message(part)) for place, part in enumerate(parts, 1)]
        evidence = [item.in_language(self.lang) for item in (first, *found, *rest)]
        texts = {item.id: item.text for item in evidence}
        named = [one.model_copy(update={"text": texts[one.evidence]}) for one in named]
        by_llm = report.explanation.author == "llm"
        if self.lang == ENGLISH:
            explanation = templated(evidence, REWRITTEN if by_llm else None)
        else:
            text = " ".join(render("explanation", facts=[item.text for item in told(evidence)]).split())
            explanation = Explanation(text=text, author="template", claims=ground(text, evidence)[0])
        return report.model_copy(update={"evidence": evidence, "drivers": named, "explanation": explanation})


def effect_message(part: SignalPart) -> Message:
    """What a signal does to a forecast, with and without, and what that was learned from."""
    facts: dict[str, Fact] = {
        "note": Quoted(clean(part.note)[:NAMED]),
        "published": part.published,
        "kind": message(f"signals-kind-{part.kind}"),
        "first": part.start,
        "with": Units(part.units_with),
        "without": Units(part.units_without),
        "periods": part.periods,
        "like": sum(part.like),
    }
    if part.end is not None:
        facts["last"] = part.end
    until = "" if part.end is not None else "-open"
    if part.times is None:
        return Message(f"signals-wider{until}", facts)
    change = 100 * (part.units_with / part.units_without - 1) if part.units_without > 0 else 0.0
    return Message(f"signals-effect{until}", facts | {"change": Change(change), "times": Times(part.times)})


def scope_text(scope: Scope) -> str:
    """A scope as `column=value`, or `all`."""
    return ALL if scope.column == ALL else f"{scope.column}={scope.value}"


def _part(one: Impact, before: Array, after: Array, *, applied: bool) -> SignalPart:
    signal, effect, held = one.signal, one.effect, one.shares > 0
    return SignalPart(
        id=signal.id,
        note=signal.note,
        source=signal.source,
        published=signal.published.date(),
        kind=signal.kind,
        start=signal.start,
        end=signal.end,
        scope=[scope_text(scope) for scope in signal.scope],
        size=signal.size,
        certainty=signal.certainty,
        quote=clean(signal.quote),
        applied=applied,
        column=one.column,
        times=None if effect is None else _round(effect.ratio),
        times_low=None if effect is None else _round(effect.low),
        times_high=None if effect is None else _round(effect.high),
        like=effect.events if effect else (0, 0, 0),
        periods=int(held.sum()),
        units_without=_round(float(before[:, held].sum(axis=1).mean())),
        units_with=_round(float(after[:, held].sum(axis=1).mean())),
    )


def _step(step: Step, plain: Array, paths: Array) -> Step:
    return Step(ds=step.ds, mean=_mean(step.mean, plain, paths), quantiles=_scaled(step.quantiles, plain, paths))


def _total(total: Total, plain: Array, paths: Array) -> Total:
    return Total(mean=_mean(total.mean, plain, paths), quantiles=_scaled(total.quantiles, plain, paths))


def _mean(mean: float, plain: Array, paths: Array) -> float:
    return _round(mean * float(paths.mean()) / float(plain.mean()) if plain.mean() > 0 else float(paths.mean()))


def _scaled(quantiles: Quantiles, plain: Array, paths: Array) -> Quantiles:
    """Quantiles times what happened to the same ones of the paths; those of the paths where there was nothing."""
    before, after = np.quantile(plain, LEVELS), np.quantile(paths, LEVELS)
    said = np.array([quantiles[level_name(level)] for level in LEVELS])
    return _quantiles(monotone(np.where(before > 0, said * after / np.where(before > 0, before, 1.0), after)))


def _quantiles(values: Array) -> Quantiles:
    return {level_name(level): _round(float(value)) for level, value in zip(LEVELS, values, strict=True)}


def _round(value: float) -> float:
    return round(value, 4)
