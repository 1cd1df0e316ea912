out-of-scope-topic = “{ $topic }”我帮不上忙：我只做需求预测和查看这份销售数据，不做任何改动。
out-of-scope-that = 这件事我帮不上忙：我只做需求预测和查看这份销售数据，不做任何改动。
out-of-scope-instead = 您可以问我：{ $titles }。
