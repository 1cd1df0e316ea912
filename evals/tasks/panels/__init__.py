"""The benchmark panels: real retail data rebuilt in full, truth included, before any window is cut."""

from collections.abc import Callable

from ....tools.data.demo import load_complete_journey
from ....tools.data.panel import Panel
from .breakfast import breakfast_weekly
from .favorita import favorita_daily, favorita_monthly, favorita_weekly
from .freshretailnet import freshretailnet_daily
from .koubei import koubei_daily
from .retail2 import retail2_monthly, retail2_weekly
from .rossmann import rossmann_daily, rossmann_weekly
from .vn2 import vn2_weekly


def complete_journey_weekly() -> Panel:
    """500 grocery products by week of 2017, with the plan of prices, promotions and coupons."""
    return load_complete_journey("W")


def complete_journey_daily() -> Panel:
    """500 grocery products by day of 2017, with the plan of prices, promotions and coupons."""
    return load_complete_journey("D")


# A name ends in _daily, _weekly or _monthly; what stands before it is whose sales they are.
PANELS: dict[str, Callable[[], Panel]] = {
    "rossmann_daily": rossmann_daily,
    "rossmann_weekly": rossmann_weekly,
    "complete_journey_weekly": complete_journey_weekly,
    "complete_journey_daily": complete_journey_daily,
    "retail2_weekly": retail2_weekly,
    "retail2_monthly": retail2_monthly,
    "koubei_daily": koubei_daily,
    "breakfast_weekly": breakfast_weekly,
    "freshretailnet_daily": freshretailnet_daily,
    "vn2_weekly": vn2_weekly,
    "favorita_daily": favorita_daily,
    "favorita_weekly": favorita_weekly,
    "favorita_monthly": favorita_monthly,
}
