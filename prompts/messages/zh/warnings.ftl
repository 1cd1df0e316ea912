# What a person should know about a forecast.

warning-no-period-known = 没有任何已知时段
warning-interpolated = { $periods } 个时段中有 { $missing } 个未知，基础预测对其做了插值
warning-no-season = 已知数据不足两个季节周期（{ $periods } 个时段）：基础预测不含季节性
warning-no-sales = { $periods } 个已知时段内没有销量：预测为零
warning-constant = { $periods } 个时段的销量完全相同
warning-short = 仅有 { $periods } 个已知时段：以其均值为中心做宽幅估计
warning-no-number = { $model } 没有给出数值，已被剔除
warning-too-slow = { $model } 每个序列需 { $seconds } 秒，超过 { $budget } 秒：已被剔除

warning-cold-start = { $known ->
    [0] 没有任何已知时段
   *[other] 仅有 { $known } 个已知时段
 }：根据 { $items } 个相似产品预测，区间较宽；最相似的是：{ $alike }
warning-nothing-sold = 已知时段内没有销量
warning-few-items = 可比产品太少，预测区间不够可靠
warning-unlike = 没有十分相似的产品：预测接近任意产品的水平

warning-left-out = { $count } 个序列的销售在 { $end } 之前结束，第一个是 { $first }：按零销量计入
warning-ended = 销量数据止于 { $end }，比全部数据的最后日期早 { $days } 天
warning-stopped = 自 { $date } 起已连续 { $periods }没有销售，长于其平常的间隔，该产品似已停售
warning-level-shift = 约 { $periods }前（{ $date }）水平由每期 { $old } 件变为 { $new } 件
warning-outlier = 一次约为平常 { $times } 倍的订单（{ $date } 一期 { $units } 件）已作缓和处理
warning-stands-in = { $why }：由统计模型组合代替综合工具
warning-llm-silent = LLM 没有回答（{ $why }）；仅采用{ $stands }
warning-llm-untrained-freq = 模型没有学过按{ $period }的销量，因此不参与预测
warning-llm-untrained-horizon = 模型最多学过未来 { $most } 期，没有学过 { $periods } 期，因此不参与预测
warning-llm-untested = 历史太短，无法在已知窗口上检验 LLM；仅采用{ $stands }
warning-llm-unusable = LLM 没有给出可用的回答；仅采用{ $stands }
warning-budget-spent = 预算已用完：这是不含大模型的预测

stands-analogues = 由相似产品得出的预测
stands-ensemble = 统计模型组合
stands-combined = 综合工具的预测

# An item like another one; why it is stands in data.ftl.

alike-separator = ；
alike-item = { $sku }
alike-item-why = { $sku }（{ $why }）
