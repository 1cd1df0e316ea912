"""The trainer: networks, objectives, runs and their plots."""
