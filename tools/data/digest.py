"""The digest of a panel: it changes with every value, so that what was made of the data is known again."""

import hashlib
import json

import pandas as pd

from .panel import Panel


def panel_digest(panel: Panel) -> str:
    """Digest of all that a panel holds: past, plan, static columns, schema and periods, as 64 hexadecimal digits."""
    found = hashlib.sha256(json.dumps([panel.schema.model_dump_json(), panel.offset]).encode())
    for table in (panel.past, panel.future, panel.described.reset_index().astype(str)):
        found.update(repr(list(table.columns)).encode())
        found.update(pd.util.hash_pandas_object(table, index=False).to_numpy().tobytes())
    return found.hexdigest()
