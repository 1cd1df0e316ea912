forecast-title = 销量预测
forecast-example = 预测 SKU 1082185 下个月的销量
all-together = 全部 { $count } 个产品合计。
category-together = { $category }的 { $count } 个产品合计。
