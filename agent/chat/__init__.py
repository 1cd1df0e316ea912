"""A conversation: the desk, the agent loop, the router, the session."""
