sales-history-title = 销售历史
sales-history-example = 香蕉 12 月卖了多少
sales-history-last = { $product } 过去 { $span }共售出 { $total } 件，平均每{ $period } { $level } 件。
sales-history-during = { $product } 在 { $when }的 { $span }共售出 { $total } 件，平均每{ $period } { $level } 件。
sales-history-best = 按{ $period }计，销量最高的是 { $best }，{ $high } 件；最低的是 { $worst }，{ $low } 件。
sales-history-before = { $way ->
    [up] 比此前 { $span }（平均每{ $period } { $level } 件）高 { $change }%。
    [down] 比此前 { $span }（平均每{ $period } { $level } 件）低 { $change }%。
    [times] 是此前 { $span }（平均每{ $period } { $level } 件）的 { $times } 倍。
    [same] 与此前 { $span }（平均每{ $period } { $level } 件）大致持平。
   *[none] 此前 { $span }平均每{ $period } { $level } 件。
 }
sales-history-year = { $way ->
    [up] 比去年同期（平均每{ $period } { $level } 件）高 { $change }%。
    [down] 比去年同期（平均每{ $period } { $level } 件）低 { $change }%。
    [times] 是去年同期（平均每{ $period } { $level } 件）的 { $times } 倍。
    [same] 与去年同期（平均每{ $period } { $level } 件）大致持平。
   *[none] 去年同期平均每{ $period } { $level } 件。
 }
nothing-known-of-last = { $product }：最近 { $span }没有任何已知数据
nothing-known-of = { $product }：{ $when } 没有任何已知数据
