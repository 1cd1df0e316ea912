seasonality-title = season and trend
seasonality-example = when does it sell best
seasonality-trend = { $product }: over the last { $span } its trend is { $way ->
    [rising] rising, by about { $units } units a { $period } from end to end.
    [falling] falling, by about { $units } units a { $period } from end to end.
   *[flat] flat.
 }
seasonality-weekdays = It sells most on { $best }, { $high } % above its mean, and least on { $worst }, { $low } % below.
seasonality-months = It sells most in { $best }, { $high } % above its mean, and least in { $worst }, { $low } % below.
seasonality-short = Less than two years are known, so season and trend cannot be told apart for sure.
seasonality-table = { $product }, share of its mean
season-too-short = { $product }: { $span } with sales are too few to see a season
