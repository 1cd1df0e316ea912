compare-title = products side by side
compare-example = compare bananas and lemons over 8 weeks
compare-product = { $product } sold { $now } units a { $period } over the last { $span }, { $way ->
    [up] { $change } % higher than the { $then } before.
    [down] { $change } % lower than the { $then } before.
    [same] about level with the { $then } before.
    [none] against the { $then } before.
   *[no-past] with no past before that.
 }
compare-best = The best seller of them is { $product }.
nothing-known-of-product = { $product }: nothing is known of its last { $span }
