accuracy-title = how accurate forecasts are in all
accuracy-example = do we forecast too high?
accuracy-bias = { $what }: forecasts were { $way ->
    [high] { $percent } % too high in all
    [low] { $percent } % too low in all
   *[none] neither too high nor too low in all: the bias is below 1 %
 }.
accuracy-missed = Tested on { $count ->
    [one] { $count } product
   *[other] { $count } products
 } and { $windows ->
    [one] { $windows } known window
   *[other] { $windows } known windows
 } of { $span }, the first after { $first }: they missed by { $wape } % of the units sold (WAPE); repeating the last known value missed by { $naive } %.
accuracy-inside = { $share } % of the actuals fell within the 80 % interval.
accuracy-quick = These are quick statistical forecasts, each from what was known before its window; ask about one product to test the full forecast.
accuracy-table = missed by most, units over all windows
accuracy-too-short = { $what }: too short a past to test { $span } on
