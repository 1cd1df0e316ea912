"""What a request says in so many words of a call's arguments: read, and not left to a small model to guess."""

import re
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from ...tools.data.lexicon import HAN
from ...tools.toolset.registry import argument_models
from .lengths import COUNT, lengths, number, weeks
from .months import months
from .numbers import COUNTED, Said

_SHARE = r"(?:%|％|pct(?![a-z])|per ?cent(?![a-z])|pc\b)"
PER_CENT = re.compile(
    rf"(?P<sign>[-–+−])?(?<![\d.])(?P<digits>\d{{1,3}}(?:\.\d+)?) ?{_SHARE}|\b(?P<words>{COUNT})[ -]{_SHARE}"
)
PARTS = {"half": 50, "一半": 50, "quarter": 25, "third": 33, "fifth": 20, "tenth": 10}
MANIFOLD = {"doubl": 100, "twice": 100, "翻": 100, "一倍": 100, "tripl": 200}  # per cent more
MULTIPLE = re.compile(
    r"\b(doubl|tripl)(?:ed?|ing)? (?:its |the |our )?pric|\bpric\w* (?:is |was |be )?(doubl|tripl)(?:ed?|es|ing)\b"
    r"|\b(twice) (?:its |the |our |as )?(?:pric|expensive|dear|much)|[涨提]价?(?:了|上)?(一倍)|价格?(翻)(?:一?番|一?倍)"
)
_OF_PRICE = r"(?:off|less|more|cheaper|dearer|lower|higher|down|up|discount|reduc)"
PART = re.compile(
    r"\b(?:half[ -](?:the )?price|half off|price (?:is |was )?(?:halved|in half)|halv(?:e|ing) the price"
    r"|cost(?:s|ing)? half)\b|半价|对折"
    rf"|\b(?:a|one) (?P<part>third|fifth|tenth|quarter)(?= {_OF_PRICE})"
    r"|\b(?:by|of) (?:(?:a|one) )?(?P<by>third|fifth|tenth|half)\b|(?P<zh>一半)"
)
TENTHS = re.compile(r"([一二两三四五六七八九\d])成")
MONEY = re.compile(r"(?:\bto|[$£€¥]) ?\d+(?:\.\d+)?(?! ?%)|\d ?(?:cents?|dollars?|bucks|euros?|pounds?|p\b|元|块|毛)")
CHEAPER = re.compile(
    r"\b(?:off|discount\w*|cheap\w*|tpr|lower\w*|down|less|reduc\w+|cut\w*|mark(?:ed)?[ -]?downs?|drop\w*|minus"
    r"|decreas\w+|save|saving|rebate|voucher|coupon|slash\w*|knock\w*|sale|promo\w*)\b|降|折|便宜|优惠|减|打"
)
DEARER = re.compile(
    r"\b(?:rais\w+|increas\w+|up|higher|dearer|more|plus|add\w*|hik\w+|costlier|pricier|rises?|rose|lift\w*|extra"
    r"|inflat\w+|pass(?:ing|ed)? on|uplift|mark-?up)\b|涨|提价|贵|上调|加价"
)
PROMOTION = re.compile(
    r"\b(?:promo\w*|on (?:special )?offer|special offers?|on special|on deal|on sale"
    r"|(?:a|the|any) (?:deal|campaign)|bogo\w*|(?:2|two)[ -]for[ -](?:1|one))\b|促销|特价|做活动|搞活动|打折|买.送."
)
NOT = re.compile(
    r"\b(?:no|not|never|none|off|out|left|leave|take|un\w+|isn't|don't|doesn't|instead|falls?|(?:stop|end|cancel|drop|remov"
    r"|skip|kill|pull|scrap|withdraw|bin|ax|shelv)\w*)\b|不|没|取消|停"
)
WITHOUT = re.compile(
    r"\b(?:without|w/o|no|no longer|not|leave (?:out|off)|(?:cancel|drop|skip|stop|end|scrap)\w*) (?:\w+ ){0,2}?"
    r"(?:promo\w*|offers?|deals?)\b"
)
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
_DO = "tell|give|show|forecast|predict|plot|chart|draw|explain|say|list|find|check|compare|see|why|what|how|when|which"
MORE_TO_DO = re.compile(
    r"\b(?:then|afterwards?|once|finally|later|first|when (?:that|it|you)\S* (?:is )?(?:done|through|finished))\b"
    r"|\bafter (?:that|this|it)\b|\bif (?:so|it|that|they)\b|;|然后|再|接着|并|之后|先|同时"
    rf"|(?:\band|,) (?:also |please |after\w* )*(?:{_DO})\b"
)
TIME = re.compile(
    r"\d|\b(?:days?|weeks?|months?|quarters?|years?|fortnights?|wks?|mths?|half|weaks?|week\w*|month\w*)\b|[天周月季年]|星期|礼拜"
)
GROUP = re.compile(r"\b(?:categor\w+|department|dept|aisle|group|section|range|family|segment|assortment)\b|类")
WHOLE = re.compile(
    rf"{GROUP.pattern}|\b(?:all|whole|entire|everything|total|together|overall|altogether|combined)\b|全部|整个|所有|合计"
    r"|总共|一共|全店"
)
EVERYTHING = re.compile(
    r"\b(?:in total|(?:store )?total (?:sales|demand|units|volume|forecast)|store total|overall|altogether|everything"
    r"|(?:across )?all (?:of )?(?:the |our )?(?:products|items|skus|articles)|(?:forecast|predict) all"
    r"|(?:whole|entire) (?:shop|store|business|company|assortment|range))\b"
    r"|总共|一共|总销量|总销售|全部商品|所有商品|全店"
)
TOMORROW = re.compile(r"(?P<after>\bday after )?\btomorrow\b(?!'s)|明天|明日|后天")
OF_ONE = re.compile(
    r"\b(?:it|its|category|department)\b|\b(?:that|this|same)\b(?! (?:time|day|week|month|quarter|year))"
    r"|它|该|这(?!个?[天周月季年])"
)
LISTED = re.compile(
    r"\b(?:which|what) (?:of (?:the|our|my) )?"
    r"(?:(?!(?:is|are|was|were|do|does|did|will|would|can|could|should|has|have|had|the|all|our|its|your)\b)\w+ ){0,2}"
    r"(?:products?|items?|skus?|articles?)\b(?! (?:is|was) (?:it|that|this)\b)"
    r"|哪(?:个|些|款|种)(?:商品|产品|单品)|什么(?:商品|产品)"
)
LISTS = {"top_sellers", "top_movers", "anomalies", "find_products", "market_notes", "data_health"}
LIKE = re.compile(
    r"\b(?:similar|like|alike|alternativ\w+|substitut\w+|resembl\w+|compar\w+|close\w*)\b|相似|类似|替代|差不多"
)


