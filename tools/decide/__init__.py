"""What to do with a forecast: decisions computed from the distribution of demand."""
