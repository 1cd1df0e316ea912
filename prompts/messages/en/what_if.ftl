what-if-title = another price or promotion
what-if-example = what if we take 10% off in week 2
what-if-response = With { $plan }, the model's response is { $new } { NOUN($new, "unit", "units") } of { $product } in total over { $span }, against { $old } as planned.
what-if-response-in = With { $plan } in { $period } { $places }, the model's response is { $new } { NOUN($new, "unit", "units") } of { $product } in total over { $span }, against { $old } as planned.
what-if-elsewhere = Its own past holds hardly a case like it, so the response is that of other products.
what-if-unseen = The data holds hardly a case like it, so the model learned little of it: do not rely on this.
what-if-past = In the past it sold { $on } { NOUN($on, "unit", "units") } a { $period } in { $span } with a { $promotion }, { $off } in the others.
what-if-no-effect = This is how like cases sold in the data, not a proven effect.
plan-price = the price { $change } % { $way ->
    [down] lower
   *[up] higher
 }
plan-promotion = a promotion
plan-promotion-at = a promotion at { $percent } % off
plan-no-promotion = no promotion
plan-both = { $first } and { $second }
what-if-nothing = what is to change? Say for example: what if 10 % off in week 2, or: if we put it on promotion
what-if-no-plan = the data plans no price or promotion, so nothing can be said of another one
what-if-past-horizon = period { $period }: the horizon has { $horizon }
what-if-elasticity = Its elasticity is { $mean } (95 % interval { $e_low } to { $e_high }), from its own past and products like it; so the total lies between { $low } and { $high }. Only what is not known of the elasticity is in that.
column-low = low
column-high-end = high