def plainly(tool: str, said: Said, freq: str = "W") -> dict[str, list[Any]]:
    """The arguments of a call that a request plainly speaks of, each with what it may be: most often one value.

    Args:
        tool: to be called.
        said: the request, its words of asking spelt as they should be.
        freq: of the data, W or D: what a period is.
    """
    found: dict[str, Sequence[Any]] = {}
    if tool in ("forecast", "calendar", "plot", "what_if"):
        found["horizon"] = _only(
            [*_ahead(said, sure=tool == "what_if"), *(_tomorrow(said) if tool != "what_if" else [])]
        )
    elif tool in ("sales_history", "compare"):
        found["during"] = _only(months(said)) if tool == "sales_history" else []
        found["periods"] = [] if found["during"] else _only(_back(said, freq, counted=tool == "compare"))
    elif tool == "backtest":
        found["windows"] = _only([number(match["count"]) for match in WINDOWS.finditer(said.lower)])
    elif tool == "stock_plan":
        found |= {"lead_time": _only(_lead(said, freq)), "service_level": _only(_shares(said))}
        found["on_hand"] = _only(_stock(said))
    if "limit" in argument_models()[tool].model_fields:
        found["limit"] = _only(many(said))
    if tool == "what_if":
        found |= {"price_change_percent": _change(said), "promotion": _promotion(said)}
        named = weeks(said) or []
        days = [7 * (week - 1) + day for week in named for day in range(1, 8)]
        found["periods"] = [{"W": named, "D": days}[freq]] if named and freq in ("W", "D") else []
    valid = {name: [value for value in values if _valid(tool, name, value)] for name, values in found.items()}
    return {name: values for name, values in valid.items() if values}


def _valid(tool: str, name: str, value: Any) -> bool:
    try:
        argument_models()[tool].model_validate({name: value})
    except ValidationError as error:
        return all(told["loc"][0] != name for told in error.errors())  # others may be missing yet
    return True


def whole(said: Said) -> bool:
    """Whether a request speaks of many products together."""
    return WHOLE.search(said.lower) is not None


def unspoken(request: str) -> str:
    """A request without the words by which it speaks of all products, or asks which: what is left may name some."""
    return EVERYTHING.sub(",", LISTED.sub(",", request.lower()))


def priced(said: Said) -> bool:
    """Whether a request speaks of an amount of money, which is no change in per cent."""
    return MONEY.search(said.lower) is not None


def everything(said: Said) -> bool:
    """Whether a request speaks of all products together, and of none that was spoken of."""
    return EVERYTHING.search(said.lower) is not None and not OF_ONE.search(said.lower)


