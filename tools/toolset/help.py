"""help: a greeting answered, and what can be asked, with examples from this very data."""

from typing import Literal

from ..insight.answer import Answer, label, many
from ..insight.ranking import sellers
from ..messages import Message, message
from .kit import Arguments, Desk, Tool

SHOWN = 3  # products that the examples speak of


class Help(Arguments):
    """What can be asked here, with examples from this data; greetings and thanks."""

    social: Literal["hello", "thanks", "bye"] | None = None


def run(desk: Desk, request: Help) -> Answer:
    """A greeting in kind; five examples that can be asked as they stand, of what sells most."""
    if request.social in ("thanks", "bye"):
        return Answer((message(f"help-{request.social}"),))
    panel = desk.panel
    best = [str(uid) for uid in sellers(panel, SHOWN, None).index]
    first, second, third = (best * SHOWN)[:SHOWN]
    asked: tuple[Message, ...] = (
        message("help-ask-forecast", sku=first),
        message("help-ask-why"),
        message("help-ask-if", sku=second),
        message("help-ask-order", sku=third, span=many(2, panel)),
        message("help-ask-movers"),
    )
    hello = (message("help-hello"),) if request.social == "hello" else ()
    says = message("help-says", count=len(panel.unique_ids), until=panel.cutoff.date(), example=label(panel, first))
    return Answer((*hello, says, message("help-asks", asked=asked)))


TOOL = Tool(Help, run, about_one=False, aside=True, rank=60)
