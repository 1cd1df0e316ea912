seasonality-title = 季节与趋势
seasonality-example = 它什么时候卖得最好
seasonality-trend = { $product }：过去 { $span }{ $way ->
    [rising] 呈上升趋势，首尾相差约每{ $period } { $units } 件。
    [falling] 呈下降趋势，首尾相差约每{ $period } { $units } 件。
   *[flat] 趋势平稳。
 }
seasonality-weekdays = { $best }销量最高，比均值高 { $high }%；{ $worst }最低，比均值低 { $low }%。
seasonality-months = { $best }销量最高，比均值高 { $high }%；{ $worst }最低，比均值低 { $low }%。
seasonality-short = 已知数据不足两年，因此季节性与趋势无法确切区分。
seasonality-table = { $product }，占均值的比例
season-too-short = { $product }：仅有 { $span }的销售数据，看不出季节性
