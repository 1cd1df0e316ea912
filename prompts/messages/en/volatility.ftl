volatility-title = how unevenly it sells
volatility-example = which products are most volatile
volatility-of = { $what } varies by { $percent } % of its mean of { $mean } { NOUN($mean, "unit", "units") } from { $period } to { $period }: { $steady ->
    [X] steady
    [Y] uneven
   *[Z] erratic
 } (class { $cell }).
volatility-among = That is steadier than { $share } % of the { $count } { NOUN($count, "other product", "other products") }.
volatility-empty = It sold nothing in { $share } % of the { $period }s.
volatility-most = { $what }: the most uneven is { $product }, which varies by { $percent } % of its mean of { $mean } { NOUN($mean, "unit", "units") } a { $period }.
volatility-least = The steadiest is { $product }: { $percent } % of { $mean } { NOUN($mean, "unit", "units") }.
volatility-cells = { $x } sell steadily (X: they vary by less than half their mean), { $y } unevenly (Y), { $z } erratically (Z: by more than their mean).
volatility-table = the most uneven of the last { $span }
volatility-too-short = { $what }: too few sales are known to say how unevenly it sells
column-cell = class
column-varies-by = varies by, % of mean
column-without-sales = periods without a sale, %
column-mean = mean
