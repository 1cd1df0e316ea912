explain-title = why a forecast is as it is
explain-example = why?
