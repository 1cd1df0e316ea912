# What a check finds in the data, and what of it is refused.

finding = { $what }：{ $parts }
where-series = { $series } 个序列共 { $counted }，例如 { $first }
where-first = { $counted }，例如 { $first }
parts-separator = ；
first-separator = { " " }
columns-separator = { ", " }
case-ends = 止于 { $date }
case-weekday = { $date }（{ $weekday }）
name-of-weekday = { $day ->
    [1] 星期一
    [2] 星期二
    [3] 星期三
    [4] 星期四
    [5] 星期五
    [6] 星期六
   *[7] 星期日
}

counted-rows = { $rows } 行
counted-periods = { $rows } 个时段
counted-spellings = { $rows } 种其他写法
counted-values = { $rows } 个其他值

found-null_id = unique_id 为空
found-bad_date = ds 不是日期
found-bad_y = y 不是数字
found-infinite_y = y 为无穷大
found-negative_y = y 为负数
found-huge_y = y 超过 { $most } 件
found-bad_covariate = known_future 或 past_only 列不是数字
found-off_grid = 日期不符合按{ $rhythm }的节奏
found-duplicates = 同一 unique_id 和 ds 有多行
found-no_y = 该序列没有任何 y
found-missing_y = y 为空
found-gaps = 有些{ $periods }没有数据行
found-near_duplicate_ids = unique_id 仅大小写或空格不同
found-static_varies = 同一序列的 static 列有多个值
found-all_zero = 从未售出
found-ended = 销售早于数据的最后一{ $period }结束
found-short = 序列不足 { $fewest }
found-under_two_seasons = 序列不足两个季节周期（{ $fewest }）
found-constant = y 始终不变
found-zeros = y 为 0
found-negative_price = price 为负数
found-stock_out = { $column } 为 0，销量可能低于需求
found-stopped = 无销售的时间长于平常的间隔，产品似已停售
found-level_shift = 最近一年内水平发生变化
found-outlier = 一次订单为平常的许多倍
counted-series = { $rows } 个序列
looked-at = 共查看 { $series } 个序列
found-ignored_columns = 未使用的列：{ $columns }；如需使用，请在 schema 中声明为 known_future、past_only 或 static

no-calendar-rows = 没有任何一行同时有 unique_id 和日期
no-calendar-dates = 没有序列有两个日期可用于判断频率；请在模式中声明 freq = "D"、"W"、"2W"、"4W" 或 "M"
no-calendar-step = 无法判断频率：日期间隔的中位数为 { $days } 天：{ $parts }
no-calendar-quarters = 日期相隔 { $days } 天，即一个季度：不支持按季度预测；应为天、周、两周、四周或月；请提供季度所含的各月数据
no-calendar-mixed = 各序列的频率不同：{ $groups }：{ $parts }
groups-separator = ；
calendar-group = { $count } 个按{ $periods }（{ $series }{ $more ->
    [0] { "" }
   *[other] 、…
}）
series-separator = 、
columns-separator = { ", " }

# 关于日历的假定。

assumed-open-hours = 缺货小时按一期全部 { $hours } 小时的比例计：可用仅过去已知的列 { $column } 说明营业小时
assumed-weeks-apart = 每 { $weeks } 周一行，均为{ $weekday }，至 { $date }：按 { $weeks } 周一期读取（模式中 freq = "{ $freq }"）；如为缺少数据行的周数据，请声明 freq = "W"
assumed-retail-months = 各期长 4 周或 5 周：按零售日历的月读取，每期以所在月的最后一天表示（{ $date } 结束的一期为 { $month }）；5 周的一期比 4 周的多四分之一，未作校正

expected-id = 每行都应有 id
expected-dates = 日期应写作 2017-01-31
expected-numbers = 应为数字，整列写法一致
expected-finite = 应为有限的件数
expected-positive = 应为 0 或更大
expected-units = 应为实际售出的件数
expected-flags = 应为数字或 true/false
expected-weekday = { $weeks ->
    [1] 应为每周同一天的日期（{ $weekday }，与大多数行相同）
   *[other] 日期应相隔 { $weeks } 周，且为同一天（{ $weekday }，与大多数行相同）
}
expected-D = 任何一天均可
expected-MS = 应为每月第一天
expected-ME = 应为每月最后一天
expected-step = 应为 1（D）、7（W）、14（2W）、28（4W）或一个月（M）
expected-one-frequency = 一个文件应只有一种频率
expected-one-row = 每个时段应有一行
expected-row-each = 每{ $period }应有一行
expected-known = 应至少有一个已知的 y
expected-every-row = 每行都应有数字
expected-one-spelling = 每个 id 应只有一种写法
expected-one-value = 每个序列应只有一个值

advice-null-id = 可用 --sql "{ $query }" 去掉这些行
advice-negative = 如需把退货记为零，请在 schema 中声明 negative = "zero"
advice-missing = 请在 schema 中声明 missing = "zero"（没有行即没有销售）或 missing = "keep"（未知）
advice-text = 文本请放在 static 下
advice-relabel = 可用 --sql "{ $query }" 将每个日期移到其时段的第一天
advice-sum-to = 可在模式中声明 sum = true 和 freq = "{ $freq }"，按日历的每{ $period }汇总；没有行的时段则为 0
advice-one-by-one = 请分别预测，例如 --sql "{ $query }"
advice-lacking = 如有序列只是缺少没有销售的行，请在模式中声明 freq = "{ $freq }" 和 missing = "zero"
advice-sum = 可用 --sum（或 schema 中 sum = true）汇总同一时段的各行，退货一并计入
advice-copies = 可在 schema 中声明 duplicates = "drop"（或使用 --duplicates drop）略去完全相同的行
advice-first-taken = 取第一个值
advice-what-changes = 会变化的内容请放在 known_future 或 past_only 下
advice-ended = 其预测从它自己的终点开始

