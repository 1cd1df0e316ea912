suppliers-title = how reliable suppliers are
suppliers-example = which suppliers are late
suppliers-one = { $supplier }: { $deliveries } { NOUN($deliveries, "delivery", "deliveries") }, { $open } { NOUN($open, "order", "orders") } open; { $promised ->
    [yes] { $on_time } % were on time{ $ever ->
        [yes] , the late ones { $late_days } { NOUN($late_days, "day", "days") } late on average
       *[no] { "" }
    }
   *[no] whether they were on time is not known
 }. An order takes { $middle } { NOUN($middle, "day", "days") } in the middle, { $least } to { $most } from the 10 % to the 90 % quantile.
suppliers-late = Of { $of } { NOUN($of, "supplier", "suppliers") } with promised dates { $late } were late at least once, most often: { $suppliers }.
suppliers-first-late = { $supplier } ({ $share } % of deliveries late, by { $days } { NOUN($days, "day", "days") } on average)
suppliers-punctual = None of { $of } { NOUN($of, "supplier", "suppliers") } with promised dates was late.
suppliers-no-file = no past deliveries are known: start with skucast chat SALES --deliveries FILE
suppliers-unknown = { $words } has no delivery in { $source }: { $hint }
suppliers-table = how suppliers deliver; lead times in days
suppliers-drifts = { $supplier }: deliveries of the last year took { $days } { NOUN($days, "day", "days") } { $way ->
    [longer] longer
   *[shorter] less
 } than those before, by medians.
suppliers-dropped-no-order-date = { $count } { NOUN($count, "row without an order date that can be read is", "rows without an order date that can be read are") } left out
suppliers-dropped-negative = { $count } { NOUN($count, "row that was delivered before it was ordered is", "rows that were delivered before they were ordered are") } left out
suppliers-dropped-too-long = { $count } { NOUN($count, "row of three years or more from order to delivery is", "rows of three years or more from order to delivery are") } left out
suppliers-undelivered = { $count } with orders have delivered nothing yet, and are not in the table: { $suppliers }{ stock-and-more }
suppliers-no-promises = no column of promised dates: what was on time is not known
suppliers-basis = as known on { $date }, the last day in the table; orders of the last { $memory } days count, those without a delivery date as still open; quantiles have { $shrink } { NOUN($shrink, "order", "orders") } of all suppliers beside a supplier's own; drift holds the last { $recent } days against those before, with { $fewest } deliveries or more on each side, and is said where chance is below 1 %
supplier-drift = { $way ->
    [longer] { $days } { NOUN($days, "day", "days") } longer
    [shorter] { $days } { NOUN($days, "day", "days") } shorter
    [none] not shown
   *[few] too few
 }
deliveries-nameless = { $count } { NOUN($count, "row without a supplier is", "rows without a supplier are") } left out
deliveries-unread = { $column }: { $count } cannot be read as a date and are taken as not given: { $texts }
orders-supplier-leads = { $count } { NOUN($count, "product without a lead time of its own takes", "products without a lead time of their own take") } those of past deliveries of { $suppliers } { NOUN($suppliers, "supplier", "suppliers") } in { $source }, as { $parts } equally likely lengths, in whole { $several } rounded up
orders-supplier-capped = lead times beyond { $longest } of { $suppliers } are taken as that: more cannot be forecast
orders-supplier-unknown = { $count } { NOUN($count, "supplier of the stock file has", "suppliers of the stock file have") } no past deliveries in { $source }: { $suppliers }{ stock-and-more }
column-supplier = supplier
column-deliveries = deliveries
column-open = open
column-on-time = on time, %
column-late-days = days late
column-lead-10 = 10 %
column-lead-50 = 50 %
column-lead-90 = 90 %
column-drift = drift
