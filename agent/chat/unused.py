"""What a request said that its call did not use, and what can be done about it: told, and never passed over."""

from collections.abc import Sequence

from ...prompts.reading.mentions import Mention, mentions
from ...prompts.reading.names import Naming
from ...prompts.reading.request import Reading
from ...prompts.routing import Call
from ...tools.data.lexicon import Lexicon
from ...tools.data.panel import Panel
from ...tools.messages import Message, Quoted, message
from ...tools.toolset.kit import kinds
from ...tools.toolset.registry import tools

SHOWN = 3


def unused(request: str, call: Call, panel: Panel, products: Sequence[str]) -> Message | None:
    """One line about what was said and not used; None where all was.

    Args:
        request: the person's words.
        call: that was made of it.
        panel: of the desk.
        products: SKUs that the answer is about.
    """
    left = [one.words for one in not_used(request, call, panel, products)]
    if not left:
        return None
    some = tuple(Quoted(one) for one in dict.fromkeys(left))[:SHOWN]
    return message("not-used", words=some)


def not_used(request: str, call: Call, panel: Panel, products: Sequence[str]) -> list[Mention]:
    """What was said and not used."""
    tool = tools().get(call.tool)
    if tool is None or tool.outside or tool.aside:
        return []
    lexicon = Lexicon.of(panel)
    of = kinds(tool.arguments)
    skus = [sku for sku in Naming(request).skus(lexicon) if sku not in products]
    without = request
    for sku in sorted(Naming(request).skus(lexicon), key=len, reverse=True):
        without = without.replace(sku, "…")
    held = [(of[name], value) for name, value in call.arguments.items() if name in of and value is not None]
    reading = Reading(without, lexicon.columns, lexicon.known)
    return [one for one in mentions(reading, skus, panel.freq) if not one.used(held)]
