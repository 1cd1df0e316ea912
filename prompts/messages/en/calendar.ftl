calendar-title = holidays ahead
calendar-example = any holidays in the next month
calendar-none = No public holiday ({ $country }) falls in the { $span } after { $cutoff }.
calendar-ahead = Public holidays ({ $country }) in the { $span } after { $cutoff }: { $holidays }.
calendar-holiday = { $holiday } on { $date }
calendar-table = holidays ahead
