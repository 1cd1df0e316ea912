"""What came of a tool's call: LangChain carries it beside the words, as an answer or as the reason of a refusal."""

from langchain_core.messages import ToolMessage

from ...prompts.messages.say import say_all, say_error
from ...prompts.routing import Found
from ...tools.errors import InputError
from ...tools.insight.answer import Answer
from ...tools.messages import Refusal, named


def outcome(message: ToolMessage) -> Answer | InputError | None:
    """The answer or the refusal; None where no tool was run, as where too many were called."""
    return message.artifact if isinstance(message.artifact, (Answer, InputError)) else None


def words_of(outcome: Answer | InputError) -> str:
    """What a model is shown of it: products by SKU alone, as their names are text from outside."""
    return f"error: {say_error(outcome)}" if isinstance(outcome, InputError) else say_all(outcome.messages, names=False)


def found_of(message: ToolMessage) -> Found:
    """The same as the router is shown it."""
    came = outcome(message)
    messages = came.messages if isinstance(came, Answer) else (came.message,) if isinstance(came, Refusal) else ()
    skus = dict.fromkeys(sku for one in messages for sku in named(one))
    return Found(str(message.content), tuple(skus), not isinstance(came, Answer))
