backtest-title = 以往预测准不准
backtest-example = 以前对它的预测准吗
backtest-missed = 在 { $windows } 个已知窗口（每个 { $span }）上回测：{ $product } 的预测平均每{ $period }偏差 { $mae } 件，沿用最近一个已知值则偏差 { $naive } 件。
backtest-inside = { $of }中有 { $inside } 个落在 80% 预测区间内。
backtest-seen = LLM 微调所用数据截至 { $until }：如果用的正是这份数据，它已见过部分检验内容。
backtest-table = { $product } 的回测
backtest-too-short = { $product }：历史太短，无法对 { $span }做回测
backtest-bias = 合计来看，预测{ $way ->
    [high] 偏高 { $percent }%
    [low] 偏低 { $percent }%
   *[none] 既不偏高也不偏低
 }。
