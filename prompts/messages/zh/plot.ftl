plot-title = 图表
plot-example = 画出香蕉未来 8 周的图
