# Signals: dated events read from notes, and what they do to a forecast.

signals-title = signals in the notes
signals-example = what do the notes say about next month
signals-not-here = no notes were given that could hold signals; hand some in with --notes FILE
signals-none = The notes say nothing of the { $periods } ahead that has a date and a product.
signals-none-on = The notes say nothing of { $product } in the { $periods } ahead that has a date.
signals-found = { $count ->
    [one] 1 signal in the notes touches the { $periods } ahead; { $approved } approved.
   *[other] { $count } signals in the notes touch the { $periods } ahead; { $approved } approved.
 }
signals-how = Type /signals apply NUMBER to let forecasts follow one, /signals none for none.
signals-table = signals: read from notes, which are data
signals-unknown = not known
signals-column = already in column { $column }
signals-taken-date = { $words } taken as { $date }
signals-taken-name = { $words } taken as { $name }
signals-taken-region = region { $region } is no column of the data; taken as uncertain

signals-kind-promotion = promotion
signals-kind-closure = closure
signals-kind-supply = supply problem
signals-kind-price = price change
signals-kind-competitor = competitor
signals-kind-event = event
signals-kind-weather = weather
signals-kind-launch = launch
signals-kind-delisting = delisting
signals-kind-media = media
signals-kind-quality = quality problem
signals-kind-demand = demand

signals-effect = Note { $note } of { $published }: { $kind } from { $first } to { $last }; { $with } { NOUN($with, "unit", "units") } with it instead of { $without } without it ({ $change }), { $like ->
    [0] as the note says
    [one] by 1 like event of the past
   *[other] by { $like } like events of the past
 }.
signals-effect-open = Note { $note } of { $published }: { $kind } from { $first } on; { $with } { NOUN($with, "unit", "units") } with it instead of { $without } without it ({ $change }), { $like ->
    [0] as the note says
    [one] by 1 like event of the past
   *[other] by { $like } like events of the past
 }.
signals-wider = Note { $note } of { $published }: { $kind } from { $first } to { $last }; how much it does is not known, so the level stays and the band widens.
signals-wider-open = Note { $note } of { $published }: { $kind } from { $first } on; how much it does is not known, so the level stays and the band widens.

column-number = no.
column-with = units without → with
column-note = note
column-scope = about
column-times = times the usual
column-approved = followed
signals-range = { $times }× ({ $low }–{ $high })
signals-yes = yes
signals-no = no
signals-products = { $count ->
    [one] 1 product
   *[other] { $count } products
 }
column-certainty = certain

signals-nothing = { $notes } { NOUN($notes, "note", "notes") }: no signal touches the forecast.
signals-withheld = { $count ->
    [one] 1 note was not read: it gives orders to a model.
   *[other] { $count } notes were not read: they give orders to a model.
 }
signals-not-terminal = signals were found, none was applied: there is no terminal to ask in; --signals apply --trust SOURCE applies those of a source
signals-none-trusted = signals were found, none was applied: none is of a source in --trust and at least { $certainty } certain
signals-applied = { $count } of { $of } { NOUN($of, "signal", "signals") } applied.
signals-off = the notes are not read: --signals off
signals-ask = Which shall the forecast follow? Numbers, all, or none
signals-number = { $words }: expected numbers of the table, all, or none
signals-words = { $number }: { $source }, { $published }: { $words }
signals-from = from { $first } on
signals-more = { $count } { NOUN($count, "more row is", "more rows are") } not shown; --json has all.
column-days = days
