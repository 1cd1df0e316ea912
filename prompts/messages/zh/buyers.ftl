buyers-title = 谁在买一个商品，以及为何变化
buyers-example = 谁在买香蕉
buyers-table = { $product } 的购买者，按群体
column-buyers-kind = 依据
column-buyers-group = 群体
column-buyers-people = 顾客
column-buyers-count = 购买者
column-buyers-share = 占比 %
column-buyers-interval = 95% 区间
column-buyers-index = 指数
column-buyers-money = 占其金额 %
buyers-named = “{ $words }”（{ $count } 个商品）
buyers-who = { $span } 内 { $people } 位顾客中有 { $count } 位购买了 { $product }（{ $share }%），共 { $visits } 次，金额 { $money }；其中 { $again }% 不止一次。
buyers-most = 高于其他人的群体：{ $groups }。
buyers-above = { $kind }{ $group }（指数 { $index }）
buyers-by-recency = 距上次到店天数
buyers-by-frequency = 此前到店次数
buyers-by-value = 此前消费金额
buyers-recency-low = 少
buyers-recency-middle = 中
buyers-recency-high = 多
buyers-recency-new = 新顾客
buyers-frequency-low = 少
buyers-frequency-middle = 中
buyers-frequency-high = 多
buyers-frequency-new = 新顾客
buyers-value-low = 少
buyers-value-middle = 中
buyers-value-high = 多
buyers-value-new = 新顾客
buyers-change = 销售额 { $after }，{ $span } 为 { $before }：{ $way ->
    [up] 上升 { $change }%
    [down] 下降 { $change }%
    [times] 为其 { $times } 倍
    [same] 大致相同
   *[none] 无可比较
 }。
buyers-parts = 差额 { $all } 中：购买人数 { $buyers }，人均次数 { $visits }，每次件数 { $units }，价格 { $price }；合计即为全部。
buyers-cause-buyers = 主要是购买人数：{ $after }，此前 { $before }。
buyers-cause-visits = 主要是人均购买次数：{ $after }，此前 { $before }。
buyers-cause-units = 主要是每次购买件数：{ $after }，此前 { $before }。
buyers-cause-price = 主要是单价：{ $after }，此前 { $before }。
buyers-returned = 退货 { $money } 不计入这些金额。
buyers-lost = 此前购买的 { $buyers } 人中有 { $count } 人未再购买：{ $switched } 人在同品类其他商品上花费更多，{ $left } 人没有，{ $gone } 人完全未购物。
buyers-to = 他们最多转向 { $products }。
buyers-few = 少于 { $least }
buyers-hidden = { $count } 个顾客或购买者少于 { $least } 人的群体，或可据以推算出此类群体的群体，不予显示。
buyers-before-few = { $span } 内购买者少于 { $least } 人：此后的变化不予说明。
buyers-too-few = 该时段购买者少于 { $least } 人：不显示是谁
buyers-not-in-events = { $source }：没有人购买 { $product }
buyers-no-product = { $source }：没有名为 { $words } 的商品或品类
buyers-no-events = 这里不知道顾客的行为：请以 --events events.csv 打开对话
buyers-assumed = 群体按该时段之前的情况划分；占比的区间为 Wilson 区间。
