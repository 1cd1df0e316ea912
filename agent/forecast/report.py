"""ForecastReport: what a forecast is when it leaves skucast, as one JSON object with a published, versioned schema."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, TypeAdapter

from ...prompts.messages.say import ENGLISH, say
from ...tools.data.freq import Freq
from ...tools.files import has_lines
from ...tools.messages import Message, figures

Units = float
Quantiles = dict[str, Units]


class _Model(BaseModel):
    """A part of a report: equal to another where the same would be written of both."""

    model_config = ConfigDict(extra="forbid")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__


class Request(_Model):
    """What was asked."""

    unique_id: str
    horizon: int = Field(ge=1, description="periods ahead")
    source: str = Field(description="where the panel came from")
    source_digest: str = Field(description="digest of the input data")


class Step(_Model):
    """One period ahead, in units per period."""

    ds: date
    mean: Units
    quantiles: Quantiles = Field(description="q0.1 … q0.9, non-decreasing, never negative")


class Total(_Model):
    """Units over the whole horizon. Its quantiles come from sample paths; they are not sums of the steps' quantiles."""

    mean: Units
    quantiles: Quantiles


class Evidence(_Model):
    """What one tool found. Every number an explanation may use stands here."""

    id: str = Field(pattern=r"^E\d+$")
    tool: str
    text: str
    facts: dict[str, float | str] = Field(description="the numbers and dates in `text`, as shown there")
    _message: Message | None = PrivateAttr(default=None)

    @classmethod
    def of(cls, number: int, tool: str, message: Message) -> "Evidence":
        """Evidence number such and such: a message in English, and its figures."""
        made = cls(id=f"E{number}", tool=tool, text=say(message), facts=figures(message))
        made._message = message
        return made

    @property
    def message(self) -> Message | None:
        """The message, in no language yet; None of evidence that was read from JSON."""
        return self._message

    def in_language(self, lang: str) -> "Evidence":
        """The same in a language; as it is where its message is not known."""
        return self.model_copy(update={"text": say(self._message, lang)}) if self._message else self


class Driver(_Model):
    """One reason behind the forecast, computed by code, with the evidence it stands on."""

    name: str
    text: str
    evidence: str


class Claim(_Model):
    """A number in the explanation, and the evidence that holds it."""

    number: str
    evidence: str


class Explanation(_Model):
    """Why the forecast is what it is. Every number in `text` is in `claims`."""

    text: str
    author: Literal["llm", "template"]
    claims: list[Claim]
    rejected: str | None = Field(default=None, description="why the LLM's own text was not used")


class LLMPart(_Model):
    """What the LLM added, and what it earned on the series' last validation window, and over other series."""

    engine: str
    engine_digest: str
    weight: float = Field(ge=0, le=1, description="share of the LLM in each quantile; the base forecast has the rest")
    witness_weight: float | None = Field(
        default=None,
        description="share earned over other series together, which can lower `weight` below what was best on the "
        "series' own window; None where none were asked",
    )
    validation_cutoff: date | None = Field(description="the validation window starts after this period")
    validation_periods: int | None = Field(default=None, description="how many periods it has: the horizon, or more")
    validation_loss_llm: float | None = Field(description="mean pinball loss on the validation window, units")
    validation_loss_base: float | None
    samples: int = Field(description="answers asked for a window")
    unusable: int = Field(description="answers that were not a forecast, on all windows asked")
    steps: list[Quantiles] | None = Field(
        description="the LLM's own quantiles a step, before combination; None where it earned nothing and was not asked"
    )


class BasePart(_Model):
    """The forecast that stands without the LLM: the statistical ensemble, the combined tools, or analogues."""

    members: list[str]
    steps: list[Quantiles] = Field(description="the base quantiles a step, before combination with the LLM")


class GroupPart(_Model):
    """One series of a group."""

    unique_id: str
    name: str = Field(description="a few words of it; empty where there are none")
    mean: Units = Field(description="expected units over the horizon, reconciled: the means of all parts add up")
    own_mean: Units = Field(description="the same in a report of the series by itself, which knows of no total")
    share: float | None = Field(description="of the group's mean; None where that is 0")


class Reconciliation(_Model):
    """How the forecast of a group agrees with those of its series."""

    method: Literal["bottom-up", "reconciled"] = Field(
        description="sums of the series' own sample paths; or of those, scaled to a forecast of all series' total"
    )
    draws: int = Field(description="sample paths; 0 of one series, whose own report it is")
    correlation: float = Field(description="between two series' errors in the same period, learned from the past")


