"""out_of_scope: an honest no, with what can be done instead."""

import re

from ..insight.answer import Answer
from ..messages import message
from .fields import Topic
from .kit import Arguments, Desk, Tool
from .registry import tools

STRANGE = re.compile(r"[^\w\s,'%$€£¥.-]|\.(?!\d)")  # what is not said again: marks that are not of a word or number


class OutOfScope(Arguments):
    """Anything that is no question about this demand data."""

    topic: Topic


def run(desk: Desk, request: OutOfScope) -> Answer:
    """The answer says what cannot be done, and what can."""
    topic = STRANGE.sub("", request.topic)[:60].strip()
    no = message("out-of-scope-topic", topic=topic) if topic else message("out-of-scope-that")
    titles = tuple(message(f"{name.replace('_', '-')}-title") for name, one in tools().items() if not one.outside)
    return Answer((no, message("out-of-scope-instead", titles=titles)))


TOOL = Tool(OutOfScope, run, about_one=False, outside=True)
