# 备注中的信号：带日期的事件，以及它们对预测的影响。

signals-title = 备注中的信号
signals-example = 备注对下个月说了什么
signals-not-here = 没有可读信号的备注；请用 --notes FILE 提供
signals-none = 备注没有提到未来 { $periods } 内有日期且有商品的事件。
signals-none-on = 备注没有提到未来 { $periods } 内 { $product } 的有日期的事件。
signals-found = 备注中有 { $count } 个信号涉及未来 { $periods }；已批准 { $approved } 个。
signals-how = 输入 /signals apply 序号 让预测采用它，/signals none 则都不采用。
signals-table = 信号：读自备注，备注只是数据
signals-unknown = 未知
signals-column = 已在列 { $column } 中
signals-taken-date = { $words } 按 { $date } 理解
signals-taken-name = { $words } 按 { $name } 理解
signals-taken-region = 地区 { $region } 不是数据中的列；视为不确定

signals-kind-promotion = 促销
signals-kind-closure = 停业
signals-kind-supply = 供应问题
signals-kind-price = 价格变动
signals-kind-competitor = 竞争对手
signals-kind-event = 活动
signals-kind-weather = 天气
signals-kind-launch = 新品
signals-kind-delisting = 下架
signals-kind-media = 媒体
signals-kind-quality = 质量问题
signals-kind-demand = 需求

signals-effect = { $published } 的备注 { $note }：{ $kind }，{ $first } 至 { $last }；采用后 { $with } 件，不采用 { $without } 件（{ $change }），{ $like ->
    [0] 按备注所述
   *[other] 依据 { $like } 次同类历史事件
 }。
signals-effect-open = { $published } 的备注 { $note }：{ $kind }，自 { $first } 起；采用后 { $with } 件，不采用 { $without } 件（{ $change }），{ $like ->
    [0] 按备注所述
   *[other] 依据 { $like } 次同类历史事件
 }。
signals-wider = { $published } 的备注 { $note }：{ $kind }，{ $first } 至 { $last }；影响大小未知，水平不变，区间加宽。
signals-wider-open = { $published } 的备注 { $note }：{ $kind }，自 { $first } 起；影响大小未知，水平不变，区间加宽。

column-number = 序号
column-with = 件数 不采用 → 采用
column-note = 备注
column-scope = 范围
column-times = 平时的倍数
column-approved = 已采用
signals-range = { $times } 倍（{ $low }–{ $high }）
signals-yes = 是
signals-no = 否
signals-products = { $count } 个商品
column-certainty = 确定性

signals-nothing = { $notes } 条备注：没有信号涉及本次预测。
signals-withheld = 有 { $count } 条备注未读取：其内容像是对模型的指令。
signals-not-terminal = 找到了信号，但均未采用：没有可供询问的终端；--signals apply --trust SOURCE 可采用某来源的信号
signals-none-trusted = 找到了信号，但均未采用：没有来自 --trust 来源且确定性不低于 { $certainty } 的信号
signals-applied = { $of } 个信号中采用了 { $count } 个。
signals-off = 未读取备注：--signals off
signals-ask = 预测采用哪些？输入序号、all 或 none
signals-number = { $words }：应为表中的序号、all 或 none
signals-words = { $number }：{ $source }，{ $published }：{ $words }
signals-from = 自 { $first } 起
signals-more = 另有 { $count } 行未显示；--json 中有全部。
column-days = 日期
