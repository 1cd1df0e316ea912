"""What of stock a request asks for: what to order, what may run out, what is over-stocked, what is dead."""

import re

WORDS = {
    "dead": r"\b(dead|obsolete|unsold|not (selling|moving|sold)|(is|are)n.?t (selling|moving)|no longer sells?"
    r"|gathering dust|stuck)\b|滞销|卖不动|呆滞|死库存|压仓",
    "over": r"\b(over-?stock\w*|over stocked|too (much|many)|excess\w*|surplus|overhang\w*|heavy|tied up|slow stock"
    r"|more than we need)\b|积压|过多|超储|太多|过剩|多余",
    "risk": r"\b(at risk|risk\w*|run(s|ning)? (out|short|low|dry)|stock-?outs?|out of stock|oos|sell(s|ing)? out"
    r"|shortages?|going short|understock\w*|low stock|low on stock|critical|in danger)\b"
    r"|断货|缺货|断档|不够卖|卖断|短缺|告急",
    "order": r"\b(orders?|reorders?|buy|purchas\w+|replenish\w*|restock\w*|pos?)\b"
    r"|订货|订什么|补货|进货|采购|该订|要订",
}


def urgencies(text: str) -> list[str]:
    """What it asks for: `dead`, `over`, `risk` or `order`; where several are named, the one that says most.

    Dead stock is over-stocked, too, and what runs out is to be ordered: the narrower word is meant.

    Args:
        text: of a request, in lower case.
    """
    return next(([kind] for kind, words in WORDS.items() if re.search(words, text)), [])
