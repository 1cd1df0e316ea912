# What drives a forecast, and the rest of its evidence. Retellings of the same facts stand in prompts/retellings.

unit-D = day
unit-W = week
unit-2W = two-week period
unit-4W = four-week period
unit-M = month

driver-level = Recent sales: { $recent_mean } units a { $period } on average over the last { $periods } { $unit }s{ $way ->
    [up] , { $change_percent } % higher than the { $periods_before } { $unit }s before
    [down] , { $change_percent } % lower than the { $periods_before } { $unit }s before
    [times] , { $times } times those of the { $periods_before } { $unit }s before
    [same] , about level with the { $periods_before } { $unit }s before
   *[none] { "" }
 }.
driver-outlook = The forecast is { $forecast_mean } units a { $period }, { $way ->
    [up] { $change_percent } % higher than
    [down] { $change_percent } % lower than
    [times] { $times } times
   *[same] about level with
 } recent sales.
driver-last_year = The total is { $way ->
    [up] { $change_percent } % higher than
    [down] { $change_percent } % lower than
    [times] { $times } times
   *[same] about level with
 } the { $last_year } units of the same time last year.
driver-plan = Price and promotion are planned for { $planned_periods } of the { $horizon } { $unit }s ahead, the rest is not known.
driver-price-none = No price is planned for the periods ahead.
driver-price = { $way ->
    [up] Planned price: { $planned_price }, usual { $usual_price }, so { $change_percent } % higher.
    [down] Planned price: { $planned_price }, usual { $usual_price }, so { $change_percent } % lower.
    [times] Planned price: { $planned_price }, usual { $usual_price }, so { $times } times as high.
   *[same] Planned price: { $planned_price }, as usual ({ $usual_price }).
 }
driver-discount = Planned discount: { $planned_percent } % off on average, against { $usual_percent } % of late.
driver-promo = Promotion in { $planned_percent } % of the periods ahead, against { $usual_percent } % of late.
driver-display = On in-store display in { $planned_percent } % of stores ahead, against { $usual_percent } % of late.
driver-mailer = In the mailer in { $planned_percent } % of stores ahead, against { $usual_percent } % of late.
driver-coupon = A coupon campaign runs in { $with_coupon } of the { $horizon } { $unit }s ahead.
driver-deals = { $deal_periods ->
    [0] None
   *[other] { $deal_periods }
 } of the last { $periods } { $unit }s { $deal_periods ->
    [one] was
   *[other] were
 } { $off ->
    [yes] about { $deal_percent } % off
   *[no] on promotion
 }{ $turn ->
    [none] { "" }
    [same] , as many as of the { $periods_before } before
   *[other] , against { $deals_before ->
        [0] none
       *[other] { $deals_before }
     } of the { $periods_before } before
 }.
driver-season-yearly = { $years ->
    [one] So it was a year before:
   *[other] So it is every year: in each of the { $years } years before,
 } the same { $periods } { $unit }s were also { $turn ->
    [up] higher
   *[down] lower
 } than those before them.
driver-season-not-yearly = It is not the season: { $years ->
    [one] a year before
   *[other] in none of the { $years } years before
 }{ $years ->
    [one] , the same { $periods } { $unit }s did not { $turn ->
        [up] rise
       *[down] fall
     } so.
   *[other] { " " }did the same { $periods } { $unit }s { $turn ->
        [up] rise
       *[down] fall
     } so.
 }
driver-season-some-years = In { $alike } of the { $years } years before, the same { $periods } { $unit }s also { $turn ->
    [up] rose
   *[down] fell
 }.
driver-season-one-year = In the year known it sold most in { $best }, { $best_way ->
    [times] { $best_times } times its mean
   *[up] { $best_change } % above its mean
 }, and least in { $worst }, { $worst_change } % below; whether that comes every year, one year cannot tell.
driver-response-discount = In the past, { $promoted_periods } { $unit }s with a discount sold { $promoted_mean } units on average, the { $other_periods } others { $other_mean }.
driver-response-promo = In the past, { $promoted_periods } { $unit }s with a promotion sold { $promoted_mean } units on average, the { $other_periods } others { $other_mean }.
driver-intermittent = Sales are intermittent: { $zero_percent } % of { $period }s sold nothing.
driver-stockout-unknown = Out of stock in { $out_of_stock } of the last { $periods } { $unit }s: what would have sold is not known.
driver-stockout = Out of stock in { $out_of_stock } of the last { $periods } { $unit }s: about { $lost_units } units were not sold for that ({ $interval } % interval { $lost_q0_1 } to { $lost_q0_9 }).
driver-stockout-partly = Out of stock in { $out_of_stock } of the last { $periods } { $unit }s, in { $partly } of them for a part: about { $lost_units } units were not sold for that ({ $interval } % interval { $lost_q0_1 } to { $lost_q0_9 }).

evidence-forecast = Forecast: { $total_median } units in total over { $span }, likely between { $total_q0_1 } and { $total_q0_9 } ({ $interval } % interval).
group-coherent = The total adds up the forecasts of { $count } series, drawn together: the errors of different series correlate by { $correlation } in the past.
group-reconciled = The total adds up the forecasts of { $count } series, drawn together: the errors of different series correlate by { $correlation } in the past. They are scaled so that all series together are as a statistical forecast of their total says.
group-of-one = The total is the forecast of its only series.
evidence-validation = On the last { $span } known, the LLM's loss was { $loss_llm } units against { $loss_base } for the forecast without it, so it carries { $weight_percent } % of this forecast.
evidence-validation-shared = On the last { $span } known, the LLM's loss was { $loss_llm } units against { $loss_base } for the forecast without it; over other products together it earned a share of { $witness_percent } %. By both it carries { $weight_percent } % of this forecast.
