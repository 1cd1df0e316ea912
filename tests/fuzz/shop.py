"""The files of a small shop that every case begins with: sales, stock, notes, and what skucast made of them."""

import json
from pathlib import Path

import numpy as np
import pandas as pd

QUICK = ("--quick", "--engine", "none", "--model", "none")
TALK = (*QUICK, "--router", "rules", "--json")


def lay_out(folder: Path) -> None:
    """Write the files of a person: all that skucast reads, each small and right."""
    rng = np.random.default_rng(0)
    ds = pd.date_range("2024-01-07", periods=30, freq="W-SUN")
    parts = [
        pd.DataFrame({"unique_id": uid, "ds": ds, "y": rng.poisson(20, 30), "price": 2.0, "category": uid[0]})
        for uid in ("A1", "B2")
    ]
    pd.concat(parts).to_csv(folder / "sales.csv", index=False)
    (folder / "sales.toml").write_text('known_future = ["price"]\nstatic = ["category"]\nmissing = "zero"\n')
    (folder / "stock.csv").write_text("unique_id,on_hand,on_order,lead_time,unit_cost\nA1,5,0,2,1.1\nB2,400,0,2,1.2\n")
    (folder / "policy.toml").write_text("service = 95\nlead_time = 2\n")
    (folder / "people.toml").write_text(
        '[people]\nann = "buyer"\n[roles.buyer]\nmay = ["publish", "approve", "override"]\n'
    )
    (folder / "notes.jsonl").write_text('{"ds": "2024-07-20", "title": "Storm", "text": "A1 is delayed two weeks."}\n')
    (folder / "past.csv").write_text(
        "supplier,ordered,delivered,promised\n"
        + "".join(f"North,2024-0{month}-01,2024-0{month}-1{month},2024-0{month}-10\n" for month in range(1, 8))
    )
    days = pd.date_range("2024-03-01", periods=60, freq="D")
    rows = [(f"u{at % 12}", f"p{at % 5}", day, 1 + at % 3) for at, day in enumerate(np.repeat(days, 4))]
    pd.DataFrame(rows, columns=["user_id", "unique_id", "ts", "units"]).to_csv(folder / "events.csv", index=False)
    (folder / "mine.txt").write_text("what is here is mine\n")
    (folder / "mine.csv").write_text("my,own,figures\n1,2,3\n")
    (folder / "own.csv").write_text("unique_id,ds,units\nA1,2024-08-04,7\n")
    (folder / "session.jsonl").write_text(
        json.dumps({"at": "2024-07-28T00:00:00Z", "request": "top sellers", "reply": "A1"}) + "\n"
    )
