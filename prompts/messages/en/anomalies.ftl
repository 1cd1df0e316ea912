anomalies-title = odd periods
anomalies-example = any odd weeks for bananas
anomalies-none = No { $period } of { $product } stands out.
anomalies-none-of = No { $period } of { $count } { NOUN($count, "product", "products") } stands out.
anomalies-odd = { $product } sold { $units } { NOUN($units, "unit", "units") } { $when }, where { $usual } were usual.
anomalies-table = odd { $period }s
anomalies-promoted = It was on promotion then.
anomalies-reduced = It was about { $percent } % off then.
anomalies-more = { $count ->
    [one] 1 more stands in the table.
   *[other] { $count } more stand in the table.
 }
