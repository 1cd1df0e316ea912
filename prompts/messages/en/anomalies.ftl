anomalies-title = odd periods
anomalies-example = any odd weeks for bananas
anomalies-none = No { $period } of { $product } stands out.
anomalies-none-of = No { $period } of { $count } products stands out.
anomalies-odd = { $product } sold { $units } units in the { $period } of { $date }, where { $usual } were usual.
anomalies-table = odd { $period }s
