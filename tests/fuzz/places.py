"""Where a person may put a file or a value: the words of each command, with one hole.

`{odd}` in a place is where an odd file or value goes; all other files are those of the shop.
"""

from dataclasses import dataclass

from .shop import QUICK, TALK

NEXT = (*QUICK, "--horizon", "2")
TABLES = (".csv", ".xlsx", ".parquet", ".duckdb", ".tsv", ".csv.gz", "")


@dataclass(frozen=True)
class Place:
    """A hole in a command.

    Attributes:
        name: for the counts.
        words: of the command.
        suffixes: that the file may have.
        may_change: files of the shop that the command is asked to change.
        table: only a table of sales will do.
    """

    name: str
    words: tuple[str, ...]
    suffixes: tuple[str, ...] = ("",)
    may_change: tuple[str, ...] = ()
    table: bool = False


READ = (
    Place("data", ("data", "check", "{odd}"), TABLES, table=True),
    Place("data of forecast", ("forecast", "{odd}", *NEXT), TABLES, table=True),
    Place("data of chat", ("chat", "{odd}", *TALK), TABLES, table=True),
    Place("schema", ("data", "check", "sales.csv", "--schema", "{odd}"), (".toml", "")),
    Place("stock", ("orders", "sales.csv", "--quick", "--stock", "{odd}"), TABLES),
    Place("policy", ("orders", "sales.csv", "--quick", "--stock", "stock.csv", "--policy", "{odd}"), (".toml", "")),
    Place("costs", ("price", "sales.csv", "--quick", "--costs", "{odd}"), TABLES),
    Place(
        "notes", ("forecast", "sales.csv", *NEXT, "--notes", "{odd}"), (".md", ".html", ".jsonl", ".csv", ".txt", "")
    ),
    Place("events", ("customers", "buyers", "{odd}", "--of", "p1"), TABLES),
    Place("events of recommend", ("recommend", "{odd}", "--user", "u1"), TABLES),
    Place("deliveries", ("suppliers", "{odd}"), TABLES),
    Place("session", ("trace", "{odd}"), (".jsonl", "")),
    Place("batch to export", ("export", "{odd}", "new.csv"), (".jsonl", "")),
    Place("batch to publish", ("publish", "{odd}", "--ledger", "new.duckdb"), (".jsonl",)),
    Place("journal", ("forecast", "sales.csv", *NEXT, "--all", "--out", "{odd}"), (".jsonl",)),
    Place("settings of a journal", ("forecast", "sales.csv", *NEXT, "--all", "--out", "odd"), (".run.json",)),
    Place("ledger", ("track", "sales.csv", "--ledger", "{odd}"), (".duckdb", "")),
    Place("roles", ("publish", "f.jsonl", "--ledger", "new.duckdb", "--as", "ann", "--roles", "{odd}"), (".toml", "")),
    Place("own numbers", ("override", "--file", "{odd}", "--ledger", "ledger.duckdb"), TABLES),
    Place("proposal", ("approve", "{odd}", "--ledger", "new.duckdb"), (".json", "")),
    Place("audit log", ("audit", "verify", "{odd}"), (".jsonl", "")),
    Place("audit log shown", ("audit", "show", "{odd}"), (".jsonl", "")),
    Place("task", ("eval", "{odd}", "--with", "SeasonalNaive"), (".toml", ".csv")),
    Place("runs", ("leaderboard", "{odd}", "--no-published"), (".jsonl", "")),
    Place("recipe", ("finetune", "{odd}", "--data", "sales.csv", "--out", "new"), (".toml", "")),
    Place("model", ("forecast", "sales.csv", "--engine", "none", "--horizon", "2", "--model", "{odd}"), ("",)),
    Place("engine", ("forecast", "sales.csv", "--model", "none", "--horizon", "2", "--engine", "hf:{odd}"), ("",)),
    Place("model to merge", ("merge", "{odd}", "new"), ("",)),
    Place("card", ("models", "show", "{odd}"), ("",)),
)
WRITE = (
    Place("--out", ("forecast", "sales.csv", *NEXT, "--all", "--out", "{odd}"), (".jsonl", "")),
    Place("--to", ("forecast", "sales.csv", *NEXT, "--all", "--out", "new.jsonl", "--to", "{odd}"), (".csv", ".xlsx")),
    Place("--plot", ("forecast", "sales.csv", *NEXT, "--plot", "{odd}"), (".svg", ".html", ".png", ".HTML")),
    Place("--session", ("chat", "sales.csv", *TALK, "--session", "{odd}"), (".jsonl", "")),
    Place("export", ("export", "f.jsonl", "{odd}"), (".csv", ".parquet", ".xlsx")),
    Place("export to a table", ("export", "f.jsonl", "duckdb:///{odd}::forecasts"), (".duckdb", "")),
    Place(
        "--out of orders",
        ("orders", "sales.csv", "--quick", "--stock", "stock.csv", "--out", "{odd}"),
        (".csv", ".json"),
    ),
    Place("--out of suppliers", ("suppliers", "past.csv", "--out", "{odd}"), (".csv", ".xlsx")),
    Place("--out of forget", ("customers", "forget", "u1", "events.csv", "--out", "{odd}"), (".csv", ".parquet")),
    Place("--out of recommend", ("recommend", "events.csv", "--all", "--out", "{odd}"), (".jsonl",)),
    Place("ledger to publish", ("publish", "f.jsonl", "--ledger", "{odd}"), (".duckdb", ""), ("audit.jsonl",)),
    Place("--out of leaderboard", ("leaderboard", "runs.jsonl", "--no-published", "--out", "{odd}"), (".md", ".html")),
    Place("folder to merge into", ("merge", "default", "{odd}"), ("",)),
)
FORECAST = ("forecast", "sales.csv", *QUICK)
VALUE = (
    *(
        Place(name, (*FORECAST, name, "{odd}"))
        for name in ("--horizon", "--cutoff", "--seed", "--top", "--sku", "--by")
    ),
    *(
        Place(name, (*NEXT[:0], *FORECAST, "--horizon", "2", name, "{odd}"))
        for name in ("--country", "--lang", "--freq")
    ),
    *(
        Place(name, ("data", "check", "sales.csv", name, "{odd}"))
        for name in ("--sql", "--decimal", "--thousands", "--date-format", "--duplicates", "--schema")
    ),
    *(
        Place(name, ("forecast", "sales.csv", "--horizon", "2", name, "{odd}"))
        for name in ("--engine", "--model", "--samples", "--shots", "--explain")
    ),
    *(
        Place(name, (*FORECAST, "--horizon", "2", "--all", "--out", "new.jsonl", name, "{odd}"))
        for name in ("--budget", "--limit", "--to", "--trust", "--certainty", "--at-most")
    ),
    Place("SQL of a database", ("data", "check", "duckdb:///shop.duckdb", "--sql", "{odd}")),
    Place("address", ("data", "check", "{odd}")),
    Place("address to write", ("export", "f.jsonl", "{odd}")),
    *(
        Place(f"{name} of orders", ("orders", "sales.csv", "--quick", "--stock", "stock.csv", name, "{odd}"))
        for name in ("--service", "--lead", "--late", "--capacity", "--replay", "--periods", "--origins")
    ),
    *(
        Place(f"{name} of price", ("price", "sales.csv", "--quick", name, "{odd}"))
        for name in ("--for", "--cost-column", "--max-step", "--floor", "--endings")
    ),
    *(
        Place(f"{name} of allocate", ("allocate", "sales.csv", "--quick", "--of", "A1", name, "{odd}"))
        for name in ("--units", "--by", "--pack", "--least", "-h")
    ),
    *(
        Place(f"{name} of override", ("override", "A1", "--units", "3", "--ledger", "ledger.duckdb", name, "{odd}"))
        for name in ("--from", "--to", "--why", "--as")
    ),
    Place(
        "units of override",
        ("override", "A1", "--ledger", "ledger.duckdb", "--units", "{odd}"),
        (),
        ("ledger.duckdb", "audit.jsonl"),
    ),
    Place("user", ("recommend", "events.csv", "--user", "{odd}")),
    Place("--as-of", ("recommend", "events.csv", "--user", "u1", "--as-of", "{odd}")),
    Place("--weeks", ("customers", "buyers", "events.csv", "--of", "p1", "--weeks", "{odd}")),
    Place("--of", ("customers", "buyers", "events.csv", "--of", "{odd}")),
    Place("--set", ("finetune", "demo", "--data", "sales.csv", "--set", "{odd}")),
    Place("--with", ("eval", "sales.csv", "-h", "2", "--windows", "1", "--with", "{odd}")),
    Place("request to trace", ("trace", "session.jsonl", "{odd}")),
    Place("command", ("{odd}",)),
    Place("option", ("forecast", "sales.csv", "{odd}")),
)
