top-sellers-title = 畅销排行
top-sellers-example = 最畅销的水果
top-sellers-best = 最畅销的是 { $product }，过去 { $span }平均每{ $period } { $level } 件。
top-sellers-in = { $category }中最畅销的是 { $product }，过去 { $span }平均每{ $period } { $level } 件。
top-sellers-table = 每{ $period }件数，过去 { $span }均值
nothing-sold-of-late = 近期没有销量
