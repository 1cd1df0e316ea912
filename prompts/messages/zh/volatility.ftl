volatility-title = 销量波动
volatility-example = 哪些产品波动最大
volatility-of = { $what }：各{ $period }销量的波动为均值（{ $mean } 件）的 { $percent }%，{ $steady ->
    [X] 较稳定
    [Y] 有波动
   *[Z] 波动很大
 }（{ $cell } 类）。
volatility-among = 比其他 { $count } 个产品中的 { $share }% 更稳定。
volatility-empty = 有 { $share }% 的{ $period }没有销量。
volatility-most = { $what }：波动最大的是 { $product }，波动为均值（每{ $period } { $mean } 件）的 { $percent }%。
volatility-least = 最稳定的是 { $product }：{ $mean } 件的 { $percent }%。
volatility-cells = { $x } 个较稳定（X：波动小于均值的一半），{ $y } 个有波动（Y），{ $z } 个波动很大（Z：大于均值）。
volatility-table = 最近 { $span }波动最大的
volatility-too-short = { $what }：已知销量太少，看不出波动
column-cell = 类别
column-varies-by = 波动（占均值 %）
column-without-sales = 无销量周期 %
column-mean = 均值
