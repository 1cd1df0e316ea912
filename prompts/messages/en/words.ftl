# Words and parts that many messages share.

product = SKU { $sku }
product-named = SKU { $sku } ({ $name })
category-name = Category { $name }
all-products = All products

list-separator = { ", " }
products-separator = { "; " }

period-D = day
period-W = week
period-M = month
periods-D = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
periods-W = { $count ->
    [one] { $count } week
   *[other] { $count } weeks
}
periods-M = { $count ->
    [one] { $count } month
   *[other] { $count } months
}
not-known = not known
