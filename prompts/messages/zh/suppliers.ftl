suppliers-title = 供应商是否可靠
suppliers-example = 哪些供应商经常晚到
suppliers-one = { $supplier }：交货 { $deliveries } 次，未交 { $open } 单；{ $promised ->
    [yes] 准时 { $on_time }%{ $ever ->
        [yes] ，迟到的平均晚 { $late_days } 天
       *[no] { "" }
    }
   *[no] 是否准时不得而知
 }。一单的提前期中位数为 { $middle } 天，10% 至 90% 分位为 { $least } 至 { $most } 天。
suppliers-late = 有承诺日期的 { $of } 家供应商中 { $late } 家迟到过，最常迟到的：{ $suppliers }。
suppliers-first-late = { $supplier }（{ $share }% 的交货迟到，平均晚 { $days } 天）
suppliers-punctual = 有承诺日期的 { $of } 家供应商都没有迟到。
suppliers-no-file = 没有过去的交货记录：请用 skucast chat 销量文件 --deliveries 文件 启动
suppliers-unknown = { $words } 在 { $source } 中没有交货记录：{ $hint }
suppliers-table = 供应商交货情况；提前期以天计
suppliers-drifts = { $supplier }：最近一年的交货比以前{ $way ->
    [longer] 慢
   *[shorter] 快
 } { $days } 天（中位数）。
suppliers-dropped-no-order-date = { $count } 行没有可读的订货日期，不予采用
suppliers-dropped-negative = { $count } 行的交货早于订货，不予采用
suppliers-dropped-too-long = { $count } 行从订货到交货达三年或更久，不予采用
suppliers-undelivered = { $count } 家有订单而尚未交过货，不在表中：{ $suppliers }{ stock-and-more }
suppliers-no-promises = 没有承诺日期列：是否准时不得而知
suppliers-basis = 截至表中最后一天 { $date }；计入最近 { $memory } 天的订单，没有交货日期的视为未交；分位数在供应商自己的订单之外加入全体供应商相当于 { $shrink } 个订单的份量；漂移为最近 { $recent } 天对比以前，每边至少 { $fewest } 次交货，偶然概率低于 1 % 才说
supplier-drift = { $way ->
    [longer] 慢 { $days } 天
    [shorter] 快 { $days } 天
    [none] 未见
   *[few] 太少
 }
deliveries-nameless = { $count } 行没有供应商，不予采用
deliveries-unread = { $column }：{ $count } 个不能读作日期，视为未给出：{ $texts }
orders-supplier-leads = { $count } 个没有自己提前期的产品采用 { $source } 中 { $suppliers } 家供应商过去交货的提前期，分为 { $parts } 个等可能的长度，以{ $several }计，向上取整
orders-supplier-capped = { $suppliers } 超过 { $longest } 的提前期按此计：更长无法预测
orders-supplier-unknown = 库存文件中有 { $count } 家供应商在 { $source } 中没有交货记录：{ $suppliers }{ stock-and-more }
column-supplier = 供应商
column-deliveries = 交货次数
column-open = 未交
column-on-time = 准时，%
column-late-days = 迟到天数
column-lead-10 = 10 % 分位
column-lead-50 = 50 % 分位
column-lead-90 = 90 % 分位
column-drift = 漂移
