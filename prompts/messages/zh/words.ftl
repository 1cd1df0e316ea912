# Words and parts that many messages share.

product = SKU { $sku }
product-named = SKU { $sku } ({ $name })
category-name = 品类 { $name }
all-products = 全部商品

list-separator = 、
products-separator = ；

period-D = 天
period-W = 周
period-M = 月
periods-D = { $count } 天
periods-W = { $count } 周
periods-M = { $count } 个月
not-known = 未知
