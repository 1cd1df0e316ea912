"""The commands of what came true: the ledger, a person's own numbers, tracking, and the log of who did what."""

from pathlib import Path
from typing import Annotated

import typer

from ..tools.console import err, out
from ..tools.errors import InputError
from ..tools.options import (
    Data,
    DateFormat,
    Decimal,
    Demo,
    Duplicates,
    Freq,
    Overwrite,
    SchemaFile,
    Sql,
    Sum,
    Thousands,
    declared,
)
from .options import As, Lang, LedgerAt, RolesFile

app = typer.Typer()
audit = typer.Typer(help="The log of who published, approved, overrode, promoted and rolled back what.")
app.add_typer(audit, name="audit")

SalesOf = Annotated[str | None, typer.Option("--data", help="the sales whose ledger it is, where no --ledger is named")]
Reason = Annotated[str, typer.Option("--why", help="the reason, in your own words")]


@app.command()
def track(
    data: Data = None,
    demo: Demo = False,
    ledger: LedgerAt = None,
    by: Annotated[
        list[str] | None, typer.Option(help="also by product, abc_xyz, step or a static column; again for more")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="all of it as one JSON object, and nothing else")] = False,
    out_file: Annotated[Path | None, typer.Option("--out", help="the scores to a .csv, .xlsx or .json file")] = None,
    as_: As = None,
    lang: Lang = "en",
    schema: SchemaFile = None,
    sql: Sql = None,
    sum_: Sum = False,
    decimal: Decimal = None,
    thousands: Thousands = None,
    date_format: DateFormat = None,
    duplicates: Duplicates = None,
    freq: Freq = "W",
    overwrite: Overwrite = False,
) -> None:
    """Hold what was published against what then sold: WAPE, bias, coverage, and what each stage added."""
    from json import dumps

    from ..prompts.messages.say import check_language, say
    from ..tools.monitor.track import track as tracked
    from .faces.assumed import tell
    from .faces.progress import share_bar
    from .faces.records import records
    from .faces.track import FILE, record, rows_of, scores, show, told
    from .workbench import Workbench

    check_language(lang)
    if out_file is not None:
        FILE.check(out_file, overwrite=overwrite)
    bench = Workbench(
        data, demo, freq, schema, sql, quick=True, engine="none", model="none", lang=lang,
        declared=declared(sum_, decimal, thousands, date_format, duplicates),
    )  # fmt: skip
    keep = records(ledger, bench.place, as_, None)
    with share_bar(err) as progress:
        source = bench.source(progress)
    tell(source.assumed, lang)
    if out_file is not None:
        FILE.check(out_file, overwrite=overwrite, reads=source.reads)
    with err.status("reading the sales"):
        panel = source.panel()
    with share_bar(err) as bar:
        found = tracked(
            keep.ledger, panel, author=keep.who, digest=source.digest,
            progress=lambda done, of: bar("tracking", done / of),
        )  # fmt: skip
    table = scores(found, panel, by or ["step"])
    tell(told(found), lang)
    if json:
        print(dumps(record(found, table, lang), ensure_ascii=False))
    else:
        show(found, table, out, lang)
    if out_file is not None:
        FILE.write(out_file, rows_of(table), {"assumptions": [say(one, lang) for one in told(found)]})
        err.print(f"{out_file}: {len(table):,} scores", highlight=False, soft_wrap=True)


@app.command()
def drift(
    data: Data = None,
    demo: Demo = False,
    ledger: LedgerAt = None,
    json: Annotated[bool, typer.Option("--json", help="an alarm a line as JSON")] = False,
    out_file: Annotated[Path | None, typer.Option("--out", help="the alarms to a .csv, .xlsx or .json file")] = None,
    lang: Lang = "en",
    schema: SchemaFile = None,
    sql: Sql = None,
    sum_: Sum = False,
    decimal: Decimal = None,
    thousands: Thousands = None,
    date_format: DateFormat = None,
    duplicates: Duplicates = None,
    freq: Freq = "W",
    overwrite: Overwrite = False,
) -> None:
    """Say which series no longer behave as their published forecasts take them to, in what, and since when."""
    from json import dumps

    from ..prompts.messages.say import check_language
    from ..tools.monitor.watch import as_table, watch
    from .faces.assumed import tell
    from .faces.drift import FILE, show
    from .faces.progress import share_bar
    from .faces.records import records
    from .workbench import Workbench

    check_language(lang)
    if out_file is not None:
        FILE.check(out_file, overwrite=overwrite)
    bench = Workbench(
        data, demo, freq, schema, sql, quick=True, engine="none", model="none", lang=lang,
        declared=declared(sum_, decimal, thousands, date_format, duplicates),
    )  # fmt: skip
    keep = records(ledger, bench.place, None, None)
    with share_bar(err) as progress:
        source = bench.source(progress)
    tell(source.assumed, lang)
    if out_file is not None:
        FILE.check(out_file, overwrite=overwrite, reads=source.reads)
    with err.status("reading the sales"):
        panel = source.panel()
    with share_bar(err) as bar:
        found, watched = watch(keep.ledger, panel, progress=lambda done, of: bar("watching", done / of))
    rows = [{str(name): value for name, value in row.items()} for row in as_table(found).to_dict("records")]
    if json:
        for row in rows:
            print(dumps(row, ensure_ascii=False))
    else:
        show(found, watched, out, lang)
    if out_file is not None:
        FILE.write(out_file, rows, {"series": watched})
        err.print(f"{out_file}: {len(rows):,} alarms", highlight=False, soft_wrap=True)


