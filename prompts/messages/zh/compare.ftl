compare-title = 产品对比
compare-example = 对比香蕉和柠檬最近 8 周
compare-product = { $product } 过去 { $span }平均每{ $period }售出 { $now } 件，{ $way ->
    [up] 比再往前 { $span }（平均每{ $period } { $then } 件）高 { $change }%。
    [down] 比再往前 { $span }（平均每{ $period } { $then } 件）低 { $change }%。
    [times] 是再往前 { $span }（平均每{ $period } { $then } 件）的 { $times } 倍。
    [same] 与再往前 { $span }（平均每{ $period } { $then } 件）大致持平。
    [none] 再往前 { $span }平均每{ $period } { $then } 件。
   *[no-past] 更早没有数据。
 }
compare-best = 其中最畅销的是 { $product }，过去 { $span }平均每{ $period } { $now } 件。
nothing-known-of-product = { $product }：过去 { $span }没有已知数据
compare-year = 去年同期的 { $span }每{ $period } { $then } 件：{ $way ->
    [up] 现在高 { $change }%。
    [down] 现在低 { $change }%。
    [times] 现在是其 { $times } 倍。
    [same] 现在大致相同。
   *[none] 无从比较。
 }
compare-no-year = 数据从 { $first } 开始，没有去年同期的 { $span }。
