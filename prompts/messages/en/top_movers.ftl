top-movers-title = what rose and fell
top-movers-example = top movers
top-movers-most = { $product } { $way ->
    [up] rose
   *[down] fell
 } most, from { $before } to { $last } { $what } a { $period }, over { $when } against the { $span } before.
top-movers-table = { $what } a { $period }, { $when } against those before
movers-too-short = the past is too short to see what moved
nothing-moved = { $way ->
    [up] nothing moved up
    [down] nothing moved down
   *[either] nothing moved
 }
