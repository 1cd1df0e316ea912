orders-title = 订货、断货与积压
orders-example = 这周应该订什么货
orders-table = 待办，最急的在前
orders-lasts = 暂不会
urgency-order = 现在订货
urgency-left-out = 未列入
urgency-runs-out = 将断货
urgency-over = 库存过多
urgency-dead = 滞销
urgency-fine = 正常
column-urgency = 状态
column-on-hand = 现有
column-on-order = 在途
column-order = 订货
column-cost = 金额
column-cover = 可售周数
column-runs-out = 断货日期
column-risk = 风险 %
column-over = 过多
column-over-cost = 过多金额
orders-order = { $product }：现在订货 { $units } 件{ $priced ->
    [yes] ，金额 { $cost }
   *[no] { "" }
 }。现有 { $stock } 件，在途 { $coming } 件。
orders-because = 交货期加订货周期共 { $span }，预计售出 { $demand } 件；服务水平为 { $service }% 时需要 { $up_to } 件，其中安全库存 { $safety } 件；现有及按时到货共 { $position } 件。
orders-lead-varies = 交货期在 { $shortest } 至 { $longest }之间变动：预计售出按平均交货期计，安全库存已为较长的交货期预留。
orders-rule = 按策略，再过一个订货周期仍会剩下的库存，其持有成本按 { $linger } 倍计，需求按 { $scale } 倍计：因此缺 { $short } 件。
orders-gone = 其中 { $units } 件的需求发生在到货之前、库存已空之时：这些销售会流失，不再补订，因此缺 { $short } 件。
orders-fill = 订货后可满足这 { $span }需求的 { $rate }%，不订货则为 { $without }%。
orders-packs = 按整箱订货，每箱 { $pack } 件，至少 { $moq } 件。
orders-none = { $product }：现在无需订货。现有 { $stock } 件，在途 { $coming } 件。
orders-out = 若不订货，预计在 { $date } 所在的周期断货；在现在所订的货到达之前断货的风险为 { $risk }%。
orders-over = 有 { $units } 件超过 { $span }内较高需求所需{ $priced ->
    [yes] ，占用资金 { $cost }
   *[no] { "" }
 }。
orders-dead = 有 { $units } 件库存，近期没有销量。
orders-cut = { $product }：建议订 { $proposed } 件；{ $limit ->
    [budget] 预算
    [capacity] 仓容
   *[both] 预算和仓容
 }只允许 { $units } 件。
orders-total = { $count } 个产品中现在应订货的有 { $order } 个，共 { $units } 件，可满足原本会缺货的 { $saved } 件需求；另有 { $runs_out } 个会在下次到货前断货。
orders-total-cost = 订货金额 { $cost }；积压占用 { $over }。
orders-total-over = 库存过多 { $over } 个，滞销 { $dead } 个，共超出较高需求 { $units } 件。
orders-unpriced = 有 { $count } 笔订货不知道单位成本，未计入金额。
orders-proposal = 不会向任何地方发送：订货只是建议。
orders-assumed-lead-time = 假设：{ $count } 个产品未给出交货期，按 { $value }计
orders-assumed-review = 假设：{ $count } 个产品未给出订货周期，按每 { $value }订一次计
orders-assumed-service = 假设：{ $count } 个产品未给出服务水平，按 { $value }% 计
orders-assumed-unmet = 假设：缺货时的需求{ $unmet ->
    [lost] 会流失
   *[backorders] 会等待
 }；在途的货在到货日所在周期之初到达
orders-assumed-span = 假设：超过 { $span }需求的 90% 分位数即为过多
orders-assumed-base = 假设：需求采用{ $quick ->
    [yes] 快速统计的预测
   *[no] 组合工具的预测，不含大模型
 }
orders-assumed-recovered = 假设：部分时间缺货的周期，需求高于销量；预测依据估算的需求
orders-limited = 为不超过{ $limits }，有 { $count } 笔订货少于建议或被略去。
orders-limit-budget = 预算 { $budget }
orders-limit-capacity = 仓容 { $capacity }
orders-stored = 订货到达时，不含这些订货的库存预计占 { $without } 个仓储单位，订货另占 { $orders }，仓容为 { $capacity }{ $full ->
    [yes] ：不订货也已满
   *[no] { "" }
 }
orders-assumed-volume = 假设：每件产品占一个仓储单位，因为库存文件没有体积列
orders-unmeasured = 有 { $count } 个产品不知道每件占多少仓储单位：未计入仓容
orders-no-stock-file = 没有库存数据：请用 skucast chat 销量文件 --stock 库存文件 启动，或在数据中加入现有库存列 { $column }
orders-none-of = 库存文件中没有属于 { $what } 的产品
stock-unusable = 有 { $count } 个无法预测，详见 skucast data check：{ $products }{ stock-and-more }
orders-more = 另有 { $count } 行（共 { $fine } 个正常）；--json 与 --out 含全部
orders-found-order = { $of }：{ $count } 个中有 { $found } 个现在应订货：{ $products }。
orders-found-risk = { $of }：{ $count } 个中有 { $found } 个可能在到货前断货：{ $products }。
orders-found-over = { $of }：{ $count } 个中库存过多 { $found } 个，滞销（有库存而近期没有销量）{ $dead } 个：{ $products }。
orders-found-dead = { $of }：{ $count } 个中有 { $found } 个有库存而近期没有销量：{ $products }。
orders-first-order = { $product } { $units } 件
orders-first-risk = { $product } 风险 { $risk }%
orders-first-over = { $product } 多出 { $units } 件
orders-first-dead = { $product } { $units } 件
orders-nothing = { $of }：{ $count } 个中没有{ $what ->
    [order] 现在需要订货的
    [risk] 有断货风险的
    [over] 库存过多或滞销的
   *[dead] 滞销的
 }。
orders-late = 若所有到货都晚 { $span }，{ $count } 个产品中预计有 { $gone } 个在到货前断货；准时则为 { $usual_gone } 个。应订货 { $units } 件，准时则为 { $usual } 件{ $way ->
    [more] ，多 { $more } 件
    [less] ，少 { $more } 件
   *[same] ，数量相同
 }{ $priced ->
    [yes] 。金额 { $cost }，准时则为 { $usual_cost }
   *[no] { "" }
 }。
orders-service = 服务水平为 { $service }% 时应订货 { $units } 件，按现有策略为 { $usual } 件{ $way ->
    [more] ，多 { $more } 件
    [less] ，少 { $more } 件
   *[same] ，数量相同
 }{ $priced ->
    [yes] 。金额 { $cost }，按现有策略为 { $usual_cost }，相差 { $dearer }
   *[no] { "" }
 }。
