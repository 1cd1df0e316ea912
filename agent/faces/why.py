"""What clients of a server are told of an error: never where its files lie."""

import re

from ...prompts.messages.say import ENGLISH, say_error

# an absolute path: from a slash that stands in no word, address or path before it, to its last name
PLACE = re.compile(r"(?<![\w:/.~])~?/(?:[^/\s'\":;,()]+/)+([^/\s'\":;,()]*)")


def why(error: BaseException, lang: str = ENGLISH) -> str:
    """An error in one line, in the person's language, with files by their names alone: folders are the server's own.

    Args:
        error: what went wrong.
        lang: of the words.
    """
    return PLACE.sub(r"\1", say_error(error, lang))
