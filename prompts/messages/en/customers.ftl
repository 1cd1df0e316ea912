events-nobody = { $count } { NOUN($count, "row without a user is", "rows without a user are") } left out
events-no-time = { $count } { NOUN($count, "row without a time that can be read is", "rows without a time that can be read are") } left out
events-off-clock = { $count } { NOUN($count, "row before 1990 or in the future is", "rows before 1990 or in the future are") } left out: a clock that was wrong
events-twice = { $count } { NOUN($count, "row that stands there twice is", "rows that stand there twice are") } dropped
events-returns = { $count } { NOUN($count, "row is", "rows are") } returns: no sum of purchases holds them
events-all-buys = no column says what happened: every row is taken as a purchase
events-unknown-kinds = { $count } { NOUN($count, "event of another kind is kept, and counts", "events of other kinds are kept, and count") } for nothing: { $kinds }
events-unknown-products = { $count } { NOUN($count, "product of the events is", "products of the events are") } not among those of the sales: { $products }
events-no-money = no column of money or prices: the value of an event is its units
column-intent-customer = customer
column-intent-session = row
column-intent-chance = chance, %
intent-table-buy = most likely to buy { $product } in the { $days } days from { $day }
intent-table-lapse = most likely to buy nothing in the { $days } days from { $day }
intent-table-sessions = sessions most likely to buy
intent-expected-buy = { $count } of { $people } { NOUN($people, "customer", "customers") } of the last { $active } days are expected to buy { $product } in { $days } days (95 % interval { $low } to { $high }, bootstrap).
intent-expected-lapse = { $count } of { $people } { NOUN($people, "customer", "customers") } of the last { $active } days are expected to buy nothing in { $days } days (95 % interval { $low } to { $high }, bootstrap).
intent-quality = Checked on { $cases } { NOUN($cases, "case", "cases") } that were not learned from: { $share } % came true, AUROC { $auroc }, chances off by { $ece } percentage points on average.
intent-weak = That is little better than guessing: take no decision about single customers by it.
intent-sessions = { $count } { NOUN($count, "session without an outcome is", "sessions without an outcome are") } scored; none of the others is.
intent-duplicates = { $count } { NOUN($count, "row that stands there twice is", "rows that stand there twice are") } dropped
intent-never = none
intent-more = and { $count } more; --json and --out hold every line
intent-why-item-days = { $way ->
    [up] +
   *[down] −
 } it on { $value } of the last { $days } days
intent-why-item-money = { $way ->
    [up] +
   *[down] −
 } { $value } spent on it in { $days } days
intent-why-item-units-last = { $way ->
    [up] +
   *[down] −
 } { $value } { NOUN($value, "unit", "units") } the last time
intent-why-item-since = { $way ->
    [up] +
   *[down] −
 } days since it was last bought: { $value }
intent-why-item-gap = { $way ->
    [up] +
   *[down] −
 } days between two purchases of it: { $value }
intent-why-item-due = { $way ->
    [up] +
   *[down] −
 } time since then against the usual: { $value }
intent-why-item-views = { $way ->
    [up] +
   *[down] −
 } it viewed on { $value } of the last { $days } days
intent-why-item-carts = { $way ->
    [up] +
   *[down] −
 } it in the cart on { $value } of the last { $days } days
intent-why-item-of-any = { $way ->
    [up] +
   *[down] −
 } share of visits with it: { $value }
intent-why-any-days = { $way ->
    [up] +
   *[down] −
 } a visit on { $value } of the last { $days } days
intent-why-any-money = { $way ->
    [up] +
   *[down] −
 } { $value } spent in { $days } days
intent-why-any-since = { $way ->
    [up] +
   *[down] −
 } days since the last visit: { $value }
intent-why-any-gap = { $way ->
    [up] +
   *[down] −
 } days between two visits: { $value }
intent-why-any-due = { $way ->
    [up] +
   *[down] −
 } time since the last visit against the usual: { $value }
intent-why-any-items = { $way ->
    [up] +
   *[down] −
 } kinds of goods in { $days } days: { $value }
intent-why-any-coupons = { $way ->
    [up] +
   *[down] −
 } coupons in { $days } days: { $value }
intent-why-any-views = { $way ->
    [up] +
   *[down] −
 } views in { $days } days: { $value }
intent-why-all-share = { $way ->
    [up] +
   *[down] −
 } share of all customers who bought it in { $days } days: { $value }
intent-why-all-change = { $way ->
    [up] +
   *[down] −
 } its buyers against four weeks earlier: { $value }
intent-why-column = { $way ->
    [up] +
   *[down] −
 } { $column } { $value }
