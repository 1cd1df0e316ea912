# What a person should know about a forecast.

warning-no-period-known = no period is known
warning-interpolated = { $missing } of { $periods } { NOUN($periods, "period", "periods") } are not known and were interpolated for the base forecast
warning-no-season = less than two seasons known ({ $periods } { NOUN($periods, "period", "periods") }): no season in the base forecast
warning-no-sales = no sales in { $periods } { NOUN($periods, "known period", "known periods") }: zero is forecast
warning-constant = every one of { $periods } { NOUN($periods, "period", "periods") } sold the same
warning-short = only { $periods } { NOUN($periods, "period", "periods") } known: a wide guess around their mean
warning-no-number = { $model } gave no number and was left out
warning-too-slow = { $model } would take { $seconds } s a series, more than { $budget }: left out

warning-cold-start = { $known ->
    [0] no period is known
    [one] only { $known } period known
   *[other] only { $known } periods known
 }: forecast from { $items ->
    [one] { $items } similar item
   *[other] { $items } similar items
 }, with wide bands; most alike: { $alike }
warning-nothing-sold = nothing was sold in the known periods
warning-few-items = too few items to compare with for bands that can be relied on
warning-unlike = no item is much like it: the forecast is near that of any item

warning-left-out = sales of { $count ->
    [one] { $count } series end
   *[other] { $count } series end
 } before { $end }, first { $first }: counted as selling nothing
warning-ended = sales end on { $end }, { $days } { NOUN($days, "day", "days") } before the panel's last
warning-stopped = nothing was sold in the last { $periods }, since { $date }: longer than its usual gaps, so the product seems to have ended
warning-level-shift = the level changed about { $periods } ago ({ $date }) from { $old } to { $new } { NOUN($new, "unit", "units") } a period
warning-outlier = one order of about { $times } times the usual ({ $units } { NOUN($units, "unit", "units") } in the period { $date }) was damped
warning-stands-in = { $why }: the statistical ensemble stands in for the combined tools
warning-llm-silent = the LLM did not answer ({ $why }); { $stands } stands alone
warning-llm-untrained-freq = the model was not trained on sales by { $period }, and says nothing
warning-llm-untrained-horizon = the model was trained on at most { $most } periods ahead, not on { $periods }, and says nothing
warning-llm-untested = too short to test the LLM on a known window; { $stands } stands alone
warning-llm-unusable = no usable answer from the LLM; { $stands } stands alone
warning-budget-spent = the budget was spent: this is the forecast without the LLM

stands-analogues = the forecast from similar items
stands-ensemble = the statistical ensemble
stands-combined = the forecast of the combined tools

# An item like another one; why it is stands in data.ftl.

alike-separator = { "; " }
alike-item = { $sku }
alike-item-why = { $sku } ({ $why })
