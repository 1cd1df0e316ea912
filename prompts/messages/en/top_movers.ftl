top-movers-title = what rose and fell
top-movers-example = top movers
top-movers-most = { $product } { $way ->
    [up] rose
   *[down] fell
 } most, from { $before } to { $last } units a { $period }, over the last { $span } against the { $span } before.
top-movers-table = units a { $period }, the last { $span } against those before
movers-too-short = the past is too short to see what moved
nothing-moved = { $way ->
    [up] nothing moved up
    [down] nothing moved down
   *[either] nothing moved
 }
