save-title = files
save-example = save the table as movers.csv
save-table = { $path }: { $count } { $count ->
    [one] row
   *[other] rows
}
save-nothing = nothing to save yet: ask for a table or a forecast first
save-which-file = which file? Say for example: save the chart as week.png, or: save the table as table.csv
save-not-here = files can be saved in a chat of your own terminal only
save-unknown-suffix = { $file }: cannot write such a file; valid choices: { $kinds }
