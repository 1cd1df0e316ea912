"""How well the agent chooses its tools and explains."""