class GroupOf(_Model):
    """The group that a report is the total of. The means of its parts add up to the report's."""

    column: str = Field(description="a static column, or `all`")
    value: str | None = Field(description="of the column; None of all series, and of those that have none")
    series: list[str] = Field(description="every series that is counted")
    left_out: list[str] = Field(description="series whose sales end before the panel's last period: counted as none")
    share: float | None = Field(description="of the mean of all groups together; None where that is not known, or 0")
    parts: list[GroupPart] = Field(description="the biggest series by mean, biggest first")
    rest: Units = Field(description="expected units of the series that are not in `parts`")
    engine: str | None = Field(description="the LLM that was asked for the series; None where none was")
    llm_weight: float = Field(description="its share in the series' forecasts, weighed by their means")
    reconciliation: Reconciliation


class SignalPart(_Model):
    """A signal that was read from a note, and what it does to the forecast."""

    id: str
    note: str = Field(description="id of the note")
    source: str
    published: date
    kind: str
    start: date
    end: date | None = Field(description="None is until further notice")
    scope: list[str] = Field(description="column=value, or all")
    size: float | None = Field(description="times the usual, as the note says; None where it does not")
    certainty: float = Field(ge=0, le=1)
    quote: str = Field(description="the note's words: text from outside")
    applied: bool = Field(description="the forecast follows it: a person, or the rule of a batch, approved it")
    column: str = Field(description="a column that tells the same, so that it changes nothing; empty of none")
    times: float | None = Field(description="times the usual that it sells: the median; None where that is not known")
    times_low: float | None
    times_high: float | None
    like: tuple[int, int, int] = Field(
        description="past events that this was learned from: of the product, of its category, of all others"
    )
    periods: int = Field(description="periods of the horizon that it touches")
    units_without: Units = Field(description="expected in these periods without it")
    units_with: Units = Field(description="expected in these periods with it")


class SignalsPart(_Model):
    """What notes say of the horizon, and the forecast as it was without them."""

    reader: str
    signals: list[SignalPart]
    total_without: Total
    steps_without: list[Step]


class Timings(_Model):
    """Seconds of the run that made this report, shared equally by its series; tokens of this series."""

    base: float
    llm: float
    rest: float
    prompt_tokens: int
    completion_tokens: int


class ForecastReport(_Model):
    """A probabilistic forecast of one series with everything needed to trust or doubt it."""

    schema_version: Literal["1"] = "1"
    status: Literal["ok"] = "ok"
    skucast_version: str
    request: Request
    unique_id: str
    product: dict[str, str]
    freq: Freq
    cutoff: date = Field(description="the last period whose sales were seen")
    horizon: int = Field(ge=1)
    steps: list[Step]
    total: Total
    recent: list[float | None] = Field(description="the last known units a period, oldest first, for context")
    base: BasePart
    llm: LLMPart | None = Field(description="None where no engine was asked for")
    drivers: list[Driver]
    evidence: list[Evidence]
    explanation: Explanation
    warnings: list[str]
    prompt_digest: str = Field(description="digest of every template")
    timings: Timings
    group: GroupOf | None = Field(default=None, description="of the total of a group; None of a series")
    signals: SignalsPart | None = Field(
        default=None,
        exclude_if=lambda part: part is None,
        description="what notes say of the horizon; not there where none were read, or none touches it",
    )
    _notes: tuple[Message, ...] = PrivateAttr(default=())

    @property
    def reasons(self) -> list[tuple[str, Message]]:
        """The evidence: who computed it, and what it says; none of a report that was read from JSON."""
        return [(item.tool, item.message) for item in self.evidence if item.message]

    @property
    def notes(self) -> tuple[Message, ...]:
        """The warnings, in no language yet; none of a report that was read from JSON."""
        return self._notes

    def warned(self, notes: Sequence[Message], lang: str = ENGLISH) -> "ForecastReport":
        """The same report with these warnings, in a language."""
        made = self.model_copy(update={"warnings": [say(note, lang) for note in notes]})
        made._notes = tuple(notes)
        return made


class After(Protocol):
    """What changes a report that is made."""

    @property
    def digest(self) -> str:
        """Of all that decides how."""

    def __call__(self, report: ForecastReport) -> ForecastReport:
        """The report, changed; or as it is."""


class ForecastFailure(_Model):
    """A series that could not be forecast, in a batch: the run goes on, and its line says why."""

    schema_version: Literal["1"] = "1"
    status: Literal["failed"] = "failed"
    skucast_version: str
    unique_id: str
    error: str


Line = Annotated[ForecastReport | ForecastFailure, Field(discriminator="status")]
LINE: TypeAdapter[ForecastReport | ForecastFailure] = TypeAdapter(Line)


def is_reports(path: Path) -> bool:
    """Whether a file holds such lines and nothing else; a half one at the end may be."""
    return has_lines(path, LINE.validate_json, '{"schema_version":')
