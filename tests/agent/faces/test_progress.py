"""Progress on a terminal: nothing where no work is told of, and gone when the work is."""

import io

from skucast.agent.faces.progress import share_bar
from skucast.tools.console import SafeConsole


def test_a_share_shows_once_there_is_work() -> None:
    screen = io.StringIO()
    console = SafeConsole(file=screen, force_terminal=True, width=60)
    with share_bar(console):
        pass
    assert screen.getvalue() == ""
    with share_bar(console) as tell:
        tell("reading", 0.0)
        tell("building", 0.5)
    assert "building" in screen.getvalue() and "50%" in screen.getvalue()
