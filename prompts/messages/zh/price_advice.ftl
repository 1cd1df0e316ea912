price-advice-title = 该定什么价
price-advice-example = 香蕉该定什么价
price-table = 价格建议，按预期增益（{ $goal ->
    [margin] 毛利
    [revenue] 销售额
   *[units] 销量
 }）排序
price-none = –
price-interval = { $low } 至 { $high }
column-price-now = 现价
column-price-advised = 建议价
column-units-change = 销量变化
column-gain = 增益
column-gain-interval = 增益 95% 区间
column-worse = 变差 %
price-why-elasticity = 弹性 { $mean }（{ $low } 至 { $high }）
price-why-below-floor = 低于毛利下限，且超出调价幅度
price-why-no-ending = 调价幅度内没有这样的尾数
price-why-no-price-now = 价格未知
price-why-no-cost = 成本未知
price-why-no-price = 没有已知价格的周期
price-why-short = 历史太短
price-why-flat = 价格几乎没有变动
price-why-promotion-only = 价格只随促销变动
price-why-together = 价格只随品类一起变动
price-why-positive = 需求似乎随价格上升
price-why-wild = 弹性不可信
price-advice = { $product }：定价 { $price } 而非 { $now }，预计 { $span }内{ $goal ->
    [margin] 毛利
    [revenue] 销售额
   *[units] 销量
 }增加 { $value }（95% 区间 { $value_low } 至 { $value_high }），原为 { $before }；销量变化 { $units }（{ $units_low } 至 { $units_high }）。变差的可能为 { $worse }%。
price-keep = { $product }：保持现价 { $now }；在 { $step }% 的幅度内，没有足够把握能增加{ $goal ->
    [margin] 毛利
    [revenue] 销售额
   *[units] 销量
 }的价格。
price-below-floor = { $product }：现价 { $now } 低于毛利下限，{ $step }% 幅度内的价格也都低于它。
price-refused = { $product }：不给出价格建议：{ $why }。
price-elasticity = 价格每变动 1%，需求变动 { $mean }%（95% 区间 { $low } 至 { $high }）；其中 { $weight }% 来自其自身历史，其余来自同类商品。
price-prior = 同类商品的弹性为 { $mean }（95% 区间 { $low } 至 { $high }）；那是它们的，并非由本商品测得。
price-total = { $count } 个商品：{ $up } 个提价，{ $down } 个降价，{ $kept } 个不变；{ $refused } 个不给建议。
price-total-value = 合计 { $span }内{ $goal ->
    [margin] 毛利
    [revenue] 销售额
   *[units] 销量
 }在 { $before } 之上增加 { $value }，销量变化 { $units }。
price-proposal = 不会改动任何价格：这只是建议。
price-assumed-range = 所有商品共用一个弹性时：若商品只在价格上不同为 { $pooled }；若价格变动与需求无关为 { $products }；若价格可能随品类在一个{ $period }内的变动为 { $time }；若价格还可能随商品近期销量为 { $late }；采用最后一个
price-assumed = 假设：影响需求的其他因素不影响价格；竞争对手和其他商品的价格不变
price-assumed-revenue = 假设：成本未知，故以销售额最大为目标；可用 --costs costs.csv 或 --cost-column 给出成本
price-more = 另有 { $count } 个；--json 和 --out 含全部
price-unusable = { $count } 个无法使用，见 skucast data check：{ $products }{ $more ->
    [0] { "" }
   *[other] 等另外 { $more } 个
 }
price-no-cost = 成本未知，故以销售额最大为目标；数据中有 unit_cost 列时则以毛利为目标。
