"""The workbench: from what was asked for to data, forecaster, desk and models, wired once for every face."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ..prompts.messages.say import ENGLISH
from ..tools.data.address import shown
from ..tools.errors import InputError
from .engines import DEFAULT_ENGINE, Engine

if TYPE_CHECKING:  # what a face does not use it does not wait for
    import pandas as pd
    from langchain_core.language_models import BaseChatModel

    from ..tools.data.events import Events
    from ..tools.data.panel import Panel
    from ..tools.data.read import Source
    from ..tools.data.stock import Stock
    from ..tools.decide.policy import Policy
    from ..tools.text.impact import SignalBook
    from ..tools.text.index import NoteIndex
    from .batch.cluster import RayWork
    from .chat.desk import Desk
    from .faces.signals import Wanted
    from .forecast.base import BlockedBase, CombinedBase
    from .forecast.forecaster import Forecaster
    from .forecast.signals import Follows

WITNESSES = 64  # series that are read before a batch begins


@dataclass(frozen=True)
class Workbench:
    """What was asked for. It can be pickled: a worker elsewhere makes the same of it.

    Attributes:
        data: file, folder, glob or database, as `tools.data.read.open_source` takes it.
        demo: the demo data instead.
        freq: of the demo data.
        schema: TOML file that says which column is which; None looks beside the data.
        sql: a query over the data.
        quick: statistics alone: neither the combined tools, which learn over all series first, nor an LLM's forecast.
        country: ISO code for public holidays; None is the United States for the demo data.
        engine: spec of the LLM; `none` is statistics alone.
        model: the slot model by name, folder or address; `none` lets the engine write digits.
        router: who chooses the chat's tools: a router by name or folder, `engine` or `rules`.
        notes: file or folder of dated notes; None has those of the demo data, where that is used.
        explain: who writes explanations; None leaves it to the face.
        samples: LLM answers a window.
        shots: worked examples in the prompt.
        seed: of every random draw.
        lang: of what people read.
        declared: fields of the schema that go before those of the file.
        stock: file of what is on hand and on order, for the chat; None where there is none.
        policy: TOML file of how orders are placed, for the chat; None is the defaults.
        deliveries: file of past deliveries of suppliers, for the chat.
        events: file of what customers did, for the chat; None has that of the demo's households, where that is used.
        signals: what is asked of the notes of the chat; None where no signals are read.
    """

    data: str | None = field(default=None, repr=False)  # its address may hold a password
    demo: bool = False
    freq: Literal["W", "D"] = "W"
    schema: Path | None = None
    sql: str | None = None
    quick: bool = False
    country: str | None = None
    engine: str = DEFAULT_ENGINE
    model: str = "default"
    router: str = "router"
    notes: Path | None = None
    explain: Literal["llm", "template"] | None = None
    samples: int = 5
    shots: int = 1
    seed: int = 0
    lang: str = ENGLISH
    declared: Mapping[str, Any] = field(default_factory=dict)
    stock: str | None = field(default=None, repr=False)
    policy: Path | None = None
    deliveries: str | None = None
    events: str | None = field(default=None, repr=False)
    signals: "Wanted | None" = None

    def source(self, progress: Callable[[str, float], None] | None = None) -> "Source":
        """The data, opened anew.

        Args:
            progress: called with what is being made of the demo data, and the share done.

        Raises:
            InputError: none or two were named, or it cannot be used.
        """
        if self.demo and self.data is not None:
            raise InputError(f"either a file ({shown(self.data)}) or --demo, not both")
        if self.demo:
            from ..tools.data.demo import complete_journey_source

            return complete_journey_source(self.freq, progress=progress)
        if self.data is None:
            raise InputError("no data: name a CSV, Parquet or DuckDB file, or use --demo")
        from ..tools.data.read import open_source

        return open_source(self.data, schema=self.schema, sql=self.sql, declared=self.declared)

    def forecaster(
        self,
        panel: "Panel",
        *,
        explain: Literal["llm", "template"] = "llm",
        read: "Callable[[Sequence[str]], Panel | None] | None" = None,
        catalogue: Sequence[str] = (),
        blocks: bool = True,
        start: bool = True,
        learns: bool = True,
    ) -> "Forecaster":
        """What forecasts.

        Args:
            panel: the series on whose last known window the model earns its part.
            explain: who explains, where that was not asked for.
            read: gives the panel of some series of the catalogue, which the combined tools learn from.
            catalogue: the series of a batch; the panel's when left out.
            blocks: a large catalogue is learned from in blocks; False learns from all of it, to be handed elsewhere.
            start: vLLM in this process at once, and not when it is first asked for.
            learns: False where what was learned is handed in later.

        Raises:
            InputError: there is no such model, or its server does not answer.
        """
        from .engines.opening import open_llm, open_slots, writing
        from .forecast.forecaster import Forecaster
        from .forecast.witnesses import Witnesses

        llm = None if self.quick else open_llm(writing(self.engine, self.model), start=start)
        return Forecaster(
            llm,
            samples=self.samples,
            shots=self.shots,
            explanations=self.explain or (explain if self.lang == ENGLISH else "template"),
            seed=self.seed,
            slots=None if self.quick else open_slots(self.model, self.engine, start=start),
            tools=self._combined(panel, read, catalogue, blocks) if learns and not self.quick else None,
            witnesses=Witnesses(panel),
            lang=self.lang,
        )

    def weights(self) -> list[Path] | None:
        """Folders of the models that a forecast asks in this process; None where another engine is asked.

        Raises:
            InputError: there is no such model.
        """
        from .models.registry import find
        from .models.store import require_default

        if self.quick or self.engine == "none":
            return []
        if self.engine != DEFAULT_ENGINE or "@http" in self.model or self.model.startswith("vllm:"):
            return None
        named = [] if self.model == "none" else [find(self.model), find("writer")]
        return [*named, require_default()]

    @property
    def place(self) -> str:
        """Where the data lies: by this its ledger is found, as its content changes."""
        return f"demo {self.freq}" if self.demo else self.data or ""

    def settings(self, source: "Source") -> list[object]:
        """All that decides a report beside the data, the series, the horizon and the weights."""
        asked = [self.quick, self._home, self.engine, self.model, self.explain, self.samples, self.shots, self.seed]
        return [*asked, self.lang, source.name, source.digest]

    def desk(self, source: "Source | None" = None) -> "Desk":
        """What a session works on; its forecasts are in English, and a face puts them into the person's language.

        Args:
            source: the data, where it is open already.

        Raises:
            InputError: data, models or notes cannot be used.
        """
        from ..tools.data.deliveries import read_deliveries
        from ..tools.data.on_hand import panel_stock
        from ..tools.data.stock import with_suppliers
        from ..tools.decide.lines import LONGEST, checked
        from ..tools.decide.policy import Policy, read_policy
        from ..tools.decide.supplier_leads import policy_of_suppliers, with_deliveries
        from .chat.desk import Desk

        policy = Policy() if self.policy is None else read_policy(self.policy)
        source = source or self.source()
        panel = source.panel()
        checked(policy, panel.freq)
        held = None if self.stock is None else self.held(panel, self.stock, policy)
        if self.deliveries is not None:
            held = with_deliveries(held or panel_stock(panel), read_deliveries(self.deliveries))
            policy, said = policy_of_suppliers(policy, held, panel.freq, LONGEST[panel.freq])
            held = replace(held, findings=(*held.findings, *said))
        return Desk(
            panel if held is None else with_suppliers(panel, held),
            replace(self, lang=ENGLISH).forecaster(panel, explain="template"),
            notes=self.note_index(),
            signals=None if self.signals is None else cache(partial(self.book, self.signals, panel)),
            health=source.health(),
            source=source.name,
            source_digest=source.digest,
            country=self._home or "US",
            stock=held,
            policy=policy,
            events=self.customers(),
        )

    def customers(self) -> "Callable[[], Events] | None":
        """Gives what customers did: of a file, read at once, or of the demo's households, when it is first asked for.

        Raises:
            InputError: the file cannot be used.
        """
        if self.events is not None:
            from ..tools.data.event_table import read_events

            known = read_events(self.events)
            return lambda: known
        if not self.demo:
            return None
        from ..tools.data.demo_events import complete_journey_events

        return cache(complete_journey_events)

    def book(self, asked: "Wanted", panel: "Panel") -> "SignalBook":
        """What notes say of a panel's products, as of its cutoff.

        Raises:
            InputError: the notes or the engine that is to read them cannot be used.
        """
        from .engines.opening import open_llm
        from .faces.signals import read

        return read(asked, panel, open_llm(self.engine) if asked.reader == "engine" else None)

    def follows(self, book: "SignalBook") -> "Follows":
        """What changes reports by a book's approved signals."""
        from .forecast.signals import Follows

        return Follows(book, self.seed, self.lang)

    def held(self, panel: "Panel", stock: str, policy: "Policy") -> "Stock":
        """What a stock file says of a panel's products.

        Raises:
            InputError: it cannot be used.
        """
        from ..tools.data.freq import span_of
        from ..tools.data.stock import read_stock
        from ..tools.decide.lines import reach

        last = span_of(panel.cutoff, panel.freq).last
        ids, limits = panel.unique_ids, reach(policy, panel.freq)
        return read_stock(stock, ids, last, panel.freq, schema=panel.schema, **limits)

    def caller(self, desk: "Desk", writer: Callable[[], Engine | None] | None = None) -> "BaseChatModel":
        """The model that chooses the tools of a session.

        Args:
            desk: of the session.
            writer: gives the LLM that says why a forecast is so; the desk's own, in English, when left out.

        Raises:
            InputError: there is no such model.
        """
        from .chat.callers import open_caller

        own = desk.forecaster.engine if self.lang == ENGLISH else None
        writer = writer or (None if own is None else lambda: own)
        return open_caller(self.router, self.engine, desk.panel.unique_ids, writer)

    def note_index(self) -> "Callable[[], NoteIndex] | None":
        """Opens the index of the notes: of a person's, read now; of the demo data's, read when first asked for."""
        if self.notes is None and not self.demo:
            return None
        from ..tools.text.demo import demo_notes
        from ..tools.text.index import NoteIndex, open_notes
        from ..tools.text.notes import read_notes

        own = read_notes(self.notes) if self.notes is not None else None  # what is wrong with them is reported at once

        @cache
        def index() -> NoteIndex:
            made = open_notes()
            made.add(demo_notes() if own is None else own)
            return made

        return index

    def witnesses(self, source: "Source", ids: Sequence[str], cutoff: "pd.Timestamp | None" = None) -> "Panel":
        """The first series of a batch that can be used, as of a date: they show its calendar, and what a model earns.

        Raises:
            InputError: none can be used.
        """
        first = list(ids[:WITNESSES])
        panel = source.salvage(first)[0] or source.panel(first)
        return panel if cutoff is None else panel.before(cutoff)

    def parts(self, ids: Sequence[str], cutoff: "pd.Timestamp | None" = None) -> "tuple[Forecaster, Source]":
        """Forecaster and data of a batch in a worker elsewhere, which is handed what the combined tools learned."""
        source = self.source()
        return self.forecaster(self.witnesses(source, ids, cutoff), explain="template", learns=False), source

    def cluster(
        self,
        maker: "Forecaster",
        ids: Sequence[str],
        horizon: int,
        cutoff: "pd.Timestamp | None" = None,
        workers: int | None = None,
    ) -> "RayWork":
        """A batch's work on a Ray cluster.

        Args:
            maker: the batch's forecaster; its combined tools are learned once and handed to the workers.
            ids: the series of the batch.
            horizon: periods ahead.
            cutoff: forecast as of this date.
            workers: at most so many.
        """
        from .batch.cluster import RayWork
        from .forecast.base import CombinedBase

        return RayWork(
            partial(self.parts, list(ids[:WITNESSES]), cutoff),
            horizon,
            cutoff,
            workers,
            llm=self.llm_in_process,
            tools=maker.tools if isinstance(maker.tools, CombinedBase) else None,
        )

    @property
    def llm_in_process(self) -> bool:
        """Whether an LLM runs inside whoever forecasts, and not behind a server."""
        served = self.engine.startswith("openai:") and (self.model == "none" or "@http" in self.model)
        return not self.quick and self.engine != "none" and not served

    @property
    def _home(self) -> str | None:
        return self.country or ("US" if self.demo else None)

    def _combined(
        self,
        panel: "Panel",
        read: "Callable[[Sequence[str]], Panel | None] | None",
        catalogue: Sequence[str],
        blocks: bool,
    ) -> "CombinedBase | BlockedBase":
        from ..tools.forecast.models import Toolbox
        from .forecast.base import BLOCK, BlockedBase, CombinedBase

        toolbox = Toolbox(country=self._home, seed=self.seed)
        if read is None:
            return CombinedBase(panel, toolbox)
        if blocks and len(catalogue) > BLOCK:
            return BlockedBase(read, catalogue, toolbox)
        return CombinedBase(read(catalogue) or panel, toolbox)
