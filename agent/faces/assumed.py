"""What was assumed of data and cutoff, a line each on standard error: a table on standard output stays whole."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ...prompts.messages.say import ENGLISH, say
from ...tools.console import err
from ...tools.messages import Message, message

if TYPE_CHECKING:
    import pandas as pd

    from ...tools.data.read import Source


def tell(assumed: Iterable[Message], lang: str = ENGLISH) -> None:
    """Print what was assumed: `Source.assumed`.

    Args:
        assumed: messages whose keys begin with `assumed-`.
        lang: of what is printed.
    """
    for one in assumed:
        err.print(say(one, lang), style="dim", markup=False, highlight=False, soft_wrap=True)


def say_late(at: "pd.Timestamp | None", source: "Source", offset: str, lang: str) -> None:
    """Say of a cutoff that lies a period or more after the last sales that it cuts nothing off."""
    if at is None:
        return
    import pandas as pd

    last = source.last_sale()
    if at >= pd.date_range(last, periods=2, freq=offset)[1]:
        late = message("chat-late-cutoff", cutoff=at, last=last)
        err.print(say(late, lang), style="yellow", highlight=False, soft_wrap=True)
