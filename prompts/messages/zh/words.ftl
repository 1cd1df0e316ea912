# Words and parts that many messages share.

product = SKU { $sku }
product-named = SKU { $sku } ({ $name })
category-name = 品类 { $name }
group-name = { $column } { $value }
group-none = 未注明 { $column }
all-products = 全部商品

list-separator = 、
products-separator = ；

period-D = 天
period-W = 周
period-2W = 两周
period-4W = 四周
period-M = 月
periods-D = { $count } 天
periods-W = { $count } 周
periods-2W = { $count } 个两周期
periods-4W = { $count } 个四周期
periods-M = { $count } 个月
several-D = 天
several-W = 周
several-2W = 两周期
several-4W = 四周期
several-M = 月
when-D = { $date }
when-W = { $date }这一周
when-2W = { $date }这两周
when-4W = { $date }这四周
when-M = { $date }
rhythm-D = 天
rhythm-W = 周
rhythm-2W = 两周
rhythm-4W = 四周
rhythm-M = 月
not-known = 未知

periods-name-D = 天数
periods-name-W = 周数
periods-name-2W = 两周期数
periods-name-4W = 四周期数
periods-name-M = 月数

weekday-0 = 星期一
weekday-1 = 星期二
weekday-2 = 星期三
weekday-3 = 星期四
weekday-4 = 星期五
weekday-5 = 星期六
weekday-6 = 星期日
month-1 = 1 月
month-2 = 2 月
month-3 = 3 月
month-4 = 4 月
month-5 = 5 月
month-6 = 6 月
month-7 = 7 月
month-8 = 8 月
month-9 = 9 月
month-10 = 10 月
month-11 = 11 月
month-12 = 12 月

# Titles and columns of tables.

table-units = 每{ $period }件数
table-product-units = { $product }，每{ $period }件数
column-sku = SKU
column-product = 产品
column-of-data = { $name }
column-series = 序列
column-share = 占全部
column-expected = 期望
column-units = 件数
column-revenue = 销售额
column-margin = 毛利
column-before = 此前
column-span-before = 此前 { $span }
column-last = 最近
column-change = 变化
column-likeness = 相似度
column-why = 原因
column-what = 内容
column-id = 编号
column-from = 来源
column-date = 日期
column-day = 日
column-weekday = 星期
column-month = 月
column-holiday = 假日
column-of-the-mean = 占均值
column-usual = 通常
column-as-of = 截至
column-forecast-in-total = 预测合计
column-sold = 实际售出
column-bias = 偏差
column-missed = 误差
column-pinball-loss = 分位数损失
column-title = 标题
column-text = 正文
column-severity = 级别
column-kind = 类型
column-as-planned = 按原计划
column-what-if = 假设方案

# Refusals that many tools share.

which-product = 哪个产品？请说出 SKU，例如：预测 { $product } 下个月的销量
which-category = 哪个品类？请说出品类名称，或先提到其中一个产品
no-product = 没有名为 { $words } 的产品；{ $hint }
no-product-but-near = 没有名为 { $words } 的产品。最接近的是 { $products }：是哪一个？
unknown-sku = 未知的 SKU { $words }；{ $hint }
several-products = { $words } 可能指 { $count } 个产品：是哪一个？{ $products }{ $more ->
    [0] { "" }
   *[other] ，另有 { $more } 个
 }
no-group-column = 没有名为 { $words } 的列；{ $hint }
group-column-all = 数据中有一列名为 { $column }，而 all 指全部产品合计：请在 schema 的 [columns] 中给该列另取一个名字
group-columns-several = { $words } 可能指几列：是哪一列？{ $columns }
group-ended = { $group }：到最后一期已没有销售，因此没有预测
no-category = 没有名为 { $words } 的品类；{ $hint }
horizon-too-far = 预测范围 { $periods }：应为 { $least } 到 { $most } 个时段
file-is-input = { $path }：这是输入数据，绝不写入；请换一个文件
file-not-ours = { $path }：已经存在，且不是 skucast 写的；请换一个文件，或加上 --overwrite

# Causes that the data knows of.

against-mean = { $way ->
    [up] 比均值高 { $change }%
    [down] 比均值低 { $change }%
    [times] 是均值的 { $times } 倍
   *[same] 与均值大致持平
 }
deals-off = 这 { $span }中有 { $count } 个时段平均降价约 { $percent }%。
deals-on = 这 { $span }中有 { $count } 个时段做了促销。
