help-title = what you can ask, with examples
help-example = what can you do?
help-hello = Hello!
help-thanks = You're welcome.
help-bye = Goodbye. Nothing is lost: forecasts stay as they were made.
help-says = I know what { $count } { $count ->
    [one] product
   *[other] products
} sold until { $until }; the best seller is { $example }.
help-asks = Ask, for example: { $asked }.
asked-separator = { "; " }
help-ask-forecast = “forecast next month for { $sku }”
help-ask-why = “why?”
help-ask-if = “what if we take 10% off { $sku } in week 2”
help-ask-order = “reorder point of { $sku }, lead time { $span }, 40 on hand”
help-ask-movers = “what fell most?”
