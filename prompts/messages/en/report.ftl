# A report's panel in the terminal.

report-period = period
report-expected = expected
report-actual = actual
report-interval = { $interval } % interval
report-total = total
report-parts = Biggest parts
report-others = { $count } { NOUN($count, "other", "others") }
report-why = Why
report-after = { $span } after { $cutoff }
report-by-llm = written by the LLM; its { $numbers } { NOUN($numbers, "number stands", "numbers all stand") } in the evidence
report-by-template = written by template
report-by-template-for = written by template: { $why }
report-share = { $engine } carries { $percent } % of this forecast
report-base = base: { $members }
members-separator = { ", " }
