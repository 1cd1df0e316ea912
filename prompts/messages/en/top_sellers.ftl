top-sellers-title = what sells most
top-sellers-example = top sellers in fruit
top-sellers-best = The best seller is { $product } with { $level } units a { $period } over the last { $span }.
top-sellers-in = The best seller in { $category } is { $product } with { $level } units a { $period } over the last { $span }.
top-sellers-table = units a { $period }, mean of the last { $span }
nothing-sold-of-late = nothing has sold of late
