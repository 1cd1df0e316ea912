# What the chat itself says: its commands, and how it begins and ends.

chat-help =
    /sku SKU, /horizon 8w                    “它”和“照旧”指什么
    /plot FILE, /export FILE                 上一个预测画成图表；本次会话的全部预测存为 JSON 行
    /signals apply 1 2, /signals none        预测采用备注中的哪些信号
    /trace, /engine                          上一个回答的由来；由谁选择工具、由谁预测
    /help, /quit                             本帮助；退出
chat-welcome = { $count } 个产品，销量数据截至 { $cutoff }。输入 help 看看我能做什么。
chat-taken-up = 接着之前的 { $count } 次提问继续
chat-in-english = 我用英文或中文回答；这次用英文。
chat-stopped = 已停止
chat-fault = 这个问题我没能回答：{ $why }
chat-rejected = 以工具的原话回答：{ $why }
chat-late-cutoff = --cutoff { $cutoff } 晚于最后的销售日期 { $last }：使用全部销售数据

chat-product = 当前产品是 SKU { $sku }
chat-horizon = 向前预测 { $count } 个时段
chat-engines = 工具由 { $router } 选择，预测由 { $forecaster } 给出
chat-chart = 图表：{ $path }
chat-exported = { $path }：{ $count } 个预测
forecaster-tools = 综合工具
forecaster-ensemble = 统计模型组合
forecaster-and-llm = { $base }和 { $llm }

chat-no-command = { $command }：没有这个命令；{ $hint }
chat-engine-stays = 会话中不能更换引擎；请用 --engine { $engine } 另开一个会话
chat-nothing-asked = 还没有提过问题
chat-nothing-forecast = 还没有做过预测；例如可以说：预测 SKU { $sku } 下个月的销量
chat-too-long = 请求有 { $count } 个字符：最多 { $most } 个
chat-expected-file = { $command }：需要一个文件，例如 { $example }
chat-no-chart = { $unique_id }：品类合计暂无图表；请先预测一个产品
chat-cannot-write = { $path }：无法写入（{ $why }）
not-used = 您说的这些没有用到：{ $words }。
as-before = 沿用之前的：{ $fields }。
as-before-lead-time = 备货期{ $value }
as-before-share = { $value }
as-before-stock = 现有 { $value }
as-before-change = 价格 { $value }
as-before-promotion = { $value }
as-before-on = 有促销
as-before-off = 无促销
chat-signals = /signals { $words }：应为 /signals apply 序号 …（备注信号的序号）或 /signals none
