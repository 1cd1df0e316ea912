"""Hours out of stock as the share of a period in stock, by which demand is told from sales that stock cut short."""

import numpy as np
import pandas as pd

from ..messages import Message, message
from .freq import Freq
from .schema import PanelSchema
from .stock import DAYS

OUT_BY = "stockout_hours"  # past-only column: hours of the period in which nothing was on hand
OPEN_BY = "open_hours"  # hours of the period in which something could be sold
SHARE_BY = "in_stock"  # what becomes of the first
DAY = 24  # hours of a day, where no column says how many the place was open


def tells_hours(schema: PanelSchema) -> bool:
    """Whether a column of hours out of stock is declared, and none of the share in stock."""
    return OUT_BY in schema.past_only and SHARE_BY not in schema.covariates


def hours_message(schema: PanelSchema, freq: Freq) -> Message | None:
    """How many hours are taken for a period, where that had to be assumed."""
    if not tells_hours(schema) or OPEN_BY in schema.covariates:
        return None
    return message("assumed-open-hours", hours=round(DAY * DAYS[freq]), column=OPEN_BY)


def with_share(past: pd.DataFrame, schema: PanelSchema, freq: Freq) -> tuple[pd.DataFrame, PanelSchema]:
    """The past and its schema with the share in stock in place of hours out of stock, as they are where none are told.

    The share is 1 - hours out / hours open, 0 to 1, and not known where either is not, or the place was not open.

    Args:
        past: a row a series and period.
        schema: of its columns.
        freq: of the periods.
    """
    if not tells_hours(schema):
        return past, schema
    out = past[OUT_BY].to_numpy(dtype=float, na_value=np.nan)
    whole = np.full(len(past), DAY * DAYS[freq])
    if OPEN_BY in past:
        whole = past[OPEN_BY].to_numpy(dtype=float, na_value=np.nan)
    share = 1 - np.divide(out, whole, out=np.full(len(past), np.nan), where=whole > 0)
    names = [SHARE_BY if name == OUT_BY else name for name in schema.past_only]
    made = past.rename(columns={OUT_BY: SHARE_BY}).assign(**{SHARE_BY: np.clip(share, 0.0, 1.0)})
    return made, schema.model_copy(update={"past_only": names})
