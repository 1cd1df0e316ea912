"""Weights: examples, recipes, the trainer, the registry, and a synthetic retailer to learn from."""
