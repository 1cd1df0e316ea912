"""Numbers: panels, the as-of cut, data sources, statistics, baselines and decision maths. No LLM, no torch."""
