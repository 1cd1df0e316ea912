explain-title = 预测的原因
explain-example = 为什么？
