"""What a person sees: the terminal, plots, progress, and the servers."""
