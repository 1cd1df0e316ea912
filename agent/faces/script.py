"""JSON within a script element of a page, from which no value of the data can break out."""

import json
from typing import Any

ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


class ScriptSafe(json.JSONEncoder):
    """For `json.dumps(…, cls=ScriptSafe)`: the same values, written without the letters that HTML reads."""

    def encode(self, o: Any) -> str:
        """The text: in JSON these letters stand in strings alone."""
        return super().encode(o).translate(ESCAPES)
