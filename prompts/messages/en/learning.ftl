ledger-publish = published: { $rows } { NOUN($rows, "row", "rows") } in { $ledger }, entry { $entry }; skucast track holds them against what sells
ledger-override = { $rows } { NOUN($rows, "period has", "periods have") } your own numbers now, entry { $entry } in { $ledger }; the forecast stays beside them
ledger-approve = approved: { $rows } { NOUN($rows, "line", "lines") }, entry { $entry } in { $ledger }; nothing was sent
ledger-stands = that stands in { $ledger } already, as entry { $entry }
track-table = what was forecast against what sold, in % of units sold
track-by = the final forecast by { $by ->
    [product] product
    [abc_xyz] ABC-XYZ
    [step] periods ahead
   *[other] { $by }
 }
track-label = { $by ->
    [product] product
    [abc_xyz] ABC-XYZ
    [step] ahead
   *[other] { $by }
 }
track-stage = { $stage ->
    [naive] last value repeated
    [statistics] statistics
    [trees] trees and statistics
    [LLM] with the LLM
    [notes] with notes
    [override] own numbers
   *[final] final
 }
track-basis = forecasts from { $origins } { NOUN($origins, "cutoff", "cutoffs") } against sales up to { $through }; WAPE is of the median, bias (forecast − actual) and tracking signal of the expected units, coverage of the 80 % band; FVA is by how many points WAPE is lower than that of the stage before on the same periods, of the final forecast than that of the last value repeated
track-missing = { $count } { NOUN($count, "forecast period has", "forecast periods have") } no known sales and do not count
track-changed = { $count } { NOUN($count, "sale is", "sales are") } no longer what an earlier tracking saw; the last known value counts
track-late = { $count } { NOUN($count, "sale", "sales") } came later than an earlier tracking looked for them; they count now
track-more = and { $count } more; --json and --out hold every line
track-override-worse = { $product }: the numbers of { $who } were { $own } { NOUN($own, "unit", "units") } off a period over { $count } { NOUN($count, "period", "periods") }, the forecast alone { $forecast }: without them it would have been { $units } { NOUN($units, "unit", "units") } closer in all. What was known then may not be in the data; the reason is in the ledger.
track-override-better = { $product }: the numbers of { $who } were { $own } { NOUN($own, "unit", "units") } off a period over { $count } { NOUN($count, "period", "periods") }, the forecast alone { $forecast }: they brought it { $units } { NOUN($units, "unit", "units") } closer in all.
track-override-same = { $product }: the numbers of { $who } were { $own } { NOUN($own, "unit", "units") } off a period over { $count } { NOUN($count, "period", "periods") }, the forecast alone { $forecast }: as close, to within { $units } { NOUN($units, "unit", "units") }.
track-overrides = All own numbers together, over { $count } { NOUN($count, "period", "periods") }: { $way ->
    [worse] { $units } { NOUN($units, "unit", "units") } further off than the forecasts alone
    [better] { $units } { NOUN($units, "unit", "units") } closer than the forecasts alone
   *[same] as close as the forecasts alone
 }.
audit-whole = { $count } { NOUN($count, "line", "lines") }, each follows from the one before; the last has the digest { $digest }
audit-table = who did what, times in UTC
audit-act = { $act ->
    [publish] published
    [approve] approved
    [override] own numbers
    [export] taken as a file
    [promote] promoted
   *[rollback] rolled back
 }
column-stage = stage
column-steps = periods
column-wape = WAPE
column-coverage-80 = in 80 %
column-tracking-signal = signal
column-fva = FVA
column-fva-naive = FVA
column-line = line
column-when = when
column-who = who
column-act = what
column-facts = of
drift-table = series that no longer behave as their forecasts take them to
drift-kind = { $kind ->
    [level] { $way ->
        [up] level, higher than forecast
       *[down] level, lower than forecast
     }
    [variance] { $way ->
        [up] spread, wider than forecast
       *[down] spread, narrower than forecast
     }
   *[season] { $way ->
        [up] season, stronger than forecast
       *[down] season, weaker than forecast
     }
 }
drift-total = { $count } of { $of } series have an alarm; of a hundred stable ones about one has a false alarm in a year of weeks.
column-drift-kind = what
column-since = since
column-seen = seen
verdict-gap = { $challenger } against { $champion } on { $windows } { NOUN($windows, "window", "windows") } of { $count } series after { $first }, which neither learned from: pinball loss { $gap } % (95 % interval { $low } to { $high } %), { $way ->
    [better] so it is better
    [worse] so it is worse
   *[open] so which is better is not shown
 }.
verdict-part = { $part ->
    [A] series that sell most (A)
    [B] series of class B
    [C] series of class C
   *[earlier] earlier windows
 }: { $gap } %, { $worse ->
    [yes] worse by more than the margin of { $margin } %
   *[no] within the margin of { $margin } %
 }.
verdict-may = It may take the place of { $champion }: with --approve, or where roles.toml allows it without.
verdict-stays = { $champion } stays.
