compare-title = 产品对比
compare-example = 对比香蕉和柠檬最近 8 周
compare-product = { $product } 过去 { $span }平均每{ $period }售出 { $now } 件，{ $way ->
    [up] 比此前的 { $then } 件高 { $change }%。
    [down] 比此前的 { $then } 件低 { $change }%。
    [same] 与此前的 { $then } 件大致持平。
    [none] 此前为 { $then } 件。
   *[no-past] 更早没有数据。
 }
compare-best = 其中最畅销的是 { $product }。
nothing-known-of-product = { $product }：过去 { $span }没有已知数据
