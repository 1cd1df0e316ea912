"""Counts with what they count: units in stock, things to show, test windows, periods until an order arrives."""

import re

from .numbers import COUNT, number

WINDOWS = re.compile(rf"\b(?P<count>{COUNT})[ -](?:\w+ )?(?:windows?|folds?|origins?|cut-?offs?|splits?)\b")
LEAD = re.compile(
    r"\b(?:lt|lead(?:[ -]time)?)(?: of| is|:|=)? ?(?P<count>\d{1,2})(?=[ ,.;?!]*(?:$|[,.;?!]| and| at| with|sl\b))"
)
_HAVING = (
    r"(?:have|has|hold|holds|holding|got|only|with|stock(?: of \S+)?(?: is|:)?"
    r"|on[ -]hand(?: is|:|=)?|inventory(?: is| of|:)?|sitting on|there(?:'s| is| are)|(?:we|i)'ve"
    r"|库存还?(?:有|是|为|剩)?|还?剩|现有|现货|(?:我们?|手上|里)有)"
)
_THERE = (
    r"(?: [a-z]+){0,2}?(?: left| on[ -]hand| remain\w*| available| there"
    r"| in (?:stock|store|the (?:store|warehouse|back(?:room)?|dc|depot|shop)))"
)
_ORDERING = r"order(?:ing|ed)?|reorder(?:ing)?|buy(?:ing)?|purchas(?:e|ing)|bring in|订购?|采购|进货?|买"
STOCK = re.compile(
    rf"(?:(?:(?P<ordering>{_ORDERING})|(?<![a-z])(?P<having>{_HAVING}))"
    r" ?(?:about |another |roughly |around |just |still |only |exactly )*)?"
    r"(?<![A-Za-z0-9_.,#-])(?P<count>\d{1,3}(?:,\d{3})+|\d{1,7})"
    rf"(?P<units> ?(?:units?|pieces?|pcs|cases?|boxes|packs?)(?![a-z])|[件瓶箱盒包袋])?(?P<there>{_THERE}\b)?"
    r"(?![A-Za-z0-9_%天周月]|\.\d| ?%| ?per ?cent|[ -](?:days?|weeks?|wks?|months?)\b"
    r"| (?:service|sl\b|suppliers?|stores?|shops?|skus?|products?|on order))"
)
FEW = r"\d{1,2}|t(?:wo|hree|en|welve|wenty)|f(?:our|ive|ifteen|ifty)|s(?:ix|even)|eight|nine|eleven|thirty|forty"
LEADING = "top|best|worst|biggest|largest|strongest|weakest|fastest|slowest|hottest|highest|lowest|first"
RANKED = f"{LEADING}|most|least|similar|closest|nearest|odd|oddest|strange|strangest|unusual|other|alternative"
THINGS = (
    "products?|items?|articles?|skus?|sellers?|movers?|risers?|fallers?|losers?|winners?|gainers?|decliners?"
    "|outliers?|anomal[a-z]+|spikes?|dips?|alternatives?|substitutes?|lookalikes?"
)
MORE = (
    r"(?![ -]*(?:[a-z]+teen|one|two|three|four|five|six|seven|eight|nine|dozen|hundred|thousand|units|pieces|packs?)\b)"
)
TIMES = r"(?!\s*(?:%|per ?cent|days?|weeks?|wks?|months?|quarters?|years?|[dwm]\b))"
NUMERAL = r"\d{1,2}|[二两三四五六七八九]?十[一二两三四五六七八九]?|[二两三四五六七八九]"
MANY = re.compile(
    rf"\b(?:{LEADING})[ -]+(?P<after>{FEW})\b{MORE}{TIMES}"
    rf"|(?<![\w.,%-])(?<!sku )(?<!item )(?<!product )(?<!last )(?<!past )(?<!ty )(?<!ty-)"
    rf"(?P<before>{FEW})[ -]+(?:{RANKED}|{THINGS})\b"
    rf"|(?<!目)前(?P<zh>{NUMERAL})(?![\d十一二两三四五六七八九]|个?(?:天|日|周|月|年|季|星期|礼拜))"
    rf"|(?<![\d十一二两三四五六七八九])(?P<pieces>{NUMERAL})(?:个|款|种|件)(?:最|商品|产品|单品|相似|类似|替代)",
    re.IGNORECASE,
)


def shown(text: str) -> list[int]:
    """How many it wants to see, as in `top 5`, `three similar items`, 前十."""
    return [number(next(filter(None, match.groups()))) for match in MANY.finditer(text)]


def windows(text: str) -> list[int]:
    """How many test windows."""
    return [number(match["count"]) for match in WINDOWS.finditer(text)]


def stock(text: str) -> list[int]:
    """Counts of units that are there: no SKU, length of time or share."""
    return [int(match["count"].replace(",", "")) for match in STOCK.finditer(text) if _there(match)]


def without_stock(text: str) -> str:
    """The text with a comma in the place of each count of units that are there, or to be ordered."""
    return STOCK.sub(lambda match: "," if match["ordering"] or _there(match) else match[0], text)


def _there(match: re.Match[str]) -> bool:
    return not match["ordering"] and bool(match["having"] or match["units"] or match["there"])


def lead(text: str) -> list[int]:
    """Periods until an order arrives, said without their unit: `LT 2`."""
    return [int(match["count"]) for match in LEAD.finditer(text)]
