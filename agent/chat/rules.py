"""The rules: what chooses the tools where there is no LLM, by a request's words, and the baseline of the evals."""

import re
from collections.abc import Container, Mapping, Sequence
from typing import Any

from ...prompts.asking import pointed
from ...prompts.reading.fields import plainly
from ...prompts.reading.names import Naming
from ...prompts.reading.request import Reading
from ...prompts.routing import ANSWER, Call, Found
from ...tools.toolset.fields import Kind
from ...tools.toolset.kit import Tool, kinds, of_kinds
from ...tools.toolset.registry import forecaster, outside, tool_that
from .router import Caller, named_call, pointed_call

NUMBER_WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
SPAN = re.compile(r"\b(\d+|" + "|".join(NUMBER_WORDS) + r")?\s*(day|week|month)s?\b|\b(\d+)([dwm])\b", re.IGNORECASE)


class RulesModel(Caller):
    """A few kinds of request, known by their words: what stands where there is no LLM, and the baseline of the evals.

    Attributes:
        known: the SKUs of the panel.
    """

    known: frozenset[str] = frozenset()

    def _next(self, request: str, done: Sequence[tuple[Call, Found]]) -> tuple[Call, Any]:
        return (
            Call(ANSWER, {})
            if done
            else self._named_by_rule(request)
            or ruled(request, self.known, self.freq, tuple(getattr(self.catalogue, "columns", ())))
        ), None

    def _named_by_rule(self, request: str) -> Call | None:
        """The call of the rule that a request points to, where the rule says where a name stands."""
        rule = pointed(request)
        if rule is None or self.catalogue is None or "(?P<named>" not in rule.text:
            return None
        return named_call(rule, request, self.freq, self.catalogue)


def ruled(request: str, known: Container[str] = (), freq: str = "W", columns: tuple[str, ...] = ()) -> Call:
    """The call that a request's words point to; a forecast where they name a product or a time.

    Args:
        request: the person's words.
        known: SKUs, found wherever they stand.
        freq: of the data, W or D: what a period is.
        columns: the static columns of the data.
    """
    if totals := _totals(request, freq, columns):
        return totals
    words = request.strip().lower().rstrip("?!. ")
    found = re.match(r"(?:find|search|show me|which)\b\s*(.+)", words)
    named = re.search(r"\b(?:sku|item|product)s?\s+#?([\w.:/-]+)", request, re.IGNORECASE)
    runs = sorted(Naming(request).names, key=len, reverse=True)  # a SKU may be of several words, or beside Chinese
    product = next((run for run in [*runs, *re.findall(r"[\w.:/-]+", request)] if run in known), None)
    product = product or (named[1] if named else next(iter(re.findall(r"\b\d{4,}\w?\b", request)), None))
    if (rule := pointed(words)) is not None:
        return pointed_call(rule, request, freq, product)
    if found and not re.search(r"\b(forecast|predict)", words):
        finder = tool_that(lambda tool: tool.lists == "always" and _takes(tool, "words"))
        return _call(finder, {"words": re.sub(r"^products?\s+", "", found[1])[:80]})
    span = SPAN.search(request.replace(product, " ") if product else request)
    if product is None and (last := re.fullmatch(r"(?:forecast|predict) (?!again|it|that|this)([\w:-]+)", words)):
        product = request.strip().rstrip("?!. ").split()[-1] if not SPAN.search(last[1]) else None
    cut = re.search(r"(\d+(?:\.\d+)?)\s*(?:%|per ?cent)", words)
    if re.match(r".*\bwhat if\b", words) and cut:
        way = 1 if re.search(r"\b(raise|increase|up|higher|dearer)\b", words) else -1
        weeks = [int(week[1])] if (week := re.search(r"\bweek (\d+)", words)) else None
        other_price = tool_that(lambda tool: _takes(tool, "change"))
        return _call(other_price, {"product": product, "change": way * float(cut[1]), "weeks": weeks})
    if (
        product is None
        and (bare := re.search(r"\b(?:for|of)\s+([\w-]+(?: [\w-]+)?)\s*$", words))
        and not SPAN.search(bare[1])
    ):
        product = bare[1]
    if re.search(r"\b(forecast|predict|expect|demand|sell|how (much|many)|next|and for)\b", words) or product or span:
        return _call(forecaster(), {"product": product, "ahead": _written(span) if span else None})
    if len(words.split()) == 1:
        return _call(forecaster(), {"product": request.strip()[:80]})
    return _call(outside(), {"topic": words[:60] or "nothing"})


def _totals(request: str, freq: str, columns: tuple[str, ...]) -> Call | None:
    """The forecast of every group, where a request wants one by a column and points to nothing else."""
    rule = pointed(request.strip().lower())
    reading = Reading(request, columns)
    tool = forecaster()
    if not reading.groupings or (rule is not None and rule.tool != tool.name):
        return None
    plain = plainly(tool.arguments, reading, freq)
    return Call(tool.name, {name: few[0] for name, few in plain.items() if len(few) == 1})


def _takes(tool: Tool, kind: Kind) -> bool:
    return kind in kinds(tool.arguments).values()


def _call(tool: Tool, values: Mapping[Kind, Any]) -> Call:
    return Call(tool.name, of_kinds(tool.arguments, values))


def _written(span: re.Match[str]) -> str:
    if span[4]:
        return f"{span[3]}{span[4].lower()}"
    count = (span[1] or "1").lower()
    return f"{NUMBER_WORDS.index(count) + 1 if count in NUMBER_WORDS else count}{span[2][0].lower()}"
