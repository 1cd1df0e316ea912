top-movers-title = 涨跌排行
top-movers-example = 哪些产品涨跌最大
top-movers-most = { $product } { $way ->
    [up] 涨幅
   *[down] 跌幅
 }最大，{ $when }与此前 { $span }相比，每{ $period }{ $what }从 { $before } 变为 { $last }。
top-movers-table = 每{ $period }{ $what }，{ $when }与此前相比
movers-too-short = 历史太短，看不出涨跌
nothing-moved = { $way ->
    [up] 没有产品上涨
    [down] 没有产品下跌
   *[either] 没有产品涨跌
 }
