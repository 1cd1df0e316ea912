backtest-title = how good the forecasts were
backtest-example = how good were you on it
backtest-missed = Tested on { $windows ->
    [one] { $windows } known window
   *[other] { $windows } known windows
 } of { $span }: forecasts of { $product } missed by { $mae } { NOUN($mae, "unit", "units") } a { $period } on average, repeating the last known { $period } by { $naive }.
backtest-inside = { $inside } of { $of } fell within the 80 % interval.
backtest-seen = The LLM was fine-tuned on data until { $until }: if on this data, it has seen some of what was tested.
backtest-table = backtest of { $product }
backtest-too-short = { $product }: too short a past to test { $span } on
backtest-bias = In total the forecasts were { $way ->
    [high] { $percent } % too high
    [low] { $percent } % too low
   *[none] neither too high nor too low
 }.
