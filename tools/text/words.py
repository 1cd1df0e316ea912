"""The words of notes and of queries: what they are matched by, and what a query is about."""

import re

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
WORDS = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
STOP = frozenset(
    WORDS.findall(
        "a an and are as at be but by for from has have how if in into is it its no not of on or our so than that the"
        " their then there these they this to was we what when which who why will with you your"
    )
)
# Words that mean notes as such, and those around them that name nothing.
VAGUE = (
    STOP
    | {"what's", "what’s"}
    | frozenset(
        WORDS.findall(
            "about all any anything article can concerning current day did do doc document doe does"
            " everything find give hear heard info information get know known last lately latest me memo"
            " mention mentioned message month news note past recent recently regarding report said say see"
            " show something stand tell today update us week written year yesterday"
        )
    )
)
KINDS = frozenset({"market", "new", "review"})  # name nothing by themselves, and do beside others: customer reviews
EDGE = " .,;:!?\"'()。，；：？！、“”「」"
NOTES_ZH = "(?:市场)?(?:笔记|记录|备注|新闻|消息|资讯|信息|情报|文档|文件|报告|报道|文章|动态|更新)"
LEADING = re.compile(
    rf"(?:最近|最新|近期|这周|本周|今天|这个月|关于|有关|有没有|有什么|有哪些|有(?={NOTES_ZH})|什么|哪些|任何|看看|的"
    rf"|{NOTES_ZH}(?:[里中上]|(?=[的关有提说写,，\s]|$)))+"
)
TRAILING = re.compile(
    rf"(?:\s|的|有|没有|什么|哪些|最近|最新|近期|怎么|提到|内容|说|写|吗|呢|了|{NOTES_ZH}[里中上]?)+$"
)


def terms(text: str) -> list[str]:
    """The words of a text, lower case, singular, without the commonest; Chinese as pairs of characters."""
    found = []
    for word in WORDS.findall(text.lower()):
        if re.match(f"[{HAN}]", word):
            found += [word[i : i + 2] for i in range(len(word) - 1)] or [word]
        elif word not in STOP:
            found.append(_singular(word))
    return found


def subject(query: str) -> str:
    """What a query is about: it without the words at its ends that mean notes as such; "" where it has no others.

    "news about oat milk" is about oat milk, and "what do the notes say" about nothing in particular.
    """
    query = query.strip(EDGE)
    led = LEADING.match(query)
    query = TRAILING.sub("", query[led.end() :] if led else query)
    words = query.split()
    bare = [word.strip(EDGE).lower() for word in words]
    named = [i for i, word in enumerate(bare) if word and not {word, _singular(word)} & VAGUE]
    if all(_singular(bare[i]) in KINDS for i in named):
        return ""
    return " ".join(words[named[0] : named[-1] + 1]).strip(EDGE)


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
