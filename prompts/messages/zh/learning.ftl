ledger-publish = 已发布：{ $ledger } 中 { $rows } 行，条目 { $entry }；skucast track 会将其与实际销售对照
ledger-override = { $rows } 个时段已改用你自己的数字，{ $ledger } 中的条目 { $entry }；原预测仍保留在旁
ledger-approve = 已批准：{ $rows } 行，{ $ledger } 中的条目 { $entry }；没有发送任何内容
ledger-stands = { $ledger } 中已有相同内容，条目 { $entry }
track-table = 预测与实际销售的对照，以销量的 % 计
track-by = 最终预测，按{ $by ->
    [product] 商品
    [abc_xyz] ABC-XYZ
    [step] 提前期数
   *[other] { $by }
 }
track-label = { $by ->
    [product] 商品
    [abc_xyz] ABC-XYZ
    [step] 提前期数
   *[other] { $by }
 }
track-stage = { $stage ->
    [naive] 重复最近值
    [statistics] 统计模型
    [trees] 树模型与统计模型
    [LLM] 加上大语言模型
    [notes] 加上备注
    [override] 人工数字
   *[final] 最终
 }
track-basis = { $origins } 个截止点的预测与截至 { $through } 的销售对照；WAPE 按中位数计算，偏差（预测 − 实际）和跟踪信号按期望销量计算，覆盖率针对 80 % 区间；FVA 是在相同时段上 WAPE 比前一阶段低多少个百分点，最终预测则与重复最近值相比
track-missing = { $count } 个预测时段的销售未知，不计入
track-changed = { $count } 个销售数与先前跟踪时所见不同；以最后已知的值为准
track-late = { $count } 个销售数晚于先前跟踪时到达；现已计入
track-more = 另有 { $count } 行；--json 和 --out 包含全部行
track-override-worse = { $product }：{ $who } 的数字在 { $count } 个时段中平均每期相差 { $own } 件，仅用预测则为 { $forecast } 件：不作改动，合计会接近 { $units } 件。当时所知的情况未必在数据中；理由记在台账里。
track-override-better = { $product }：{ $who } 的数字在 { $count } 个时段中平均每期相差 { $own } 件，仅用预测则为 { $forecast } 件：合计使其接近了 { $units } 件。
track-override-same = { $product }：{ $who } 的数字在 { $count } 个时段中平均每期相差 { $own } 件，仅用预测则为 { $forecast } 件：同样接近，差异在 { $units } 件以内。
track-overrides = 全部人工数字合计，共 { $count } 个时段：{ $way ->
    [worse] 比仅用预测多偏离 { $units } 件
    [better] 比仅用预测更接近 { $units } 件
   *[same] 与仅用预测同样接近
 }。
audit-whole = { $count } 行，每一行都承接前一行；最后一行的摘要为 { $digest }
audit-table = 谁做了什么，时间为 UTC
audit-act = { $act ->
    [publish] 发布
    [approve] 批准
    [override] 人工数字
    [export] 导出为文件
    [promote] 启用
   *[rollback] 回退
 }
column-stage = 阶段
column-steps = 时段
column-wape = WAPE
column-coverage-80 = 80 % 内
column-tracking-signal = 跟踪信号
column-fva = FVA
column-fva-naive = FVA
column-line = 行
column-when = 时间
column-who = 谁
column-act = 操作
column-facts = 对象
drift-table = 走势已与预测不符的序列
drift-kind = { $kind ->
    [level] { $way ->
        [up] 水平，高于预测
       *[down] 水平，低于预测
     }
    [variance] { $way ->
        [up] 波动，大于预测
       *[down] 波动，小于预测
     }
   *[season] { $way ->
        [up] 季节性，强于预测
       *[down] 季节性，弱于预测
     }
 }
drift-total = { $of } 个序列中有 { $count } 个报警；一百个稳定的序列中，一年（按周）约有一个误报。
column-drift-kind = 内容
column-since = 自
column-seen = 发现于
verdict-gap = { $challenger } 与 { $champion } 对比，{ $first } 之后 { $windows } 个窗口、{ $count } 个序列，两者均未学习过：分位数损失 { $gap } %（95 % 区间 { $low } 至 { $high } %），{ $way ->
    [better] 因此它更好
    [worse] 因此它更差
   *[open] 因此无法看出孰优
 }。
verdict-part = { $part ->
    [A] 销量最大的序列（A）
    [B] B 类序列
    [C] C 类序列
   *[earlier] 更早的窗口
 }：{ $gap } %，{ $worse ->
    [yes] 差于 { $margin } % 的容限
   *[no] 在 { $margin } % 的容限之内
 }。
verdict-may = 它可以取代 { $champion }：使用 --approve，或 roles.toml 允许时自动进行。
verdict-stays = 仍使用 { $champion }。
