# What was found in a stock file, a line each.

stock-and-more = { $more ->
    [0] { "" }
   *[other] { " " }and { $more } more
 }
stock-no-sales = { $count } of the stock file have no sales, and are left out: { $products }{ stock-and-more }
stock-missing = { $count } with sales are not in the stock file, and nothing is proposed for them: { $products }{ stock-and-more }
stock-no-product = rows of the stock file without a product are left out
stock-twice = rows that stand in the stock file twice count once: { $products }{ stock-and-more }
stock-several = more than one stock on hand, of which the first is taken: { $products }{ stock-and-more }
stock-costs-several = more than one cost, of which the first is taken: { $products }{ stock-and-more }
stock-no-stock = no stock on hand given, counted as 0: { $products }{ stock-and-more }
stock-stock-unread = stock on hand that cannot be read, nothing is proposed: { $products }{ stock-and-more }
stock-negative = negative stock, counted as 0: { $products }{ stock-and-more }
stock-below-cost = the price is below the unit cost, so a sale loses money: { $products }{ stock-and-more }
stock-no-pack = a case pack of 0 or less, counted as 1: { $products }{ stock-and-more }
stock-past-due = on order and due in the past, counted as arriving now: { $products }{ stock-and-more }
stock-no-due = on order without a due date, counted as arriving after the lead time: { $products }{ stock-and-more }
stock-lead-too-long = lead time and review together are longer than can be forecast, nothing is proposed: { $products }{ stock-and-more }
stock-length = a length of time that is none, left to the policy: { $products }{ stock-and-more }
stock-unread = cannot be read, and is left out: { $products }{ stock-and-more }
stock-no-unit = { $lengths } without a unit: taken as { $unit }
stock-lead-time = lead time
stock-review = review
stock-shelf-life = shelf life
