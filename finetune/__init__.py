"""Weights: examples, trainers and recipes. Empty until the slot head arrives; nothing here pretends otherwise."""
