"""Reasoning: engines, the forecaster, grounded explanations, chat and batch."""
