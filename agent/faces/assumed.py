"""What was assumed in reading the data, a line each on standard error: a table on standard output stays whole."""

from collections.abc import Iterable

from ...prompts.messages.say import ENGLISH, say
from ...tools.console import err
from ...tools.messages import Message


def tell(assumed: Iterable[Message], lang: str = ENGLISH) -> None:
    """Print what was assumed: `Source.assumed`.

    Args:
        assumed: messages whose keys begin with `assumed-`.
        lang: of what is printed.
    """
    for one in assumed:
        err.print(say(one, lang), style="dim", markup=False, highlight=False, soft_wrap=True)
