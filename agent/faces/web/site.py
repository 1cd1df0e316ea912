"""What all pages share: the service, the work behind them, the catalogue, and what each browser has done."""

import asyncio
import uuid
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from ....tools.data.freq import Freq
from ....tools.data.horizon import DEFAULT_HORIZON
from ....tools.insight.overview import Overview, overview
from ...forecast.forecaster import Progress
from ..records import APPROVED, WITHDRAWN, Records, decision
from ..service import Asked, Service
from .basket import Basket, Baskets, Rec
from .catalogue import Catalogue
from .work import Job, Part, Work

PAGE = "web page"  # as the log names where orders were approved
BROWSERS = 200  # whose conversations are kept, the least used go first
TURNS = 50  # of one conversation that are shown
HORIZONS: dict[Freq, tuple[str, ...]] = {  # to choose from
    "D": ("7d", "14d", "28d", "56d"),
    "W": ("4w", "8w", "13w", "26w"),
    "2W": ("4w", "8w", "12w", "26w"),
    "4W": ("4w", "12w", "24w", "52w"),
    "M": ("1m", "3m", "6m", "12m"),
}


@dataclass
class Turn:
    """One request of a conversation, and the work on its reply."""

    request: str
    job: Job


@dataclass
class Site:
    """What all pages share.

    Attributes:
        service: answers calls at the desk.
        work: that goes on behind the pages.
        baskets: orders that people changed and approved.
        talks: the conversation of each browser.
        records: the ledger and the log that approvals are written into; None keeps none.
    """

    service: Service
    records: Records | None = None
    work: Work = field(default_factory=Work)
    baskets: Baskets = field(default_factory=Baskets)
    talks: "OrderedDict[str, list[Turn]]" = field(default_factory=OrderedDict)
    _catalogue: "asyncio.Task[Catalogue] | None" = None

    async def catalogue(self) -> Catalogue:
        """All products, read once from the panel."""
        if self._catalogue is None or (self._catalogue.done() and self._catalogue.exception()):
            panel = self.service.desk.panel
            self._catalogue = asyncio.get_running_loop().create_task(asyncio.to_thread(Catalogue.of, panel))
        return await asyncio.shield(self._catalogue)

    async def overview(self) -> Part:
        """What moved of late or was odd, beside whatever the desk is at."""

        async def make(_: Progress) -> Overview:
            return await asyncio.to_thread(overview, self.service.desk.panel)

        return await self.work.part("overview", make)

    async def orders(self, lang: str) -> Part:
        """The order lines of all products, as `skucast orders --json` says them."""

        async def make(progress: Progress) -> list[dict[str, Any]]:
            return await self.service.orders(lang, progress)

        return await self.work.part(f"orders {lang}", make)

    async def forecast(self, sku: str, horizon: str) -> Part:
        """The forecast of a product."""

        async def make(progress: Progress) -> Any:
            return (await self.service.forecast([sku], horizon, progress))[0]

        return await self.work.part(f"forecast {horizon} {sku}", make)

    async def answer(self, tool: str, **arguments: Any) -> Part:
        """What a tool answers."""
        given = {name: value for name, value in arguments.items() if value is not None}

        async def make(progress: Progress) -> Any:
            return (await self.service.answer(tool, given, progress)).answer

        return await self.work.part(f"{tool} {sorted(given.items())}", make)

    async def decide(self, browser: str, who: str, basket: Basket, lines: Sequence[Rec]) -> None:
        """Have a browser's basket be this one, once what changed of its approvals is recorded.

        Args:
            browser: whose basket it is.
            who: the person.
            basket: the new one.
            lines: all order lines.

        Raises:
            InputError: the person may not approve it, or it cannot be recorded; the basket is as it was.
        """
        before, after = self.baskets.of(browser).chosen(lines), basket.chosen(lines)
        if self.records is not None and before != after:
            left = {row["unique_id"] for row in after}
            rows = [decision("order", row, "order", "cost", APPROVED) for row in after]
            gone = [row for row in before if row["unique_id"] not in left]
            rows += [decision("order", row, "order", "cost", WITHDRAWN) for row in gone]
            await asyncio.to_thread(replace(self.records, who=who).decide, "order", pd.DataFrame(rows), PAGE)
        self.baskets.put(browser, basket)

    async def took(self, who: str, lines: int, file: str) -> None:
        """Record that a person took approved orders as a file.

        Raises:
            InputError: it cannot be recorded.
        """
        if self.records is not None:
            await asyncio.to_thread(replace(self.records, who=who).took, "order", lines, file)

    def ask(self, browser: str, request: str) -> None:
        """Begin the reply to a request, which leans on the browser's requests before."""
        turns = self.talks.setdefault(browser, [])
        self.talks.move_to_end(browser)
        before = turns[-1].job if turns else None

        async def make(_: Progress) -> Asked:
            return await self.service.ask(request, await _conversation(before))

        turns.append(Turn(request, self.work.begin(f"ask {uuid.uuid4().hex}", make)))
        del turns[:-TURNS]
        while len(self.talks) > BROWSERS:
            self.talks.popitem(last=False)

    @property
    def horizons(self) -> tuple[str, ...]:
        """Lengths of time ahead to choose from."""
        return HORIZONS[self.service.desk.panel.freq]

    @property
    def usual(self) -> str:
        """The length of time ahead where none was chosen."""
        return DEFAULT_HORIZON[self.service.desk.panel.freq]


async def _conversation(before: Job | None) -> str | None:
    """The conversation that an earlier request was part of, once that is answered; None where it failed."""
    if before is None or before.task is None:
        return None
    await asyncio.wait([before.task])
    if before.task.cancelled() or before.task.exception() is not None:
        return None
    return str(before.task.result().conversation)
