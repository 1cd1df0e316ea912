"""What the data says: a product's past, the catalogue, what drives a forecast, what-ifs."""
