sales-history-title = what was sold
sales-history-example = what did bananas sell in December
sales-history-last = { $product } sold { $total } { NOUN($total, "unit", "units") } over the last { $span }, { $level } a { $period } on average.
sales-history-during = { $product } sold { $total } { NOUN($total, "unit", "units") } over the { $span } of { $when }, { $level } a { $period } on average.
sales-history-best = Its best { $period } was { $best } with { $high } { NOUN($high, "unit", "units") }, its worst { $worst } with { $low }.
sales-history-before = That is { $way ->
    [up] { $change } % higher than
    [down] { $change } % lower than
    [times] { $times } times
    [same] about level with
   *[none] against
 } the { $span } before ({ $level } a { $period }).
sales-history-year = That is { $way ->
    [up] { $change } % higher than
    [down] { $change } % lower than
    [times] { $times } times
    [same] about level with
   *[none] against
 } the same time a year before ({ $level } a { $period }).
nothing-known-of-last = { $product }: nothing is known of what it sold in the last { $span }
nothing-known-of = { $product }: nothing is known of what it sold in { $when }
