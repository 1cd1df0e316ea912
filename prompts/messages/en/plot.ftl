plot-title = charts
plot-example = plot bananas for 8 weeks
