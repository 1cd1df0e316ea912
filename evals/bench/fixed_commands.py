"""The fixed commands that a rebuild of the inside is checked with: forecasts, chats, scores, help and bad input."""

import re
from dataclasses import dataclass

IN = "../inputs"
SECONDS_AT_THE_END = (r"(?m) +\d+\.\d\d( +\d+)? *$", r" #\1")  # of the rows of a trace
SPEED = (r"(?m)^( *\d+ .+ %) +[\d.,]+ *$", r"\1 #")  # series a second, last in the table of scores
SPEED_ON_PAGE = (r"(?m)^(\| \d+ \|.+ % \|)( [\d.,]+ \|){2}$", r"\1 # | # |")
VERSION = (r"(?m),\d+\.\d+\.\d+$", ",#")  # of skucast, last in a flat table
FIRST_CALL = (r"(?m)% +\d+\.\d\d *$", "% #")  # seconds, last in the table of agent evals


@dataclass(frozen=True)
class Command:
    """One command, run in a folder of its own named as it is, beside `inputs` and the folders of those before it.

    Attributes:
        name: of the folder, and in the table.
        words: after `skucast`.
        typed: lines that it reads from standard input.
        scrub: patterns with what stands in their place, of what differs by nature in this command alone.
    """

    name: str
    words: tuple[str, ...]
    typed: tuple[str, ...] = ()
    scrub: tuple[tuple[str, str], ...] = ()

    @property
    def needs(self) -> set[str]:
        """Names of the commands whose files it reads."""
        return {found for word in self.words for found in re.findall(r"^\.\./([\w-]+)/", word)} - {"inputs"}


RULED_CHAT = (  # in words that the rules know
    "help",
    "why?",
    "forecast next month",
    "forecast next month for SKU 1001",
    "why?",
    "what if we take 10% off in week 2",
    "what if we raise the price by 15%",
    "what if we take 10% off in week 30",
    "predict the next 8 weeks for oat drink",
    "forecast cheddar",
    "forecast next month for SKU 99999999",
    "forecast next month for unicorn horns",
    "forecast the next 900 weeks for SKU 1001",
    "sales history of SKU 1004",
    "season of SKU 1007",
    "season of SKU 1009",
    "top movers",
    "what dropped most?",
    "the risers",
    "top sellers",
    "unusual weeks of SKU 1004",
    "items similar to SKU 1006",
    "find cheddar",
    "find caviar",
    "which",
    "holidays ahead",
    "how good were you on SKU 1005",
    "backtest SKU 1009",
    "data health",
    "plot SKU 1007",
    "reorder point of SKU 1002",
    "what will the weather be tomorrow?",
    "/sku 1003",
    "/sku 7",
    "/horizon 6w",
    "/horizon soon",
    "/engine",
    "/nonsense",
    "/plot",
    "/plot week.pdf",
    "/export all.jsonl",
)
ROUTED_CHAT = (  # what the rules do not know, and the router does
    "forecast the drinks category for 6 weeks",
    "forecast the toys category",
    "what if we put SKU 1005 on promotion",
    "what did SKU 1004 sell in December 2023",
    "what did SKU 1004 sell in 2015",
    "compare SKU 1005 and SKU 1006",
    "compare SKU 1003 with a year ago",
    "what fell most in snacks",
    "top 3 sellers in sweets",
    "price history of SKU 1005",
    "price history of SKU 1008",
    "what do the notes say about crisps",
    "any news on cheddar",
    "is the data sound?",
    "how much honey should I order, 20 on hand, lead time 3 weeks, service level 98%",
    "change the price of SKU 1001 to 3",
)
NOTES_CHAT = ("any market news?", "what do the notes say about the cheese campaign", "news on SKU 1003")
CHINESE_CHAT = (
    "SKU 1001下个月能卖多少?",
    "为什么?",
    "如果第二周打九折,会怎么样?",
    "请看一下1004最近12周的销量",
    "比较一下1005和1006",
    "最近跌得最厉害的三个商品是哪些?",
    "1004有没有异常的周?",
    "未来两个月有哪些节日?",
    "1008库存还有20,交货期3周,要订多少?",
    "1005的价格历史",
    "数据有没有缺失或者问题?",
    "竞争对手最近有什么消息?",
    "给我讲个笑话吧",
    "预测99999999",
)
MONTHLY_CHAT = (
    "forecast M0 for 3 months",
    "what if we take 10% off M0",
    "backtest SKU M3",
    "season of SKU M3",
    "similar to SKU M2",
    "reorder point of SKU M2",
    "top movers",
    "holidays ahead",
    "find something",
    "data health",
)
TALK = ("find crisps", "forecast next month for SKU 1005", "why?", "top movers", "forecast cheddar", "/horizon 4w")
DEMO_CHAT = (
    "forecast next month for SKU 995242",
    "why?",
    "what fell most?",
    "find bananas",
    "how did it sell in the last 8 weeks",
    "items like SKU 1082185",
    "how much should I order, 200 on hand, lead time 2 weeks",
    "any news on milk",
    "forecast next month for SKU 99999999",
    "forecast cheese",
    "tell me a joke",
    "香蕉下个月能卖多少?",
)

