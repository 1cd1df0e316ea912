find-products-title = 按名称查找产品
find-products-example = 查找奶酪
find-products-found = { $count } 个产品含有 { $words }：{ $products }。
find-products-table = { $count } 个产品含有 { $words }
find-products-none = 没有产品含有 { $words }
