chance-title = 概率
chance-example = 香蕉销量超过 1500 的概率
chance-is = { $what } 在 { $span }内售出{ $side } { $units } 件的概率{ $bound ->
    [under] 低于
    [over] 高于
   *[about] 约为
 } { $percent }%。
chance-around = 预计售出 { $mean } 件，80% 的可能在 { $low } 到 { $high } 件之间。
chance-they = 它们
chance-of-what = 什么的概率？请说出件数，例如：超过 500 件的概率
side-above = 多于
side-at-least = 至少
side-below = 少于
side-at-most = 至多
