"""What a verdict on a challenger says, as messages."""

from ..tools.messages import Count, Exact, Message, message
from .continual import Verdict


def verdict_messages(found: Verdict, champion: str, challenger: str) -> list[Message]:
    """The gap with its interval, what was forgotten, and what may be done."""
    way = "better" if found.better else "worse" if found.low > 0 else "open"
    said = [
        message(
            "verdict-gap", champion=champion, challenger=challenger, way=way, gap=_percent(found.gap),
            low=_percent(found.low), high=_percent(found.high), windows=Count(len(found.windows)),
            count=Count(found.series), first=found.windows[0].date(),
        )
    ]  # fmt: skip
    said += [
        message("verdict-part", part=name, gap=_percent(gap), margin=_percent(found.margin), worse=_worse(gap, found))
        for name, gap in found.parts.items()
    ]
    return [*said, message("verdict-may" if found.promotable else "verdict-stays", champion=champion)]


def _percent(share: float) -> Exact:
    return Exact(round(100 * share, 2))


def _worse(gap: float, found: Verdict) -> str:
    return "yes" if gap > found.margin else "no"
