"""skucast: an LLM agent that forecasts retail and e-commerce demand, and shows its work."""

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .agent.engines import open_engine
    from .agent.forecast.forecaster import Forecaster
    from .agent.forecast.report import ForecastReport
    from .agent.workbench import Workbench
    from .tools.data.panel import Panel
    from .tools.data.read import read_panel
    from .tools.errors import InputError

__version__ = "0.2.0"
__all__ = [
    "Forecaster",
    "ForecastReport",
    "InputError",
    "Panel",
    "Workbench",
    "__version__",
    "open_engine",
    "read_panel",
]

# Read once, by torch and LightGBM: threads that wait may spin this long and then sleep. Without a limit, other work on
# the machine, or a virtual one short of cores, made them ten times slower; without any spinning, twice as slow alone.
os.environ.setdefault("GOMP_SPINCOUNT", "20000")

_HOMES = {  # of the public names, each loaded when it is first asked for
    "Forecaster": "agent.forecast.forecaster",
    "ForecastReport": "agent.forecast.report",
    "InputError": "tools.errors",
    "Panel": "tools.data.panel",
    "Workbench": "agent.workbench",
    "open_engine": "agent.engines",
    "read_panel": "tools.data.read",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
