"""What it costs: time, memory and accuracy, each by one command."""
