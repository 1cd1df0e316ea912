# What a check finds in the data, and what of it is refused.

finding = { $what }: { $parts }
where-series = { $counted } of { $series } series, first { $first }
where-first = { $counted }, first { $first }
parts-separator = { "; " }
first-separator = { " " }
case-ends = ends { $date }
case-weekday = { $date } ({ $weekday })
name-of-weekday = { $day ->
    [1] Monday
    [2] Tuesday
    [3] Wednesday
    [4] Thursday
    [5] Friday
    [6] Saturday
   *[7] Sunday
}

counted-rows = { $rows } { $rows ->
    [one] row
   *[other] rows
}
counted-periods = { $rows } { $rows ->
    [one] period
   *[other] periods
}
counted-spellings = { $rows } other { $rows ->
    [one] spelling
   *[other] spellings
}
counted-values = { $rows } other { $rows ->
    [one] value
   *[other] values
}

found-null_id = unique_id is empty
found-bad_date = ds is not a date
found-bad_y = y is not a number
found-infinite_y = y is infinite
found-negative_y = y is negative
found-huge_y = y is above { $most } units
found-bad_covariate = a known_future or past_only column is not a number
found-off_grid = dates are off the { $rhythm } rhythm
found-duplicates = several rows for one unique_id and ds
found-no_y = no row of the series has a y
found-missing_y = y is empty
found-gaps = { $periods } have no row
found-near_duplicate_ids = unique_ids differ only in case or spaces
found-static_varies = a static column has more than one value in a series
found-all_zero = nothing was ever sold
found-ended = sales end before the panel's last { $period }
found-short = series of fewer than { $fewest }
found-under_two_seasons = series of fewer than two seasons ({ $fewest })
found-constant = y never changes
found-zeros = y is 0
found-negative_price = price is negative
found-stock_out = { $column } is 0, so sales may be below demand
found-stopped = nothing was sold for longer than the usual gaps, so the product seems to have ended
found-level_shift = the level changed within the last year
found-outlier = one order was many times the usual
counted-series = { $rows } series
looked-at = { $series } { NOUN($series, "series was", "series were") } looked at
found-ignored_columns = columns not used: { $columns }; declare them as known_future, past_only or static in the schema to use them

no-calendar-rows = no row has both a unique_id and a date
no-calendar-dates = no series has two dates to tell the frequency; declare freq = "D", "W", "2W", "4W" or "M" in the schema
no-calendar-step = the frequency cannot be told: the median step between dates is { $days } { NOUN($days, "day", "days") }: { $parts }
no-calendar-quarters = the dates are { $days } { NOUN($days, "day", "days") } apart, a quarter: quarters are not forecast; expected days, weeks, two or four weeks, or months; give the months that the quarters were made of
no-calendar-mixed = not all series have the same frequency: { $groups }: { $parts }
groups-separator = { "; " }
calendar-group = { $count } in { $periods } ({ $series }{ $more ->
    [0] { "" }
   *[other] { ", …" }
})
series-separator = { ", " }
columns-separator = { ", " }

# What was assumed of the calendar.

assumed-open-hours = hours out of stock are taken as a share of all { $hours } hours of a period: a past-only column { $column } says how many the place was open
assumed-weeks-apart = one row every { $weeks } weeks, on { $weekday }s up to { $date }: read as periods of { $weeks } weeks (freq = "{ $freq }" in the schema); for weeks that lack rows, declare freq = "W"
assumed-retail-months = the periods are 4 and 5 weeks long: read as months of a retail calendar, each shown as the last day of its month (the one that ends { $date } is { $month }); a period of 5 weeks holds a quarter more than one of 4, and no correction is made for it

expected-id = expected an id in every row
expected-dates = expected dates as 2017-01-31
expected-numbers = expected numbers, written alike in all rows
expected-finite = expected finite units
expected-positive = expected 0 or more
expected-units = expected units as they were sold
expected-flags = expected numbers or true/false
expected-weekday = { $weeks ->
    [1] expected weekly dates on one weekday ({ $weekday }, as most rows have)
   *[other] expected dates { $weeks } weeks apart, on one weekday ({ $weekday }, as most rows have)
}
expected-D = expected any day
expected-MS = expected the first day of each month
expected-ME = expected the last day of each month
expected-step = expected 1 (D), 7 (W), 14 (2W), 28 (4W) or a month (M)
expected-one-frequency = expected one frequency in a file
expected-one-row = expected one row a period
expected-row-each = expected one row a { $period }
expected-known = expected at least one known y
expected-every-row = expected a number in every row
expected-one-spelling = expected one spelling an id
expected-one-value = expected one value a series

advice-null-id = leave such rows out with --sql "{ $query }"
advice-negative = declare negative = "zero" in the schema to clip returns
advice-missing = declare missing = "zero" (no row = no sale) or missing = "keep" (not known) in the schema
advice-text = text goes under static
advice-relabel = move each date to the first day of its period with --sql "{ $query }"
advice-sum-to = sum the rows of each { $period } of the calendar with sum = true and freq = "{ $freq }" in the schema; one without a row is then 0
advice-one-by-one = forecast them one after the other, as with --sql "{ $query }"
advice-lacking = where series only lack rows without sales, declare freq = "{ $freq }" and missing = "zero" in the schema
advice-sum = sum the rows of a period, returns with them, with --sum (or sum = true in the schema)
advice-copies = leave exact copies out with duplicates = "drop" in the schema (or --duplicates drop)
advice-first-taken = the first is taken
advice-what-changes = what changes goes under known_future or past_only
advice-ended = its forecast starts at its own end

