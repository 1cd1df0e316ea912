"""ABC-XYZ cells by hand."""

import numpy as np
import pandas as pd
from skucast.tools.data.panel import Panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.forecast.abc_xyz import CELLS, abc_xyz


def panel_of(series: dict[str, list[float]]) -> Panel:
    past = pd.concat(
        [
            pd.DataFrame({"unique_id": uid, "ds": pd.date_range("2024-01-01", periods=len(y), freq="D"), "y": y})
            for uid, y in series.items()
        ],
        ignore_index=True,
    )
    return Panel(past, past.iloc[:0][["unique_id", "ds"]], pd.DataFrame(index=list(series)), PanelSchema(), "D")


def test_share_of_units_by_hand() -> None:
    # of 100 units: 60 + 25 reach past 80 %, so both are A; 8 + 5 go past 95 %: B; 2: C
    cells = abc_xyz(panel_of({"c": [1, 1], "a1": [30, 30], "b1": [4, 4], "a2": [12, 13], "b2": [2, 3]}))
    assert {uid: cell[0] for uid, cell in cells.items()} == {"c": "C", "a1": "A", "b1": "B", "a2": "A", "b2": "B"}


def test_exactly_at_the_border_the_next_class_begins() -> None:
    cells = abc_xyz(panel_of({"a": [80, 80], "b": [15, 15], "c": [5, 5]}))
    assert cells == {"a": "AX", "b": "BX", "c": "CX"}


def test_steadiness_by_hand() -> None:
    cells = abc_xyz(
        panel_of(
            {
                "steady": [10, 12, 8],  # deviation 1.63 of 10
                "half": [5, 15],  # 5 of 10: no longer less than half
                "unsteady": [2, 18],  # 8 of 10
                "erratic": [0, 20],  # 10 of 10: no longer less than the mean
            }
        )
    )
    assert {uid: cell[1] for uid, cell in cells.items()} == {
        "steady": "X",
        "half": "Y",
        "unsteady": "Y",
        "erratic": "Z",
    }


def test_what_is_not_known_does_not_count() -> None:
    cells = abc_xyz(panel_of({"a": [10, np.nan, 10, np.nan], "never": [np.nan, np.nan], "zero": [0, 0]}))
    assert cells == {"a": "AX", "never": "CZ", "zero": "CZ"}


def test_a_catalogue_that_never_sold_has_cells_all_the_same() -> None:
    cells = abc_xyz(panel_of({"a": [0, 0], "b": [0.0, 0.0]}))
    assert set(cells) == {"a", "b"}
    assert set(cells.values()) <= set(CELLS)


def test_the_order_is_the_panels() -> None:
    assert list(abc_xyz(panel_of({"z": [1, 2], "a": [100, 100]}))) == ["z", "a"]
    assert len(CELLS) == len(set(CELLS)) == 9
