"""What a text in lower case is about: one product, a group, all of them, or which; and whether it asks for more."""

import re

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
LIKE = re.compile(
    r"\b(?:similar|like|alike|alternativ\w+|substitut\w+|resembl\w+|compar\w+|close\w*)\b|相似|类似|替代|差不多"
)


def whole(text: str) -> bool:
    """Whether it speaks of many products together."""
    return WHOLE.search(text) is not None


def everything(text: str) -> bool:
    """Whether it speaks of all products together, and of none that was spoken of."""
    return EVERYTHING.search(text) is not None and not OF_ONE.search(text)


def grouped(text: str) -> bool:
    """Whether it speaks of a group of products."""
    return GROUP.search(text) is not None


def listed(text: str) -> set[str]:
    """Which lists answer it, where it asks which products: `always` and `alike`, as a tool's `lists` says."""
    if not LISTED.search(text):
        return set()
    return {"always", "alike"} if LIKE.search(text) else {"always"}


def unspoken(text: str) -> str:
    """The text without the words by which it speaks of all products, or asks which: what is left may name some."""
    return EVERYTHING.sub(",", LISTED.sub(",", text))


def more_to_do(text: str) -> bool:
    """Whether it may ask for several things, one after another."""
    return MORE_TO_DO.search(text) is not None


def timed(text: str) -> bool:
    """Whether it speaks of time or numbers at all."""
    return TIME.search(text) is not None
