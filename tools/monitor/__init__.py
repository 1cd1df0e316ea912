"""What came true: forecasts held against the sales that followed."""
