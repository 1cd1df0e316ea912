explain-title = 预测的原因
explain-example = 为什么？
explain-table = { $product } 的预测依据
