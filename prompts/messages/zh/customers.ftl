events-nobody = { $count } 行没有用户，不予采用
events-no-time = { $count } 行没有可读的时间，不予采用
events-off-clock = { $count } 行的时间早于 1990 年或在未来，不予采用：时钟有误
events-twice = { $count } 行重复，已去除
events-returns = { $count } 行是退货：不计入任何购买合计
events-all-buys = 没有说明发生了什么的列：每一行都视为购买
events-unknown-kinds = { $count } 个其他种类的事件予以保留，但不计入：{ $kinds }
events-unknown-products = 事件中有 { $count } 个商品不在销售数据中：{ $products }
events-no-money = 没有金额或价格列：事件的价值即其数量
column-intent-customer = 顾客
column-intent-session = 行
column-intent-chance = 可能性 %
intent-table-buy = 自 { $day } 起 { $days } 天内最可能购买 { $product } 的顾客
intent-table-lapse = 自 { $day } 起 { $days } 天内最可能不购物的顾客
intent-table-sessions = 最可能购买的会话
intent-expected-buy = 最近 { $active } 天内的 { $people } 位顾客中，预计 { $days } 天内有 { $count } 位购买 { $product }（95% 区间 { $low } 至 { $high }，自助法）。
intent-expected-lapse = 最近 { $active } 天内的 { $people } 位顾客中，预计 { $days } 天内有 { $count } 位不购物（95% 区间 { $low } 至 { $high }，自助法）。
intent-quality = 以未参与学习的 { $cases } 例检验：{ $share }% 成真，AUROC { $auroc }，可能性平均偏差 { $ece } 个百分点。
intent-weak = 这比猜测好不了多少：不要据此对单个顾客作决定。
intent-sessions = 对 { $count } 个没有结果的会话打分；其余不打分。
intent-duplicates = { $count } 行重复，已去除
intent-never = 无
intent-more = 另有 { $count } 行；--json 和 --out 含全部
intent-why-item-days = { $way ->
    [up] +
   *[down] −
 } 最近 { $days } 天中有 { $value } 天购买它
intent-why-item-money = { $way ->
    [up] +
   *[down] −
 } { $days } 天内在它上花费 { $value }
intent-why-item-units-last = { $way ->
    [up] +
   *[down] −
 } 上次 { $value } 件
intent-why-item-since = { $way ->
    [up] +
   *[down] −
 } 距上次购买它的天数：{ $value }
intent-why-item-gap = { $way ->
    [up] +
   *[down] −
 } 两次购买它的间隔天数：{ $value }
intent-why-item-due = { $way ->
    [up] +
   *[down] −
 } 距上次的时间与通常间隔之比：{ $value }
intent-why-item-views = { $way ->
    [up] +
   *[down] −
 } 最近 { $days } 天中有 { $value } 天浏览它
intent-why-item-carts = { $way ->
    [up] +
   *[down] −
 } 最近 { $days } 天中有 { $value } 天加购它
intent-why-item-of-any = { $way ->
    [up] +
   *[down] −
 } 含它的到店占比：{ $value }
intent-why-any-days = { $way ->
    [up] +
   *[down] −
 } 最近 { $days } 天中有 { $value } 天到店
intent-why-any-money = { $way ->
    [up] +
   *[down] −
 } { $days } 天内花费 { $value }
intent-why-any-since = { $way ->
    [up] +
   *[down] −
 } 距上次到店的天数：{ $value }
intent-why-any-gap = { $way ->
    [up] +
   *[down] −
 } 两次到店的间隔天数：{ $value }
intent-why-any-due = { $way ->
    [up] +
   *[down] −
 } 距上次到店的时间与通常间隔之比：{ $value }
intent-why-any-items = { $way ->
    [up] +
   *[down] −
 } { $days } 天内的商品种类：{ $value }
intent-why-any-coupons = { $way ->
    [up] +
   *[down] −
 } { $days } 天内的优惠券：{ $value }
intent-why-any-views = { $way ->
    [up] +
   *[down] −
 } { $days } 天内的浏览：{ $value }
intent-why-all-share = { $way ->
    [up] +
   *[down] −
 } { $days } 天内购买它的顾客占比：{ $value }
intent-why-all-change = { $way ->
    [up] +
   *[down] −
 } 购买人数与四周前之比：{ $value }
intent-why-column = { $way ->
    [up] +
   *[down] −
 } { $column } { $value }
