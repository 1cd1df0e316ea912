price-history-title = 价格与促销
price-history-example = SKU 1082185 的价格历史
price-history-range = { $product } 的价格在 { $low } 到 { $high } 之间，最近为 { $last }。
price-history-promoted = 有{ $promotion }的 { $span }平均每{ $period }售出 { $on } 件，{ $way ->
    [up] 比其余时段的 { $off } 件高 { $change }%。
    [down] 比其余时段的 { $off } 件低 { $change }%。
    [times] 是其余时段的 { $off } 件的 { $times } 倍。
    [same] 与其余时段的 { $off } 件大致持平。
   *[none] 其余时段为 { $off } 件。
 }
price-history-last = 最近一次促销是{ $when }（{ $names }{ $depth ->
    [known] ，约降价 { $off }%
   *[none] {""}
 }），售出 { $units } 件。
price-history-plan = 按计划，自 { $first } 至 { $last } { $same ->
    [yes] 价格为 { $low }。
   *[no] 价格在 { $low } 到 { $high } 之间。
 }
price-history-planned = { $span }中计划有 { $count } 个做{ $name }，首次为 { $first }。
price-history-not-planned = 未来 { $span }没有{ $name }计划。
price-history-none = { $product }：数据中没有它的价格或促销
promotion-promo = 促销
promotion-discount = 折扣
promotion-display = 店内陈列
promotion-mailer = 促销海报
promotion-coupon = 优惠券
price-history-table = { $product }，{ $when }的价格与促销
column-price = 价格
column-promotion = 促销
column-off = 降价 %
