what-if-title = 换个价格或促销
what-if-example = 第 2 周降价 10% 会怎样
what-if-response = 若{ $plan }，模型对 { $product } 的响应为 { $span }共 { $new } 件，按原计划为 { $old } 件。
what-if-response-in = 若第 { $places } { $period }{ $plan }，模型对 { $product } 的响应为 { $span }共 { $new } 件，按原计划为 { $old } 件。
what-if-elsewhere = 该产品自身历史中几乎没有类似情形，因此这是其他产品的响应。
what-if-unseen = 数据中几乎没有类似情形，模型对此所知甚少：请勿以此为据。
what-if-past = 过去有{ $promotion }的 { $span }平均每{ $period }售出 { $on } 件，其余时段 { $off } 件。
what-if-no-effect = 这是数据中类似情形的销售表现，并非已证实的效果。
plan-price = 价格{ $way ->
    [down] 下调
   *[up] 上调
 } { $change }%
plan-promotion = 做促销
plan-promotion-at = 做促销（降价 { $percent }%）
plan-no-promotion = 不做促销
plan-both = { $first }并{ $second }
what-if-nothing = 要改变什么？例如：第 2 周降价 10% 会怎样，或：如果做促销
what-if-no-plan = 数据中没有计划价格或促销，因此无法评估其他方案
what-if-past-horizon = 第 { $period } 个时段：预测期只有 { $horizon } 个时段
what-if-elasticity = 其价格弹性为 { $mean }（95% 区间 { $e_low } 至 { $e_high }），来自其自身历史和同类商品；合计因此在 { $low } 至 { $high } 之间，其中只含弹性的不确定性。
column-low = 低
column-high-end = 高
