promotion-review-title = 上次促销是否值得
promotion-review-example = 香蕉上次促销值得吗
promotion-review-uplift = { $product }：上次促销{ $periods ->
    [one] 在 { $first }
   *[more] 从 { $first } 到 { $last }
 }，售出 { $sold } 件，比按正常价格多售 { $mean } 件（95% 区间 { $low } 至 { $high }）。
promotion-review-dip = 其后至多四个周期内，销量与本应售出的相差 { $mean } 件（{ $low } 至 { $high }）。
promotion-review-margin = 计入降价和其后的影响，毛利{ $way ->
    [up] 增加 { $mean }
   *[down] 为亏损：{ $mean }
 }（{ $low } 至 { $high }）；亏损的可能为 { $worse }%。
promotion-review-no-cost = 成本未知或价格不全，故不谈金额；数据中有 unit_cost 列和 price 列时则可。
promotion-review-assumed = 本应售出的数量由其其他周期和所属品类估计；未计入其他商品的损失和供应商的资助。
promotion-review-none = { $product } 没有已经结束且销量已知的促销
