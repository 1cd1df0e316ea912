chance-title = chances
chance-example = chance that bananas sell more than 1500
chance-is = The chance that { $what } will sell { $side } { $units } { NOUN($units, "unit", "units") } over { $span } is { $bound ->
    [under] under
    [over] over
   *[about] about
 } { $percent } %.
chance-around = { $mean } { NOUN($mean, "unit is", "units are") } expected, and between { $low } and { $high } with 80 % confidence.
chance-they = they
chance-of-what = a chance of what? Say a number of units, as in: chance of more than 500
side-above = more than
side-at-least = at least
side-below = fewer than
side-at-most = at most
