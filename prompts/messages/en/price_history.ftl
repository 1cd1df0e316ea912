price-history-title = prices and promotions
price-history-example = price history of SKU 1082185
price-history-range = { $product } has cost between { $low } and { $high }, { $last } last.
price-history-promoted = In the { $span } with { $promotion } it sold { $on } { NOUN($on, "unit", "units") } a { $period }, { $way ->
    [up] { $change } % higher than
    [down] { $change } % lower than
    [times] { $times } times
    [same] about level with
   *[none] against
 } the { $off } of the others.
price-history-last = It was last on promotion { $when } ({ $names }{ $depth ->
    [known] , about { $off } % off
   *[none] {""}
 }) and sold { $units } { NOUN($units, "unit", "units") } then.
price-history-plan = As planned from { $first } to { $last }, { $same ->
    [yes] it costs { $low }.
   *[no] it costs between { $low } and { $high }.
 }
price-history-planned = { $name } is planned for { $count } of { $span }, first { $first }.
price-history-not-planned = No { $name } is planned for the { $span } ahead.
price-history-none = { $product }: the data holds no price or promotion of it
promotion-promo = promo
promotion-discount = discount
promotion-display = display
promotion-mailer = mailer
promotion-coupon = coupon
price-history-table = { $product }, prices and promotions of { $when }
column-price = price
column-promotion = promotion
column-off = % off
