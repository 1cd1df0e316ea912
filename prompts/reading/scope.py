"""What a text in lower case is about: one product, a group, all of them, or which; and whether it asks for more."""

import re

from .words import en, words, zh

MORE_TO_DO = re.compile(
    rf"{words('scope.next_thing').pattern}|;|(?:\band|,) (?:also |please |after\w* )*(?:{en('scope.do')})\b"
)
TIME = re.compile(rf"\d|\b(?:{en('units', 'time.also')})|{zh('units')}")
GROUP, WHOLE, EVERYTHING = words("scope.group"), words("scope.group", "scope.whole"), words("scope.everything")
ONWARD = words("scope.onward")
OF_ONE, LISTED, LIKE = words("scope.of_one"), words("scope.listed"), words("scope.like")


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


def onward(text: str) -> bool:
    """Whether it may ask something of a product that is to be found first: its forecast, its plot, the reason."""
    return ONWARD.search(text) is not None


def timed(text: str) -> bool:
    """Whether it speaks of time or numbers at all."""
    return TIME.search(text) is not None