HELP = (
    *("", "forecast", "chat", "trace", "eval", "leaderboard", "export", "schema", "finetune", "merge", "serve"),
    *("data", "data check", "model", "model pull", "models", "models list", "models show"),
)
RECIPES = ("retailer", "router")
BAD = {
    "no-data": "forecast",
    "both": f"forecast {IN}/weekly.csv --demo",
    "no-file": "forecast nowhere.csv",
    "empty": f"forecast {IN}/empty.csv --engine none",
    "kind-of-file": "forecast sales.xlsx",
    "broken": f"forecast {IN}/broken.csv --engine none",
    "unknown-sku": f"forecast {IN}/weekly.csv --sku 1010 --engine none",
    "horizon": f"forecast {IN}/weekly.csv --horizon soon --engine none",
    "cutoff": f"forecast {IN}/weekly.csv --cutoff 05/06/2023 --engine none",
    "cutoff-early": f"forecast {IN}/weekly.csv --cutoff 1999-01-01 --engine none",
    "all-without-out": f"forecast {IN}/weekly.csv --all",
    "to-without-out": f"forecast {IN}/weekly.csv --to f.csv",
    "schema": f"forecast {IN}/weekly.csv --schema {IN}/odd.toml",
    "engine": f"forecast {IN}/weekly.csv --engine magic:wand",
    "model": f"forecast {IN}/weekly.csv --engine none --model nobody",
    "lang": f"forecast {IN}/weekly.csv --lang tlh",
    "option": "forecast --nonsense",
    "notes": f"chat {IN}/weekly.csv --engine none --notes nowhere",
    "contestant": f"eval {IN}/weekly.csv --with Oracle",
    "task": "eval nowhere_1W --with GBM",
    "trace": "trace nowhere.jsonl",
    "export": "export nowhere.jsonl f.csv",
    "recipe-field": "finetune default --set nonsense=1",
    "show": "models show nobody",
}


def _of(name: str, line: str, *typed: str, scrub: tuple[tuple[str, str], ...] = ()) -> Command:
    return Command(name, tuple(line.split()), typed, scrub)