def grouped(said: Said) -> bool:
    """Whether a request speaks of a group of products."""
    return GROUP.search(said.lower) is not None


def lists(said: Said) -> set[str]:
    """The tools that answer where a request asks which products: lists of some. None where it does not."""
    if not LISTED.search(said.lower):
        return set()
    return LISTS | ({"similar_items"} if LIKE.search(said.lower) else set())


def more_to_do(said: Said) -> bool:
    """Whether a request may ask for several things, one after another."""
    return MORE_TO_DO.search(said.lower) is not None


def timed(said: Said) -> bool:
    """Whether a request speaks of time or numbers at all."""
    return TIME.search(said.lower) is not None


def many(said: Said) -> list[int]:
    """How many it wants to see, as in `top 5`, `three similar items`, 前十."""
    told = (next(filter(None, match.groups()), "") for match in MANY.finditer(said.request))
    return [int(number) for count in told for number in Said(count).numbers]


def _only(found: Sequence[Any]) -> list[Any]:
    """The one value that is said; none where there are several, or it is of no use."""
    some = list(dict.fromkeys(found))
    return some if len(some) == 1 and some[0] is not None else []


def _ahead(said: Said, *, sure: bool) -> list[str]:
    """How far ahead; with `sure`, only what says itself that it lies there."""
    told = lengths(said)
    ahead = [one.span for one in told if one.way == "ahead"]
    return ahead or ([] if sure else [one.span for one in told if one.way == "" and one.counted])


def _tomorrow(said: Said) -> list[str]:
    return ["2d" if match["after"] or match[0] == "后天" else "1d" for match in TOMORROW.finditer(said.lower)]


def _back(said: Said, freq: str, *, counted: bool) -> list[int | None]:
    told = [one for one in lengths(said) if one.way in ("back", "") and (one.counted or not counted)]
    return [one.periods(freq) for one in told]


def _lead(said: Said, freq: str) -> list[int | None]:
    bare = [int(match["count"]) for match in LEAD.finditer(said.lower)]
    return [*bare, *(one.periods(freq) for one in lengths(said) if one.way in ("ahead", ""))]


def _shares(said: Said) -> list[float]:
    """The shares in per cent."""
    found = [float(match["digits"] or number(match["words"])) for match in PER_CENT.finditer(said.lower)]
    return [_plain(one) for one in found]


def _plain(value: float) -> float:
    return int(value) if value == int(value) else value


def _change(said: Said) -> list[float]:
    """The change of price in per cent, both ways where its direction is not plain."""
    if said.discounts:
        return _only([_plain(change) for change in said.discounts])
    if multiple := [next(filter(None, match.groups())) for match in MULTIPLE.finditer(said.lower)]:
        return _only([MANIFOLD[times] for times in multiple])
    signs = [match["sign"] for match in PER_CENT.finditer(said.lower) if match["sign"]]
    parts = [match["part"] or match["by"] or match["zh"] or "" for match in PART.finditer(said.lower)]
    tenths = [10 * int(size) for size in (COUNTED.get(one, one) for one in TENTHS.findall(said.lower))]
    sizes = _only([*_shares(said), *(PARTS[part or "half"] for part in parts), *tenths])
    if signs or "" in parts:
        return sizes if signs and signs[0] == "+" else [-size for size in sizes]
    for words in _around(said.lower):
        down, up = CHEAPER.search(words), DEARER.search(words)
        if bool(down) != bool(up):
            return [-size for size in sizes] if down else sizes
    return [sign * size for size in sizes for sign in (-1, 1)]


def _around(text: str) -> list[str]:
    """What stands by the first share of a request, the nearest first: a few words behind it, before it, all."""
    match = PER_CENT.search(text) or PART.search(text) or TENTHS.search(text)
    if match is None:
        return [text]
    behind, before = text[match.end() :].split(), text[: match.start()].split()
    signs = "".join(HAN.findall(text[: match.start()]))  # Chinese says it before
    near = [match[0] + " " + " ".join(behind[:2]), " ".join(before[-2:]), " ".join(before[-6:]), text]
    return [signs[-4:], *near] if signs else near


def _promotion(said: Said) -> list[bool]:
    if WITHOUT.search(said.lower):
        return [False]
    if not PROMOTION.search(said.lower):
        return []
    return [True, False] if NOT.search(said.lower) else [True]


def _stock(said: Said) -> list[int]:
    """Counts of units that are there: no SKU, length of time or share."""
    found = (match for match in STOCK.finditer(said.lower) if not match["ordering"])
    some = [match for match in found if match["having"] or match["units"] or match["there"]]
    return [int(match["count"].replace(",", "")) for match in some]
