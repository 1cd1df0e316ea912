promotion-review-title = whether the last promotion was worth it
promotion-review-example = was the last promotion of bananas worth it
promotion-review-uplift = { $product }: the last promotion, { $periods ->
    [one] of { $first }
   *[more] from { $first } to { $last }
 }, sold { $sold } { NOUN($sold, "unit", "units") }, { $mean } more than would have sold at the regular price (95 % interval { $low } to { $high }).
promotion-review-dip = In up to four periods after it, units differ by { $mean } from what would have sold ({ $low } to { $high }).
promotion-review-margin = In margin, with the price cut and what came after, it { $way ->
    [up] earned { $mean }
   *[down] lost money: { $mean }
 } ({ $low } to { $high }); the chance that it lost money is { $worse } %.
promotion-review-no-cost = No cost is known, or not every price, so nothing is said of money; columns unit_cost and price in the data give them.
promotion-review-assumed = What would have sold is estimated from its other periods and its category; other products' lost sales and a supplier's funding are not in it.
promotion-review-none = { $product } had no promotion that is over and whose units are known
