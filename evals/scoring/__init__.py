"""How good it was: contestants, metrics, runs, studies."""
