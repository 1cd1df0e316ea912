out-of-scope-topic = I can't help with { $topic }: I forecast demand and look at this sales data, and change nothing.
out-of-scope-that = I can't help with that: I forecast demand and look at this sales data, and change nothing.
out-of-scope-instead = Ask me for { $titles }.
