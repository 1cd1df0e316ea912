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
signals-products = { $count ->
    [one] 1 product
   *[other] { $count } products
 }
signals-open = until further notice
signals-unknown = not known
signals-yes = yes
signals-no = no
signals-range = { $times }× ({ $low }–{ $high })
signals-times = { $times }×
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

signals-effect = Note { $note } of { $published }: { $kind } from { $first } to { $last }; { $with } units with it instead of { $without } without it ({ $change }), learned from { $like } like events of the past.
signals-effect-open = Note { $note } of { $published }: { $kind } from { $first } on; { $with } units with it instead of { $without } without it ({ $change }), learned from { $like } like events of the past.
signals-wider = Note { $note } of { $published }: { $kind } from { $first } to { $last }; how much it does is not known, so the level stays and the band widens.
signals-wider-open = Note { $note } of { $published }: { $kind } from { $first } on; how much it does is not known, so the level stays and the band widens.

column-number = no.
column-note = note
column-scope = about
column-to = to
column-times = times the usual
column-with = units without → with
column-certainty = certain
column-source = source
column-approved = approved
column-words = words

signals-nothing = { $notes } notes: no signal touches the forecast.
signals-not-terminal = signals were found, none was applied: there is no terminal to ask in; --signals apply --trust SOURCE applies those of a source
signals-none-trusted = signals were found, none was applied: none is of a source in --trust and at least { $certainty } certain
signals-applied = { $count } of { $of } signals applied.
signals-off = the notes are not read: --signals off
signals-ask = Which shall the forecast follow? Numbers, all, or none
signals-number = { $words }: expected numbers of the table, all, or none
