"""Scores: contestants, windows and metrics, so that every claim is one command away."""
