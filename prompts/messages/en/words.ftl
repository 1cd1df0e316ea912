# Words and parts that many messages share.

product = SKU { $sku }
product-named = SKU { $sku } ({ $name })
category-name = Category { $name }
group-name = { $column } { $value }
group-none = no { $column } given
all-products = All products

list-separator = { ", " }
products-separator = { "; " }

period-D = day
period-W = week
period-2W = two-week period
period-4W = four-week period
period-M = month
periods-D = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
periods-W = { $count ->
    [one] { $count } week
   *[other] { $count } weeks
}
periods-2W = { $count ->
    [one] { $count } two-week period
   *[other] { $count } two-week periods
}
periods-4W = { $count ->
    [one] { $count } four-week period
   *[other] { $count } four-week periods
}
periods-M = { $count ->
    [one] { $count } month
   *[other] { $count } months
}
several-D = days
several-W = weeks
several-2W = two-week periods
several-4W = four-week periods
several-M = months
when-D = on { $date }
when-W = in the week of { $date }
when-2W = in the two weeks of { $date }
when-4W = in the four weeks of { $date }
when-M = in { $date }
rhythm-D = daily
rhythm-W = weekly
rhythm-2W = two-weekly
rhythm-4W = four-weekly
rhythm-M = monthly
not-known = not known

periods-name-D = days
periods-name-W = weeks
periods-name-2W = two-week periods
periods-name-4W = four-week periods
periods-name-M = months

weekday-0 = Monday
weekday-1 = Tuesday
weekday-2 = Wednesday
weekday-3 = Thursday
weekday-4 = Friday
weekday-5 = Saturday
weekday-6 = Sunday
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December

# Titles and columns of tables.

table-units = units a { $period }
table-product-units = { $product }, units a { $period }
column-sku = SKU
column-product = product
column-of-data = { $name }
column-series = series
column-share = share of all
column-expected = expected
column-units = units
column-revenue = revenue
column-margin = margin
column-before = before
column-span-before = { $span } before
column-last = last
column-change = change
column-likeness = likeness
column-why = why
column-what = what
column-id = id
column-from = from
column-date = date
column-day = day
column-weekday = weekday
column-month = month
column-holiday = holiday
column-of-the-mean = of the mean
column-usual = usual
column-as-of = as of
column-forecast-in-total = forecast in total
column-sold = sold
column-bias = bias
column-missed = missed by
column-pinball-loss = pinball loss
column-title = title
column-text = text
column-severity = severity
column-kind = kind
column-as-planned = as planned
column-what-if = what if

# Refusals that many tools share.

which-product = which product? Say its SKU, as in: forecast next month for { $product }
which-category = which category? Say its name, or a product of it first
no-product = no product is called { $words }: { $hint }
no-product-but-near = no product is called { $words }. The nearest are { $products }: which one?
unknown-sku = unknown SKU { $words }: { $hint }
several-products = { $words } may be { $count } { NOUN($count, "product", "products") }: which one? { $products }{ $more ->
    [0] { "" }
   *[other] { " " }and { $more } more
 }
no-group-column = no column is called { $words }: { $hint }
group-column-all = the data has a column called { $column }, and all means every product together: give the column another name with [columns] in the schema
group-columns-several = { $words } may be several columns: which one? { $columns }
group-ended = { $group }: no sales up to the last period, so it has no forecast
no-category = no category is called { $words }: { $hint }
horizon-too-far = horizon { $periods }: expected { $least } to { $most } periods
file-is-input = { $path }: this is read as input, and never written to; choose another file
file-not-ours = { $path }: exists and was not written by skucast; choose another file, or --overwrite

# Causes that the data knows of.

against-mean = { $way ->
    [up] { $change } % above its mean
    [down] { $change } % below its mean
    [times] { $times } times its mean
   *[same] about its mean
 }
deals-off = { $count ->
    [one] 1 of these { $span } was about { $percent } % off.
   *[other] { $count } of these { $span } were about { $percent } % off.
 }
deals-on = { $count ->
    [one] 1 of these { $span } was on promotion.
   *[other] { $count } of these { $span } were on promotion.
 }
