overview-title = 总体情况
overview-example = 最近生意怎么样？
overview-level = { $what }（{ $count } 个商品）最近 { $span }合计每{ $period }售出 { $level } 件，{ $way ->
    [up] 比此前 { $span }多 { $change }%
    [down] 比此前 { $span }少 { $change }%
    [same] 与此前 { $span }大致相同
   *[none] 此前 { $span }的销量未知
 }。
overview-year = { $way ->
    [up] 比去年同期多 { $change }%
    [down] 比去年同期少 { $change }%
    [same] 与去年同期大致相同
   *[none] 去年同期没有销量
 }。
overview-riser = 增长最多的是 { $product }，从 { $before } 件到 { $last } 件。
overview-faller = 下降最多的是 { $product }，从 { $before } 件到 { $last } 件。
overview-counts = { $up } 个商品上升、{ $down } 个下降了 { $percent }% 或更多，{ $odd } 个有反常的一{ $period }{ $stopped ->
    [0] 。
   *[other] ，{ $stopped } 个不再有销量。
 }
overview-revenue = 每{ $period }销售额为 { $level }，{ $way ->
    [up] 比此前高 { $change }%
    [down] 比此前低 { $change }%
   *[same] 与此前大致相同
 }。
overview-promoted = 这 { $span }里有 { $share }% 的商品时段在促销，此前为 { $before }%。
overview-table = 优先查看：每{ $period }件数
overview-is-up = 上升
overview-is-down = 下降
overview-is-stopped = 不再有销量
overview-odd = { $date } 反常
