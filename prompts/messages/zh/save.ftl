save-title = 保存文件
save-example = 把表格保存为 movers.csv
save-table = { $path }：{ $count } 行
save-nothing = 还没有可以保存的内容：请先要一张表或一个预测
save-which-file = 保存到哪个文件？例如：把图保存为 week.png，或把表格保存为 table.csv
save-not-here = 只有在您自己终端的对话里才能保存文件
save-unknown-suffix = { $file }：不能写这种文件；可选：{ $kinds }
