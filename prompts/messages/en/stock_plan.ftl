stock-plan-title = reorder point and order
stock-plan-example = reorder point of bananas, 120 on hand
stock-plan-point = Over a lead time of { $span }, { $product } will sell { $demand } units on average; at a service level of { $service } % the reorder point is { $point } units, of which { $safety } are safety stock.
stock-plan-assumed = What was not said of lead time and service level is assumed.
stock-plan-order = With { $stock } on hand, order { $units } units now.
stock-plan-enough = With { $stock } on hand, nothing need be ordered yet.
