compare-title = products side by side
compare-example = compare bananas and lemons over 8 weeks
compare-product = { $product } sold { $now } { NOUN($now, "unit", "units") } a { $period } over the last { $span }, { $way ->
    [up] { $change } % higher than the { $span } before that ({ $then } a { $period }).
    [down] { $change } % lower than the { $span } before that ({ $then } a { $period }).
    [times] { $times } times the { $span } before that ({ $then } a { $period }).
    [same] about level with the { $span } before that ({ $then } a { $period }).
    [none] against the { $span } before that ({ $then } a { $period }).
   *[no-past] with no past before that.
 }
compare-best = { $product } sells best of them, with { $now } { NOUN($now, "unit", "units") } a { $period } over the last { $span }.
nothing-known-of-product = { $product }: nothing is known of its last { $span }
compare-year = A year before, the same { $span } sold { $then } a { $period }: { $way ->
    [up] now { $change } % higher.
    [down] now { $change } % lower.
    [times] now { $times } times as much.
    [same] now about as much.
   *[none] nothing to compare with.
 }
compare-no-year = The same { $span } a year before are not in the data, which begins on { $first }.
