stock-and-more = { $more ->
    [0] { "" }
   *[other] 等，另有 { $more } 个
 }
stock-no-sales = 库存文件中有 { $count } 个没有销量，已略去：{ $products }{ stock-and-more }
stock-missing = 有销量但库存文件中没有的共 { $count } 个，不作建议：{ $products }{ stock-and-more }
stock-no-product = 库存文件中没有产品编号的行已略去
stock-twice = 库存文件中重复的行只计一次：{ $products }{ stock-and-more }
stock-several = 现有库存不止一个数，取第一个：{ $products }{ stock-and-more }
stock-costs-several = 有不止一个成本，取第一个：{ $products }{ stock-and-more }
stock-no-stock = 未给出现有库存，按 0 计：{ $products }{ stock-and-more }
stock-stock-unread = 现有库存无法读取，不作建议：{ $products }{ stock-and-more }
stock-negative = 库存为负，按 0 计：{ $products }{ stock-and-more }
stock-below-cost = 售价低于单位成本，每售一件都亏损：{ $products }{ stock-and-more }
stock-no-pack = 箱规为 0 或更小，按 1 计：{ $products }{ stock-and-more }
stock-past-due = 在途且到货日期已过，按现在到货计：{ $products }{ stock-and-more }
stock-no-due = 在途但没有到货日期，按交货期之后到货计：{ $products }{ stock-and-more }
stock-lead-too-long = 交货期与订货周期之和超过可预测的长度，不作建议：{ $products }{ stock-and-more }
stock-length = 时间长度无效，改用策略中的值：{ $products }{ stock-and-more }
stock-unread = 无法读取，已略去：{ $products }{ stock-and-more }
stock-no-unit = { $lengths }未注明单位，按{ $unit }计
stock-lead-time = 交货期
stock-review = 订货周期
stock-shelf-life = 保质期
