buyers-title = who buys a product, and why that changed
buyers-example = who buys bananas
buyers-table = buyers of { $product } by group
column-buyers-kind = by
column-buyers-group = group
column-buyers-people = customers
column-buyers-count = buyers
column-buyers-share = share, %
column-buyers-interval = 95 % interval
column-buyers-index = index
column-buyers-money = of its money, %
buyers-named = "{ $words }" ({ $count } { $count ->
    [1] product
   *[other] products
 })
buyers-who = { $count } of { $people } { NOUN($people, "customer", "customers") } bought { $product } in { $span } ({ $share } %), on { $visits } { NOUN($visits, "visit", "visits") } for { $money }; { $again } % of them on more than one.
buyers-most = More than others: { $groups }.
buyers-above = { $kind } { $group } (index { $index })
buyers-by-recency = days since the last visit
buyers-by-frequency = visits so far
buyers-by-value = money so far
buyers-recency-low = few
buyers-recency-middle = some
buyers-recency-high = many
buyers-recency-new = new
buyers-frequency-low = few
buyers-frequency-middle = some
buyers-frequency-high = many
buyers-frequency-new = new
buyers-value-low = little
buyers-value-middle = some
buyers-value-high = much
buyers-value-new = new
buyers-change = It sold for { $after } after { $before } in { $span }: { $way ->
    [up] up { $change } %
    [down] down { $change } %
    [times] { $times } times as much
    [same] about the same
   *[none] there is nothing to compare with
 }.
buyers-parts = Of the difference of { $all }: number of buyers { $buyers }, visits a buyer { $visits }, units a visit { $units }, price { $price }; together that is all of it.
buyers-cause-buyers = Mostly the number of people who bought it: { $after } after { $before }.
buyers-cause-visits = Mostly how often a buyer bought it: { $after } { NOUN($after, "visit", "visits") } after { $before }.
buyers-cause-units = Mostly how much went into a visit: { $after } { NOUN($after, "unit", "units") } after { $before }.
buyers-cause-price = Mostly the price paid for a unit: { $after } after { $before }.
buyers-returned = Returns of { $money } are not in these sums.
buyers-lost = { $count } of the { $buyers } who bought it before did not again: { $switched } spent more on others of its category, { $left } did not, { $gone } bought nothing at all.
buyers-to = They turned most to { $products }.
buyers-few = fewer than { $least }
buyers-hidden = { $count } { NOUN($count, "group", "groups") } of fewer than { $least } customers or buyers { NOUN($count, "is", "are") } not shown, or would give such a group away.
buyers-before-few = Fewer than { $least } bought it in { $span }: what changed since is not told.
buyers-too-few = fewer than { $least } customers bought it in that time: who they are is not shown
buyers-not-in-events = { $source }: nobody bought { $product }
buyers-no-product = { $source }: no product or category is called { $words }
buyers-no-events = what customers did is not known here: open the chat with --events events.csv
buyers-assumed = Groups stand as they were before that time; the interval of a share is Wilson's.
