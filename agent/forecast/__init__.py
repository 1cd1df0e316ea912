"""One forecast: the forecaster, its report, evidence, explanation, and the check of every number."""
