"""The one kind of error a person can mend: bad input, in one line."""

import difflib
import re
from collections.abc import Iterable

SECRETS = (  # where a password may stand in what a person typed, well formed or not
    re.compile(r"(\w:/{1,2}[^\s:@/]*:)[^\s]+@"),
    re.compile(r"(\b\w*password\s*=\s*)(?:'[^']*'|[^\s&]+)", re.IGNORECASE),
)


def without_secrets(text: str) -> str:
    """The text with … in the place of every password in an address or a connection string."""
    return SECRETS[1].sub(r"\1…", SECRETS[0].sub(r"\1…@", text))


class InputError(ValueError):
    """Input that cannot be used. The message says what was got, what was expected and the valid choices, in one line.

    The command line prints it and exits with code 2; the agent sends it back to the model.
    """

    def __init__(self, message: str) -> None:
        super().__init__(without_secrets(" ".join(message.split())))


def close(word: str, names: Iterable[str], n: int = 3) -> list[str]:
    """The names nearest to a word in their letters, nearest first."""
    lower = {name.lower(): name for name in names}
    return [lower[match] for match in difflib.get_close_matches(word.lower(), lower, n=n, cutoff=0.5)]


def nearest(word: str, choices: Iterable[str], n: int = 3) -> str:
    """A clause naming the choices nearest to `word`, for the end of an error message."""
    names = [str(choice) for choice in choices]
    if near := close(word, names, n):
        return "did you mean " + ", ".join(near) + "?"
    shown = ", ".join(sorted(names)[:n]) + (", …" if len(names) > n else "")
    return f"valid choices: {shown}" if names else "there are no valid choices"