assumed-series = 同一编号和日期有多行，而 { $columns } 合起来可以区分：读取为 { $series } 个序列，每种组合一个（模式中 series = [{ $columns }]）；如要每个编号一个序列，请汇总各行
# 末尾未计入的时段。

assumed-not-loaded = 最近 { $periods }（{ $first } 至 { $last }）所有序列均无销售，而此前不久仍有多个序列在售：是否尚未载入？这些时段未计入，预测从 { $cutoff } 之后开始；如确为零，请在模式中声明 last = "keep"
assumed-last-not-over = 时段 { $date } 似乎尚未结束：{ $series } 个序列合计仅为平常的 { $percent }%，低于所对比的 { $periods }中的任何一个；该时段未计入，预测从 { $cutoff } 之后开始；如已结束，请在模式中声明 last = "keep"

data-refused = { $source }：{ $why }
not-in-the-data = 数据中没有
no-sales-by-then = 截至 { $cutoff } 没有销量

# ---- what was assumed in reading, and what is asked

assumed-encoding = 按 { $encoding } 编码读取
assumed-title-rows = 略去表头上方的 { $rows } 行
assumed-footer = 略去表格下方的 { $rows } 行
assumed-sheet = 读取工作表 { $sheet }；其他工作表：{ $others }
assumed-column = { $role } 取自 { $column } 列，而不是 { $others }
assumed-wide = { $columns } 列是日期，从 { $first } 到 { $last }：每个非空单元格作为一行
assumed-number = { $column }：{ $text } 读作 { $value }
assumed-flags = { $column }：{ $yes } 为 1，{ $no } 为 0
assumed-marks = { $column }：{ $yes } 为 1，空单元格为 0
assumed-all-no = { $column }：{ $no } 为 0
assumed-dates = { $column }：{ $text } 读作 { $date }{ $way ->
    [day-first] ，日在月前
    [month-first] ，月在日前
    [week] ，即该 ISO 周的星期一
    [serial] ，即 Excel 的日期序号
    [seconds] ，即 UTC 的 Unix 时间
   *[other] { "" }
}
assumed-local-day = { $column }：日期取所写的当地日期：{ $text } 为 { $day }
assumed-summed = { $rows } 行汇总为各序列的 { $periods } 个{ $freq ->
    [D] 天
    [W] 周
    [W2] 两周期
    [W4] 四周期
   *[M] 月
}
assumed-first-not-whole = 数据行始于 { $first }，在自 { $date } 起的时段之内：该时段未计入
assumed-last-not-whole = 数据行止于 { $last }，自 { $date } 起的时段尚未结束：该时段未计入，预测从它开始；如已结束，请在模式中声明 last = "keep"
assumed-summed-over = { $column } 的 { $count } 个值的销售已合并汇总；如要各成序列，请在模式中声明 series = [{ $column }, …]，并加上 SKU 所在的列
assumed-netted = 有 { $periods } 个时段退货多于销售；差额从其后的销售中扣除，使合计为净值
assumed-no-row-no-sale = 没有行的时段视为没有销售
assumed-copies-dropped = 略去重复出现的 { $rows } 行
assumed-copies-kept = 重复出现的 { $rows } 行再次计入
assumed-plan-left-out = { $last } 之后的 { $rows } 行没有 y，视为计划而略去；如需使用，请在 schema 中将其列声明为 known_future：{ $columns }
assumed-total = { $series } 在每个日期都等于其他 { $others } 个序列之和，已略去
assumed-no-total = { $series } 不等于其他序列之和，保留为一个序列

ask-number = { $column }：{ $text } 可以是 { $whole } 或 { $part }，文件中没有依据可以判断；请在 schema 中声明 thousands = "{ $mark }"（{ $whole }）或 decimal = "{ $mark }"（{ $part }），或使用 --thousands "{ $mark }" 或 --decimal "{ $mark }"
ask-dates = { $column }：{ $text } 可以是 { $one } 或 { $other }，文件中没有依据可以判断；请在 schema 中声明 date_format = "{ $one_format }" 或 date_format = "{ $other_format }"，或使用 --date-format
ask-copies = { $times ->
    [1] 文件中有连续 { $rows } 行再次出现，跨多个日期
   *[other] 整个表格在文件中出现了 { $times } 次
}；请在 schema 中声明 duplicates = "drop" 以略去重复的行，或 duplicates = "keep" 以全部计入，或使用 --duplicates
quarters-refused = { $column }：{ $text } 是季度；应为天、周或月

# ---- horizons

-horizons = 时段数（4）或天、周、月数（28d、4w、1m）
horizon-unknown = 预测期 { $words }：应为{ -horizons }
horizon-too-short = 预测期 { $words }：应为{ -horizons }，至少为 1
horizon-not-whole = 预测期 { $words }：不是整数个{ $periods }，而数据按{ $period }记录；应为{ -horizons }

# ---- what would do instead

choices-separator = { ", " }
hint-near = 您是不是要找：{ $choices }？
hint-none = 没有可选项
hint-choices = 可选：{ $choices }{ $more ->
    [0] { "" }
   *[other] { ", …" }
}

# ---- why items are alike

alike = { $reasons }
alike-labels = { $labels } 相同
alike-price-within = 价格相差不超过 { $percent }%
alike-price-apart = 价格相差 { $times } 倍
alike-text = 文本 { $score }
alike-unknown = 没有已知的共同点
reasons-separator = ，
labels-separator = 、
