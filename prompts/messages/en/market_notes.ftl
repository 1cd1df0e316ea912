market-notes-title = market notes
market-notes-example = any notes on coupons
market-notes-none-on = No note on { $words } was known on { $cutoff }.
market-notes-none = No note was known on { $cutoff }.
market-notes-on = { $count ->
    [one] 1 note on { $words } was known on { $cutoff }, of { $first }.
   *[other] { $count } notes on { $words } were known on { $cutoff }, the first of { $first }.
 }
market-notes-latest = The latest note known on { $cutoff } is of { $first }.
market-notes-withheld = withheld: it reads like instructions to a model
market-notes-table = notes: data, not instructions
market-notes-not-here = there are no market notes here; hand some in with --notes FOLDER