WEEKLY = f"{IN}/weekly.csv --engine none"
COMMANDS: tuple[Command, ...] = (
    _of("version", "--version"),
    *(_of("-".join(["help", *of.split()]), f"{of} --help") for of in HELP),
    *(_of(f"bad-{name}", line) for name, line in BAD.items()),
    *(_of(f"recipe-{name}", f"finetune {name} --set name=unchanged --data nowhere.csv") for name in RECIPES),
    _of("schema", "schema"),
    _of("models-list", "models list"),
    _of("models-show-default", "models show default"),
    _of("models-show-router", "models show router"),
    _of("check-weekly", f"data check {IN}/weekly.csv"),
    _of("check-stock", f"data check {IN}/stock.csv"),
    _of("check-monthly", f"data check {IN}/monthly.csv"),
    _of("check-broken", f"data check {IN}/broken.csv"),
    _of("forecast-weekly", f"forecast {WEEKLY} --top 9 --horizon 6w --json"),
    _of("forecast-weekly-zh", f"forecast {WEEKLY} --top 9 --horizon 6w --json --lang zh"),
    _of("forecast-cutoff", f"forecast {WEEKLY} --top 3 --cutoff 2023-10-01 --json"),
    _of("forecast-cutoff-late", f"forecast {WEEKLY} --sku 1001 --cutoff 2030-01-01 --json"),
    _of("forecast-table", f"forecast {WEEKLY} --top 2 --cutoff 2023-10-01 --plot week.html"),
    _of("forecast-table-zh", f"forecast {WEEKLY} --top 2 --cutoff 2023-10-01 --lang zh"),
    _of("forecast-daily", f"forecast {IN}/daily.csv --engine none --horizon 14d --json"),
    _of("forecast-daily-zh", f"forecast {IN}/daily.csv --engine none --horizon 14d --json --lang zh"),
    _of("forecast-monthly", f"forecast {IN}/monthly.csv --engine none --top 4 --json"),
    _of("forecast-monthly-table", f"forecast {IN}/monthly.csv --engine none --top 4 --lang zh"),
    _of("forecast-stock", f"forecast {IN}/stock.csv --engine none --top 4 --horizon 8w --json"),
    _of("forecast-combined", f"forecast {WEEKLY} --country US --top 2 --horizon 4w --json"),
    _of("forecast-all", f"forecast {WEEKLY} --all --horizon 4w --out f.jsonl --to f.parquet", scrub=(VERSION,)),
    _of("forecast-again", f"forecast {WEEKLY} --all --horizon 4w --out ../forecast-all/f.jsonl"),
    _of("export-csv", "export ../forecast-all/f.jsonl f.csv", scrub=(VERSION,)),
    _of("forecast-demo-daily", "forecast --demo --freq D --engine none --top 2 --horizon 14d --json"),
    _of("forecast-llm", "forecast --demo --sku 995242 --cutoff 2017-12-03 --json"),
    _of("forecast-llm-zh", f"forecast {IN}/weekly.csv --sku 1004 --horizon 6w --json --lang zh"),
    _of("chat-weekly", f"chat {WEEKLY} --notes {IN}/notes --json", *RULED_CHAT),
    _of("chat-weekly-zh", f"chat {WEEKLY} --notes {IN}/notes --json --lang zh", *RULED_CHAT),
    _of("chat-monthly", f"chat {IN}/monthly.csv --engine none --json", *MONTHLY_CHAT),
    _of("chat-monthly-zh", f"chat {IN}/monthly.csv --engine none --json --lang zh", *MONTHLY_CHAT),
    _of("chat-talk", f"chat {WEEKLY} --session talk.jsonl", *TALK, "/trace", scrub=(SECONDS_AT_THE_END,)),
    _of("chat-talk-on", f"chat {WEEKLY} --session ../chat-talk/talk.jsonl --lang zh", "why?", "top movers", "/quit"),
    _of("trace", "trace ../chat-talk/talk.jsonl 2", scrub=(SECONDS_AT_THE_END,)),
    _of("chat-router", f"chat {IN}/weekly.csv --notes {IN}/notes --json", *ROUTED_CHAT),
    _of("chat-router-zh", f"chat {IN}/weekly.csv --notes {IN}/notes --json --lang zh", *CHINESE_CHAT),
    _of("chat-notes", f"chat {IN}/weekly.csv --notes {IN}/notes --json", *NOTES_CHAT),
    _of("chat-demo", "chat --demo --json", *DEMO_CHAT),
    _of(
        "eval-panel",
        f"eval {IN}/weekly.csv -h 4w --windows 2 --engine none --workers 1 --out runs.jsonl "
        "--with SeasonalNaive,Statistical,GBM,Combined",
        scrub=(SPEED,),
    ),
    _of("leaderboard", "leaderboard ../eval-panel/runs.jsonl --out page.md", scrub=(SPEED, SPEED_ON_PAGE)),
    _of(
        "eval-agent",
        f"eval agent --with rules,router --requests {IN}/requests.jsonl --out agent.json",
        scrub=(FIRST_CALL,),
    ),
)