@app.command()
def publish(
    forecasts: Annotated[Path, typer.Argument(help="a file of skucast forecast --out")],
    data: SalesOf = None,
    ledger: LedgerAt = None,
    as_: As = None,
    roles: RolesFile = None,
    lang: Lang = "en",
) -> None:
    """Write the forecasts of a file into the ledger, to be held against what sells."""
    from ..prompts.messages.say import check_language
    from .batch.publish import reports_of
    from .faces.records import records

    check_language(lang)
    keep = records(ledger, data or "", as_, roles).allowed("publish")
    keep.publish_and_say(reports_of(forecasts), None, lang)


@app.command()
def override(
    sku: Annotated[str | None, typer.Argument(help="a product whose forecast is published")] = None,
    units: Annotated[float | None, typer.Option(help="units a period, in place of the forecast's")] = None,
    from_: Annotated[str | None, typer.Option("--from", help="from this date on; default the whole forecast")] = None,
    to: Annotated[str | None, typer.Option(help="up to this date")] = None,
    file: Annotated[Path | None, typer.Option(help="CSV or workbook of your own numbers: unique_id, ds, units")] = None,
    why: Reason = "",
    data: SalesOf = None,
    ledger: LedgerAt = None,
    as_: As = None,
    roles: RolesFile = None,
    lang: Lang = "en",
) -> None:
    """Put your own numbers in place of published ones. Both are kept, and tracked against what sells."""
    from ..prompts.messages.say import check_language
    from ..tools.data.horizon import parse_cutoff
    from .faces.records import own_numbers, records, same_number

    check_language(lang)
    if (file is None) == (sku is None) or (sku is None) != (units is None):
        raise InputError("either SKU --units N, or --file FILE.csv with unique_id, ds and units")
    if file is not None and (from_ or to):
        raise InputError("--from and --to go with SKU --units N; a file says its own dates")
    keep = records(ledger, data or "", as_, roles).allowed("override")
    if file is not None:
        wanted = own_numbers(file)
    else:
        first, last = (None if text is None else parse_cutoff(text) for text in (from_, to))
        wanted = same_number(keep.ledger, sku or "", units or 0.0, first, last)
    keep.said("override", keep.override(wanted, why), lang)


@app.command()
def approve(
    file: Annotated[Path, typer.Argument(help="orders or prices: --out FILE.json of skucast orders or skucast price")],
    data: SalesOf = None,
    ledger: LedgerAt = None,
    as_: As = None,
    roles: RolesFile = None,
    lang: Lang = "en",
) -> None:
    """Approve proposed orders or prices: it is recorded who did, and up to which amount they may. Nothing is sent."""
    from ..prompts.messages.say import check_language
    from .faces.records import records

    check_language(lang)
    keep = records(ledger, data or "", as_, roles)
    written, _kind, _amount = keep.approve(file)
    keep.said("approve", written, lang)


@audit.command("verify")
def audit_verify(
    file: Annotated[Path | None, typer.Argument(help="the log; default that of the ledger")] = None,
    data: SalesOf = None,
    ledger: LedgerAt = None,
    ends: Annotated[str | None, typer.Option(help="a digest noted earlier: was nothing cut off after it?")] = None,
    lang: Lang = "en",
) -> None:
    """Check that no line of the log was changed, left out or put in; exit code 2 and the line where one was."""
    from ..prompts.messages.say import check_language, say
    from ..tools.messages import Count, message
    from .faces.audit import AuditLog
    from .faces.records import records

    check_language(lang)
    log = AuditLog(file) if file is not None else records(ledger, data or "", None, None).log
    last = log.verify(ends)
    count, digest = (last.number, last.digest) if last else (0, "")
    out.print(say(message("audit-whole", count=Count(count), digest=digest), lang), highlight=False, soft_wrap=True)


@audit.command("show")
def audit_show(
    file: Annotated[Path | None, typer.Argument(help="the log; default that of the ledger")] = None,
    data: SalesOf = None,
    ledger: LedgerAt = None,
    last: Annotated[int, typer.Option(min=1, help="so many lines, the newest")] = 20,
    json: Annotated[bool, typer.Option("--json", help="lines as they stand in the log")] = False,
    lang: Lang = "en",
) -> None:
    """Show who did what, the newest last."""
    from collections import deque
    from json import dumps

    from ..prompts.messages.say import check_language
    from .faces.audit import AuditLog, table_of
    from .faces.records import records
    from .faces.tables import drawn

    check_language(lang)
    log = AuditLog(file) if file is not None else records(ledger, data or "", None, None).log
    lines = list(deque(log.lines(), maxlen=last))
    if json:
        for line in lines:
            print(dumps(line.__dict__, ensure_ascii=False))
    else:
        out.print(drawn(table_of(lines), lang))
