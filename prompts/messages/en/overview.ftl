overview-title = how all is doing
overview-example = how are we doing?
overview-level = Over the last { $span }, { $what } ({ $count ->
    [one] { $count } product
   *[other] { $count } products
 }) sold { $level } { NOUN($level, "unit", "units") } a { $period }, { $way ->
    [up] { $change } % more than
    [down] { $change } % less than
    [same] about as much as
   *[none] with no sales known of
 } the { $span } before.
overview-year = That is { $way ->
    [up] { $change } % more than
    [down] { $change } % less than
    [same] about as much as
   *[none] with nothing sold
 } a year ago.
overview-riser = { $product } rose most, from { $before } to { $last }.
overview-faller = { $product } fell most, from { $before } to { $last }.
overview-counts = { $up } rose and { $down } fell by { $percent } % or more, { $odd } had a { $period } far from the usual{ $stopped ->
    [0] .
   *[other] , and { $stopped } sold nothing any more.
 }
overview-revenue = Revenue was { $level } a { $period }, { $way ->
    [up] { $change } % higher than before
    [down] { $change } % lower than before
   *[same] about as before
 }.
overview-promoted = On promotion were { $share } % of all products' periods in those { $span }, { $before } % in those before.
overview-table = to look at first: units a { $period }
overview-is-up = rose
overview-is-down = fell
overview-is-stopped = sold nothing any more
overview-odd = odd on { $date }
