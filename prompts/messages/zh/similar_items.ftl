similar-items-title = 相似产品
similar-items-example = 哪些产品和香蕉相似
similar-items-most = 与 { $product } 最相似的是 { $item }，相似度 { $score }（满分 1）。
similar-items-table = 与 { $product } 相似
