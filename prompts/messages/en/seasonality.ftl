seasonality-title = season and trend
seasonality-example = when does it sell best
seasonality-weekdays = { $product } sells most on { $best }, { $high }, and least on { $worst }, { $low }.
seasonality-months = { $product } sells most in { $best }, { $high }, and least in { $worst }, { $low }.
seasonality-trend = Over the last { $span } its trend is { $way ->
    [rising] rising, by about { $units } { NOUN($units, "unit", "units") } a { $period } from end to end.
    [falling] falling, by about { $units } { NOUN($units, "unit", "units") } a { $period } from end to end.
   *[flat] flat.
 }
seasonality-turned = It has no steady trend: { $way ->
    [rising] over the last { $span } it mostly rose
    [falling] over the last { $span } it mostly fell
   *[flat] over the last { $span } it was mostly level
 }, but it sold { $now } { NOUN($now, "unit", "units") } a { $period } in the last { $late }, { $turn ->
    [up] { $change } % higher than
    [times] { $times } times
   *[down] { $change } % lower than
 } the { $late } before ({ $then }).
seasonality-short = Less than two years are known: whether this comes every year, or is a trend, cannot be told for sure.
seasonality-table = { $product }, share of its mean
season-too-short = { $product }: { $span } with sales are too few to see a season
