accuracy-title = 整体预测准确度
accuracy-example = 预测整体偏高吗？
accuracy-bias = { $what }：预测总体上{ $way ->
    [high] 偏高 { $percent }%
    [low] 偏低 { $percent }%
   *[none] 既不偏高也不偏低，偏差低于 1%
 }。
accuracy-missed = 在 { $count } 个商品、{ $windows } 个已知窗口（每个 { $span }，首个始于 { $first } 之后）上检验：误差为售出件数的 { $wape }%（WAPE），沿用最近一个已知值则为 { $naive }%。
accuracy-inside = { $share }% 的实际值落在 80% 预测区间内。
accuracy-quick = 这些是快速统计预测，每个只用其窗口之前已知的数据；询问单个商品可检验完整预测。
accuracy-table = 误差最大的商品，各窗口合计件数
accuracy-too-short = { $what }：历史太短，无法对 { $span }做检验
