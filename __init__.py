"""skucast: an LLM agent that forecasts retail and e-commerce demand, and shows its work."""

__version__ = "0.1.0"