assumed-series = rows repeat for an id and a date, and { $columns } together tell them apart: { $series } { NOUN($series, "series was", "series were") } read, one for each (series = [{ $columns }] in the schema); to have one for each id, sum the rows
# What was left out at the end.

assumed-not-loaded = no series sold anything in the last { $periods } ({ $first } to { $last }), though several sold just before: not loaded yet? They are left out, and the forecast starts after { $cutoff }; if they are true zeros, declare last = "keep" in the schema
assumed-last-not-over = the period { $date } looks as if it was not over: { $series } { $series ->
    [one] series
   *[other] series
} together sold { $percent } % of the usual, less than in any of the { $periods } held against it; it is left out, and the forecast starts after { $cutoff }; if it was over, declare last = "keep" in the schema

data-refused = { $source }: { $why }
not-in-the-data = not in the data
no-sales-by-then = no sales up to the cutoff { $cutoff }

# ---- what was assumed in reading, and what is asked

assumed-encoding = read as { $encoding } text
assumed-title-rows = { $rows } { $rows ->
    [one] row
   *[other] rows
} above the header left out
assumed-footer = { $rows } { $rows ->
    [one] line
   *[other] lines
} below the table left out
assumed-sheet = sheet { $sheet } read; others: { $others }
assumed-column = { $role } is the column { $column }, and not { $others }
assumed-wide = { $columns } { NOUN($columns, "column is", "columns are") } dates, { $first } to { $last }: a row was made of each cell that is not empty
assumed-number = { $column }: { $text } is read as { $value }
assumed-flags = { $column }: { $yes } is 1, { $no } is 0
assumed-marks = { $column }: { $yes } is 1, and an empty cell is 0
assumed-all-no = { $column }: { $no } is 0
assumed-dates = { $column }: { $text } is read as { $date }{ $way ->
    [day-first] , the day before the month
    [month-first] , the month before the day
    [week] , the Monday of its ISO week
    [serial] , a day number of Excel
    [seconds] , a Unix time in UTC
   *[other] { "" }
}
assumed-local-day = { $column }: the day is the one that is written: { $text } is { $day }
assumed-summed = { $rows } { NOUN($rows, "row", "rows") } summed to { $periods } { $freq ->
    [D] days
    [W] weeks
    [W2] two-week periods
    [W4] four-week periods
   *[M] months
} of single series
assumed-first-not-whole = the rows begin on { $first }, inside the period that begins { $date }: it is left out
assumed-last-not-whole = the rows end on { $last }, before the period that begins { $date } is over: it is left out, and the forecast starts with it; if it was over, declare last = "keep" in the schema
assumed-summed-over = the sales of the { $count } { NOUN($count, "value", "values") } of { $column } were summed together; for a series each, declare series = [{ $column }, …] with the SKU's column in the schema
assumed-netted = in { $periods } { $periods ->
    [one] period
   *[other] periods
} more came back than was sold; the rest is taken from the sales after them, so that totals are net
assumed-no-row-no-sale = a period without a row had no sale
assumed-copies-dropped = { $rows } { NOUN($rows, "row that was there twice left out", "rows that were there twice left out") }
assumed-copies-kept = { $rows } { NOUN($rows, "row that was there twice counted again", "rows that were there twice counted again") }
assumed-plan-left-out = { $rows } { NOUN($rows, "row", "rows") } after { $last } { NOUN($rows, "has no y and is", "have no y and are") } left out as a plan; declare its columns as known_future in the schema to use it: { $columns }
assumed-total = { $series } is the sum of the { $others } other series at every date, and is left out
assumed-no-total = { $series } is not the sum of the other series, and is kept as one of them

ask-number = { $column }: { $text } can be { $whole } or { $part }, and nothing in the file says which; declare thousands = "{ $mark }" for { $whole } or decimal = "{ $mark }" for { $part } in the schema, or use --thousands "{ $mark }" or --decimal "{ $mark }"
ask-dates = { $column }: { $text } can be { $one } or { $other }, and nothing in the file says which; declare date_format = "{ $one_format }" or date_format = "{ $other_format }" in the schema, or use --date-format
ask-copies = { $times ->
    [1] { $rows } rows in a row stand in the file again, over several dates
   *[other] the whole table is in the file { $times } times
}; declare duplicates = "drop" in the schema to leave the copies out, or duplicates = "keep" to count them, or use --duplicates
quarters-refused = { $column }: { $text } is a quarter; expected days, weeks or months

# ---- horizons

-horizons = a count of periods (4) or days, weeks or months (28d, 4w, 1m)
horizon-unknown = horizon { $words }: expected { -horizons }
horizon-too-short = horizon { $words }: expected { -horizons }, at least 1
horizon-not-whole = horizon { $words }: no whole number of { $periods }, and the data is one a { $period }; expected { -horizons }

# ---- what would do instead

hint-near = did you mean { $choices }?
hint-none = there are no valid choices
hint-choices = valid choices: { $choices }{ $more ->
    [0] { "" }
   *[other] { ", …" }
}

# ---- why items are alike

alike = { $reasons }
alike-labels = same { $labels }
alike-price-within = price within { $percent } %
alike-price-apart = price apart { $times } times
alike-text = text { $score }
alike-unknown = nothing in common is known
reasons-separator = { ", " }
labels-separator = { " and " }
