"""`import skucast`: light, and every public name is there once it is asked for."""

import json
import subprocess
import sys

import pytest
import skucast
from skucast.agent.workbench import Workbench
from skucast.tools.errors import InputError


@pytest.mark.slow
def test_importing_loads_nothing_heavy_and_each_name_resolves() -> None:
    code = """
import json, sys
import skucast
light = sorted({"pandas", "numpy", "torch", "transformers", "typer"} & set(sys.modules))
found = {name: getattr(skucast, name).__module__ for name in skucast.__all__ if name != "__version__"}
print(json.dumps([light, found, sorted(set(skucast.__all__) - set(dir(skucast)))]))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded, found, hidden = json.loads(done.stdout)
    assert (loaded, hidden) == ([], [])
    assert found == {
        "Forecaster": "skucast.agent.forecast.forecaster",
        "ForecastReport": "skucast.agent.forecast.report",
        "InputError": "skucast.tools.errors",
        "Panel": "skucast.tools.data.panel",
        "Workbench": "skucast.agent.workbench",
        "open_engine": "skucast.agent.engines",
        "read_panel": "skucast.tools.data.read",
    }


def test_the_names_are_those_of_the_rooms() -> None:
    assert skucast.Workbench is Workbench
    assert skucast.InputError is InputError
    with pytest.raises(AttributeError, match="no attribute 'forecast_all'"):
        skucast.forecast_all  # noqa: B018
