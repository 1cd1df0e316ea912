orders-title = what to order, what runs out, what lies too long
orders-example = what should we order this week
orders-table = what to do, the most urgent first
orders-lasts = not yet
urgency-order = order now
urgency-left-out = left out
urgency-runs-out = runs out
urgency-over = over-stocked
urgency-dead = dead
urgency-fine = fine
column-urgency = what
column-on-hand = on hand
column-on-order = on order
column-order = order
column-cost = cost
column-cover = weeks cover
column-runs-out = runs out
column-risk = risk, %
column-over = too much
column-over-cost = too much, cost
orders-order = { $product }: order { $units } { NOUN($units, "unit", "units") } now{ $priced ->
    [yes] , which cost { $cost }
   *[no] { "" }
 }. { $stock } are on hand and { $coming } on order.
orders-because = Over { $span } of lead time and review { $demand } are expected to sell; for a service level of { $service } % that takes { $up_to }, of which { $safety } are safety stock, against { $position } on hand and due in time.
orders-lead-varies = The lead time varies between { $shortest } and { $longest }: what is expected to sell is over its mean, and the safety stock is for what it may take.
orders-rule = By the policy, the holding of what would still be left a review later counts { $linger } times, and demand counts { $scale } times: so { $short } are short.
orders-gone = { $units } of these are wanted before the order arrives, when nothing is left: such sales are lost and not ordered again, so { $short } are short.
orders-fill = With the order { $rate } % of the demand of these { $span } is met, without it { $without } %.
orders-packs = Orders are whole packs of { $pack }, and { $moq } { NOUN($moq, "unit", "units") } or more.
orders-none = { $product }: nothing need be ordered now. { $stock } are on hand and { $coming } on order.
orders-out = If nothing is ordered it is expected to run out in the period of { $date }; the risk that it does before an order placed now arrives is { $risk } %.
orders-over = { $units } { NOUN($units, "unit is", "units are") } more than high demand needs over { $span }{ $priced ->
    [yes] ; they cost { $cost }
   *[no] { "" }
 }.
orders-dead = { $units } { NOUN($units, "unit is in stock and has", "units are in stock and have") } not sold of late.
orders-cut = { $product }: { $proposed } { NOUN($proposed, "unit is", "units are") } proposed; { $limit ->
    [budget] the budget leaves
    [capacity] the capacity leaves
   *[both] budget and capacity leave
 } { $units } of them.
orders-total = To order now: { $order } of { $count } { NOUN($count, "product", "products") }, { $units } { NOUN($units, "unit", "units") } in all, which meet { $saved } { NOUN($saved, "unit", "units") } of demand that would else be missed. Nothing to order, but run out before the next delivery: { $runs_out }.
orders-total-cost = The orders cost { $cost }; what lies too long costs { $over }.
orders-total-over = Over-stocked: { $over }; dead: { $dead }; together { $units } { NOUN($units, "unit", "units") } more than high demand needs.
orders-unpriced = No unit cost is known of { $count } of the orders: they are not in the cost.
orders-proposal = Nothing is sent anywhere: an order is a proposal.
orders-assumed-lead-time = assumed: a lead time of { $value } for { $count } { NOUN($count, "product", "products") }, as none is given
orders-assumed-review = assumed: an order every { $value } for { $count } { NOUN($count, "product", "products") }, as no review period is given
orders-assumed-service = assumed: a service level of { $value } % for { $count } { NOUN($count, "product", "products") }, as none is given
orders-assumed-unmet = assumed: demand that meets no stock { $unmet ->
    [lost] is lost
   *[backorders] waits
 }; what is on order arrives at the start of the period that it is due in
orders-assumed-span = assumed: too much is what exceeds the q0.9 of demand over { $span }
orders-assumed-base = assumed: demand as { $quick ->
    [yes] quick statistics forecast it
   *[no] the combined tools forecast it, without an LLM
 }
orders-assumed-recovered = assumed: in periods out of stock for a part more was wanted than sold; demand is learned from what was wanted, as estimated
orders-limited = { $count } { NOUN($count, "order is", "orders are") } smaller than proposed, or left out, to stay within { $limits }.
orders-limit-budget = a budget of { $budget }
orders-limit-capacity = a capacity of { $capacity }
orders-stored = when the orders arrive, stock is expected to take { $without } { NOUN($without, "storage unit", "storage units") } without them, and they take { $orders } more, of a capacity of { $capacity }{ $full ->
    [yes] : it is full without any order
   *[no] { "" }
 }
orders-assumed-volume = assumed: a unit of each product takes one storage unit, as the stock file has no column of volumes
orders-unmeasured = what a unit takes of the storage is not known of { $count } { NOUN($count, "product", "products") }: they are not in the capacity
orders-no-stock-file = no stock is known: start with skucast chat SALES --stock STOCK_FILE, or give the data a column { $column } with units on hand
orders-none-of = no product of { $what } is in the stock file
stock-unusable = { $count } cannot be forecast, see skucast data check: { $products }{ stock-and-more }
orders-more = and { $count } more ({ $fine } in all are fine); --json and --out hold every line
orders-found-order = { $of }: { $found } of { $count } should be ordered now: { $products }.
orders-found-risk = { $of }: { $found } of { $count } may run out before an order arrives: { $products }.
orders-found-over = { $of }: of { $count }, { $found } are over-stocked and { $dead } are dead, which is in stock and has not sold of late: { $products }.
orders-found-dead = { $of }: { $found } of { $count } lie in stock and have not sold of late: { $products }.
orders-first-order = { $product } { $units } { NOUN($units, "unit", "units") }
orders-first-risk = { $product } with { $risk } %
orders-first-over = { $product } { $units } { NOUN($units, "unit", "units") } too many
orders-first-dead = { $product } { $units } { NOUN($units, "unit", "units") }
orders-nothing = { $of }: none of { $count } { $what ->
    [order] need be ordered now
    [risk] is at risk of running out
    [over] is over-stocked or dead
   *[dead] is dead stock
 }.
orders-late = With all deliveries { $span } late, { $gone } of { $count } { NOUN($count, "product", "products") } are expected to run out before anything comes; on time, { $usual_gone }. To be ordered are { $units } { NOUN($units, "unit", "units") }; on time, { $usual }{ $way ->
    [same] , as many
   *[other] { ": " }{ $more } { $way }
 }{ $priced ->
    [yes] . They cost { $cost }; on time, { $usual_cost }
   *[no] { "" }
 }.
orders-service = A service level of { $service } % takes orders of { $units } { NOUN($units, "unit", "units") }; the policy as it is takes { $usual }{ $way ->
    [same] , as many
   *[other] { ": " }{ $more } { $way }
 }{ $priced ->
    [yes] . They cost { $cost }; as it is, { $usual_cost }: a difference of { $dearer }
   *[no] { "" }
 }.
