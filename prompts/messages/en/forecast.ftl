forecast-title = forecasts
forecast-example = forecast next month for SKU 1082185
all-together = All { $count } products together.
category-together = { $count } products of { $category } together.
