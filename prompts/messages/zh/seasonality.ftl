seasonality-title = 季节与趋势
seasonality-example = 它什么时候卖得最好
seasonality-weekdays = { $product }：{ $best }销量最高，{ $high }；{ $worst }最低，{ $low }。
seasonality-months = { $product }：{ $best }销量最高，{ $high }；{ $worst }最低，{ $low }。
seasonality-trend = 过去 { $span }{ $way ->
    [rising] 呈上升趋势，首尾相差约每{ $period } { $units } 件。
    [falling] 呈下降趋势，首尾相差约每{ $period } { $units } 件。
   *[flat] 趋势平稳。
 }
seasonality-turned = 没有稳定的趋势：过去 { $span }{ $way ->
    [rising] 大体上升
    [falling] 大体下降
   *[flat] 大体平稳
 }，但最近 { $late }平均每{ $period } { $now } 件，{ $turn ->
    [up] 比此前 { $late }（{ $then } 件）高 { $change }%。
    [times] 是此前 { $late }（{ $then } 件）的 { $times } 倍。
   *[down] 比此前 { $late }（{ $then } 件）低 { $change }%。
 }
seasonality-short = 已知数据不足两年，这是每年如此还是一种趋势，还无法确定。
seasonality-table = { $product }，占均值的比例
season-too-short = { $product }：仅有 { $span }的销售数据，看不出季节性
