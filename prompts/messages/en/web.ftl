# The web page.

web-skip = Skip to the content
web-nav = Pages
web-nav-today = Today
web-nav-catalogue = Catalogue
web-nav-orders = Orders
web-nav-ask = Ask
web-nav-accuracy = Accuracy
web-find = Find a product
web-footer = skucast forecasts and proposes. Nothing is sent anywhere: what is done, people do.
web-error = That did not work
web-not-found = There is no such page.
web-foreign = This request came from { $what }, and not from this page: it was not followed.
web-key = This page asks for a password: the key of the server, with any user name.
web-bad-request = The address of this page holds something that cannot be used.
web-busy = Too many requests wait. Come again in a few seconds.
web-wait-turn = Waiting for its turn …
web-stage-learn = Learning over all products, once: { $done } of { $of } …
web-stage-base = Statistics: { $done } of { $of } …
web-stage-llm = Asking the language model: { $done } of { $of } …
web-stage-explain = Explaining: { $done } of { $of } …
web-reload = Look again
web-paging = Pages of the table
web-previous = Previous
web-next = Next
web-page-of = Page { $page } of { $pages }
web-all = all
web-show = Show
web-search = Search
web-assumed = What was assumed
web-numbers = The numbers

web-today-lead = { $count } { NOUN($count, "product", "products") }, sales to { $cutoff }.
web-stock = Stock
web-missed = Sales that would be missed
web-bound = Money that lies too long
web-stock-table = Stock, by money at stake
web-stakes-how = At stake: demand until the order after next that meets no stock if nothing is ordered, at the sales price; what lies too long, at cost.
web-stakes-more = { $count } more are not shown.
web-no-stakes = Nothing runs out and nothing lies too long.
web-no-stock = No stock is known, so nothing can be said of what runs out. Start with: skucast web SALES --stock STOCK_FILE
web-sales = Sales
web-sales-table = What moved or was odd, by money
web-sales-how = Units more or less over the last { $count } { NOUN($count, "period", "periods") } than over as many before, at the last known price. A dash: no price is known.
web-no-sales = Nothing moved by a quarter or more, and nothing was odd.
web-notes = Notes to read
web-health = The data
web-column-product = Product
web-column-what = What
web-column-money = Money
web-column-units = Units
web-column-when = When
web-is-order = order now
web-is-left-out = left out
web-is-runs-out = runs out
web-is-over = over-stocked
web-is-dead = not selling
web-is-fine = fine
web-is-up = up
web-is-down = down
web-is-stopped = stopped
web-is-odd = odd period
web-is-steady = steady

web-words = Words
web-category = Category
web-state = Sales
web-found = { $count ->
    [one] 1 product
   *[other] { $count } products
 }
web-column-sku = SKU
web-column-name = Name
web-column-line = Lately
web-column-recent = Last { $count } { NOUN($count, "period", "periods") }
web-column-before = Before
web-column-change = Change
web-column-price = Price
web-column-revenue = Revenue
web-line-of = Units of { $sku } of late

web-forecast = Forecast
web-horizon = How far ahead
web-chart-of = Sales of { $sku } and their forecast with intervals; the numbers stand below
web-chart-how = Grey: units sold. Blue: the median forecast with intervals of 40, 60 and 80 %. Known to { $cutoff }.
web-total = Total over { $horizon }, median
web-total-between = Four times in five between
web-total-mean = Mean
web-drivers = Why
web-what-if = What if
web-price-change = Price change, per cent
web-promotion = Promotion
web-promotion-as-planned = as planned
web-promotion-on = on
web-promotion-off = off
web-what-if-ask = Try
web-what-if-chart = The forecast as planned and under the other plan; the numbers stand in the table
web-what-if-how = Grey: as planned. Red: what if, with its 95 % interval where the elasticity is known.
web-price-advice = Price
web-price-advice-ask = What price should we set?
web-backtest = Earlier forecasts
web-backtest-ask = How good were they?

web-orders-lead = Change the units, tick what you approve, and take the file. Nothing is sent anywhere.
web-supplier = Supplier
web-approved = Approved: { $count ->
    [one] 1 order
   *[other] { $count } orders
 }, { $units } { NOUN($units, "unit", "units") }.
web-approved-cost = Cost: { $cost }.
web-approved-unpriced = Without a known cost: { $count }.
web-save = Save
web-approve = Approve
web-approve-all = Approve all { $count } of this list
web-approve-none = Approve none
web-approve-of = Approve the order of { $sku }
web-order-of = Units of { $sku } to order
web-column-order = Order
web-column-proposed = Proposed
web-column-cost = Cost
web-column-on-hand = On hand
web-column-on-order = On order
web-column-runs-out = Runs out
web-column-risk = Risk
web-why = Why
web-doubt-packs = not whole packs of { $pack }
web-doubt-moq = less than the least, { $moq }
web-wrong-units = { $count ->
    [one] One order is no number of 0 to 10,000,000: it was not kept.
   *[other] { $count } orders are no number of 0 to 10,000,000: they were not kept.
 }
web-no-lines = There is no such line.
web-orders-recorded = What you approve, withdraw or take as a file is written into the ledger and the audit log, as { $who }.
web-orders-how = Risk: the chance to run out before an order placed now arrives. The file holds what is approved and saved, with an order above 0.
web-nothing-approved = Nothing is approved yet: tick an order and save.

web-ask-lead = Ask in English or Chinese. Every number comes from a tool, and the call is shown.
web-ask-label = Your question
web-ask-send = Ask
web-ask-again = Begin anew
web-ask-how = How this was answered
web-ask-length = A question has 1 to { $most } characters.
web-example-overview = how are we doing?
web-example-movers = top movers
web-example-forecast = forecast the next month for SKU { $sku }
web-example-why = why?
web-example-what-if = what if we take 10% off
web-example-orders = what should we order this week

web-accuracy-lead = Forecasts of earlier dates, made from what was known then, against what was sold.
web-windows = Test windows
