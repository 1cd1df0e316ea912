"""What the agent can call: the tools and their arguments."""
