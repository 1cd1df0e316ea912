anomalies-title = 异常时段
anomalies-example = 香蕉有没有异常的周
anomalies-none = 按{ $period }看，{ $product } 没有异常。
anomalies-none-of = 按{ $period }看，{ $count } 个产品均无异常。
anomalies-odd = { $product } 在 { $date } 当{ $period }售出 { $units } 件，通常为 { $usual } 件。
anomalies-table = 异常时段（按{ $period }）
