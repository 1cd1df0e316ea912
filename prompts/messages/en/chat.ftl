# What the chat itself says: its commands, and how it begins and ends.

chat-help =
    /sku SKU, /horizon 8w                    what "it" and "as before" mean
    /plot FILE, /export FILE                 the last forecast as a chart, all of the session's as JSON lines
    /signals apply 1 2, /signals none        which of the notes' signals forecasts follow
    /trace, /engine                          how the last answer came about; who chooses the tools, who forecasts
    /help, /quit                             this; goodbye
chat-welcome = { $count } { NOUN($count, "product", "products") }, sales to { $cutoff }. Say help for what I can do.
chat-taken-up = taken up after { $count } { NOUN($count, "request", "requests") }
chat-in-english = I answer in English or Chinese; this one is in English.
chat-stopped = stopped
chat-fault = I could not answer that: { $why }
chat-rejected = in the tools' words: { $why }
chat-late-cutoff = --cutoff { $cutoff } is after the last sales, { $last }: all of them are used

chat-product = it is SKU { $sku }
chat-horizon = { $count } { NOUN($count, "period", "periods") } ahead
chat-engines = tools chosen by { $router }, forecasts by { $forecaster }
chat-chart = chart: { $path }
chat-exported = { $path }: { $count ->
    [one] { $count } forecast
   *[other] { $count } forecasts
 }
forecaster-tools = the combined tools
forecaster-ensemble = the statistical ensemble
forecaster-and-llm = { $base } and { $llm }

chat-no-command = { $command }: no such command; { $hint }
chat-engine-stays = the engine stays as it is in a session; begin another with --engine { $engine }
chat-nothing-asked = nothing was asked yet
chat-nothing-forecast = nothing forecast yet; say for example: forecast next month for SKU { $sku }
chat-too-long = a request of { $count } characters: expected at most { $most }
chat-expected-file = { $command }: expected a file, as in { $example }
chat-no-chart = { $unique_id }: a category's sum has no chart yet; forecast a product first
chat-cannot-write = { $path }: cannot be written ({ $why })
not-used = Not used of what you asked: { $words }.
as-before = As before: { $fields }.
as-before-lead-time = lead time { $value }
as-before-share = { $value }
as-before-stock = { $value } on hand
as-before-change = price { $value }
as-before-promotion = { $value }
as-before-on = on promotion
as-before-off = no promotion
chat-signals = /signals { $words }: expected /signals apply NUMBER … as the notes' signals are numbered, or /signals none
