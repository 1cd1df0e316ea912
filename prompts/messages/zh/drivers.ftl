# What drives a forecast, and the rest of its evidence. Retellings of the same facts stand in prompts/retellings.

unit-D = 天
unit-W = 周
unit-2W = 个两周期
unit-4W = 个四周期
unit-M = 个月

driver-level = 近期销量：过去 { $periods } { $unit }平均每{ $period } { $recent_mean } 件{ $way ->
    [up] ，比此前 { $periods_before } { $unit }高 { $change_percent }%
    [down] ，比此前 { $periods_before } { $unit }低 { $change_percent }%
    [times] ，是此前 { $periods_before } { $unit }的 { $times } 倍
    [same] ，与此前 { $periods_before } { $unit }大致持平
   *[none] { "" }
 }。
driver-outlook = 预测为每{ $period } { $forecast_mean } 件，{ $way ->
    [up] 比近期销量高 { $change_percent }%
    [down] 比近期销量低 { $change_percent }%
    [times] 是近期销量的 { $times } 倍
   *[same] 与近期销量大致持平
 }。
driver-last_year = { $way ->
    [up] 总量比去年同期的 { $last_year } 件高 { $change_percent }%。
    [down] 总量比去年同期的 { $last_year } 件低 { $change_percent }%。
    [times] 总量是去年同期的 { $last_year } 件的 { $times } 倍。
   *[same] 总量与去年同期的 { $last_year } 件大致持平。
 }
driver-plan = 未来 { $horizon } { $unit }中，价格和促销只计划了 { $planned_periods } { $unit }，其余未知。
driver-price-none = 未来时段没有计划价格。
driver-price = { $way ->
    [up] 计划价格：{ $planned_price }，平时 { $usual_price }，即高 { $change_percent }%。
    [down] 计划价格：{ $planned_price }，平时 { $usual_price }，即低 { $change_percent }%。
    [times] 计划价格：{ $planned_price }，平时 { $usual_price }，是其 { $times } 倍。
   *[same] 计划价格：{ $planned_price }，与平时（{ $usual_price }）相同。
 }
driver-discount = 计划折扣：平均降价 { $planned_percent }%，近期为 { $usual_percent }%。
driver-promo = 未来 { $planned_percent }% 的时段有促销，近期为 { $usual_percent }%。
driver-display = 未来有 { $planned_percent }% 的门店做店内陈列，近期为 { $usual_percent }%。
driver-mailer = 未来有 { $planned_percent }% 的门店将其列入促销海报，近期为 { $usual_percent }%。
driver-coupon = 未来 { $horizon } { $unit }中有 { $with_coupon } { $unit }开展优惠券活动。
driver-deals = 过去 { $periods } { $unit }中有 { $deal_periods } { $unit }{ $off ->
    [yes] 平均降价约 { $deal_percent }%
   *[no] 做了促销
 }{ $turn ->
    [none] { "" }
    [same] ，与此前 { $periods_before } { $unit }一样多
   *[other] ，此前 { $periods_before } { $unit }中有 { $deals_before } { $unit }
 }。
driver-season-yearly = { $years ->
    [1] 一年前也是如此：
   *[other] 每年都是如此：此前 { $years } 年里，
 }同样的 { $periods } { $unit }也都{ $turn ->
    [up] 高于
   *[down] 低于
 }再往前的时段。
driver-season-not-yearly = 这不是季节因素：{ $years ->
    [1] 一年前
   *[other] 此前 { $years } 年里
 }，同样的 { $periods } { $unit }都没有这样{ $turn ->
    [up] 上升
   *[down] 下降
 }。
driver-season-some-years = 此前 { $years } 年中有 { $alike } 年，同样的 { $periods } { $unit }也{ $turn ->
    [up] 上升
   *[down] 下降
 }。
driver-season-one-year = 在已知的一年里，{ $best }销量最高，{ $best_way ->
    [times] 是均值的 { $best_times } 倍
   *[up] 比均值高 { $best_change }%
 }；{ $worst }最低，比均值低 { $worst_change }%；是否每年如此，仅凭一年无法判断。
driver-response-discount = 过去有折扣的 { $promoted_periods } { $unit }平均售出 { $promoted_mean } 件，其余 { $other_periods } { $unit }平均 { $other_mean } 件。
driver-response-promo = 过去有促销的 { $promoted_periods } { $unit }平均售出 { $promoted_mean } 件，其余 { $other_periods } { $unit }平均 { $other_mean } 件。
driver-intermittent = 销售呈间歇性：按{ $period }计，{ $zero_percent }% 的时段没有销量。
driver-stockout-unknown = 过去 { $periods } { $unit }中有 { $out_of_stock } { $unit }缺货：本可售出多少不得而知。
driver-stockout = 过去 { $periods } { $unit }中有 { $out_of_stock } { $unit }缺货：因此少卖约 { $lost_units } 件（{ $interval }% 区间为 { $lost_q0_1 } 到 { $lost_q0_9 } 件）。
driver-stockout-partly = 过去 { $periods } { $unit }中有 { $out_of_stock } { $unit }缺货，其中 { $partly } { $unit }只是部分时间：因此少卖约 { $lost_units } 件（{ $interval }% 区间为 { $lost_q0_1 } 到 { $lost_q0_9 } 件）。

evidence-forecast = 预测：{ $span }共 { $total_median } 件，很可能在 { $total_q0_1 } 到 { $total_q0_9 } 件之间（{ $interval }% 预测区间）。
group-coherent = 合计是 { $count } 个序列的预测一同抽样后相加；过去不同序列之间预测误差的相关系数为 { $correlation }。
group-reconciled = 合计是 { $count } 个序列的预测一同抽样后相加；过去不同序列之间预测误差的相关系数为 { $correlation }。各序列按比例调整，使全部序列之和与其总量的统计预测一致。
group-of-one = 合计就是其唯一序列的预测。
evidence-validation = 在最近已知的 { $span }上，LLM 的损失为 { $loss_llm } 件，不含 LLM 的预测为 { $loss_base } 件，因此 LLM 在本预测中占 { $weight_percent }%。
evidence-validation-shared = 在最近已知的 { $span }上，LLM 的损失为 { $loss_llm } 件，不含 LLM 的预测为 { $loss_base } 件；在其他产品上它合计赢得 { $witness_percent }% 的权重。两者综合，LLM 在本预测中占 { $weight_percent }%。
