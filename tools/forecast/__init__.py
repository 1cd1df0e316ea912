"""Forecasts without an LLM: statistics, trees, their blend, sample paths, cold starts."""
