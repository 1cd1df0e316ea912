"""The synthetic retailer, whose true demand is known."""
