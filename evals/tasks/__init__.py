"""What is forecast: panels and their test windows."""
