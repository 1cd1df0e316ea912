"""skucast: an LLM agent that forecasts retail and e-commerce demand, and shows its work."""

import os

__version__ = "0.1.0"

# Read once, by torch and LightGBM: threads that wait may spin this long and then sleep. Without a limit, other work on
# the machine, or a virtual one short of cores, made them ten times slower; without any spinning, twice as slow alone.
os.environ.setdefault("GOMP_SPINCOUNT", "20000")
