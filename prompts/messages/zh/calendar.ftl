calendar-title = 假日
calendar-example = 下个月有哪些假日
calendar-none = { $cutoff } 之后 { $span }内没有公共假日（{ $country }）。
calendar-ahead = { $cutoff } 之后 { $span }内的公共假日（{ $country }）：{ $holidays }。
calendar-holiday = { $date } { $holiday }
calendar-table = 即将到来的假日
