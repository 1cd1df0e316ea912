# A report's panel in the terminal.

report-period = 时段
report-expected = 期望
report-actual = 实际
report-interval = { $interval }% 预测区间
report-total = 合计
report-parts = 最大的组成部分
report-others = 其余 { $count } 个
report-why = 说明
report-after = { $cutoff } 之后 { $span }
report-by-llm = 由 LLM 撰写；其中 { $numbers } 个数字均有依据
report-by-template = 由模板撰写
report-by-template-for = 由模板撰写：{ $why }
report-share = { $engine } 在本预测中占 { $percent }%
report-base = 基础模型：{ $members }
members-separator = { ", " }
