"""Follow-ups: requests that lean on what was asked or listed before, read by their words alone."""

import re
from collections.abc import Collection, Sequence

from .numbers import in_digits
from .words import EN, ZH, en, words, zh

SIGNS = re.compile(r"[\u4e00-\u9fff]")
WORD = re.compile(r"[\u4e00-\u9fff]|[^\W\d_]+(?:['’][a-z]+)?|\d[\d.,]*[a-z]*")
PLACES = EN["follow_up"]["places"] | ZH["follow_up"]["places"]
FILLING = {word for key in ("filling", "fields") for word in EN["follow_up"][key].split()}
FILLING_CHINESE = {*ZH["follow_up"]["filling"], *ZH["follow_up"]["fields"], *ZH["numbers"]}
PLACE = re.compile(
    rf"(?:\b(?:{en('follow_up.place_before')})\s*)?\b({en('follow_up.places')})\s+(?:{en('follow_up.one')})\b"
    rf"|\bthe\s+({en('follow_up.places')})(?=\s*[?!.,]|\s*$|\s+(?:for|over|in|please)\b)"
    rf"|({zh('follow_up.places')})(?:{zh('follow_up.one')})",
    re.IGNORECASE,
)
OTHER, BOTH, THERE = (
    re.compile(words(f"follow_up.{key}").pattern, re.IGNORECASE) for key in ("other", "both", "there")
)
NOT = re.compile(rf"\b(?:{en('follow_up.not')})\b.*|(?:{zh('follow_up.not')}).*", re.IGNORECASE | re.DOTALL)


def leans(request: str, named: Collection[str]) -> bool:
    """Whether a request has no words of its own beside names, numbers, lengths of time and what changes a request.

    "make that 3 weeks and 98 % service" and "and lemons?" lean; "why?" and "what sells best?" do not.

    Args:
        request: the person's words.
        named: names of products or groups in it.
    """
    text = in_digits(request.lower().replace("’", "'"))
    for name in sorted(named, key=len, reverse=True):
        text = text.replace(in_digits(name.lower()), " ")
    return all(
        word[0].isdigit() or word in FILLING or (SIGNS.match(word) is not None and word in FILLING_CHINESE)
        for word in WORD.findall(text)
    )


def pointing(request: str, listed: Sequence[str], spoken: str | None = None) -> str:
    """The request with the SKUs of a list in place of "the first one", "the other one" and "both".

    Args:
        request: the person's words.
        listed: SKUs shown before, in order.
        spoken: the one of them that was spoken of last.
    """
    if not listed:
        return request

    def sku(match: re.Match[str]) -> str:
        place = PLACES[next(filter(None, match.groups())).lower()]
        at = place - 1 if place > 0 else len(listed) - 1
        return listed[at] if at < len(listed) else match[0]

    if len(listed) == 2:
        request = BOTH.sub(f"{listed[0]} and {listed[1]}", request)
        others = [uid for uid in listed if uid != spoken]
        if len(others) == 1:
            request = OTHER.sub(others[0], request)
    return PLACE.sub(sku, request)


def there(request: str) -> bool:
    """Whether it speaks of the group of products spoken of before: "the decliners there"."""
    return THERE.search(request) is not None


def wanted(request: str) -> str:
    """What it says before what it does not want: "the large dozen" of "the large dozen, not the 18 pack"."""
    return NOT.sub("", request)
