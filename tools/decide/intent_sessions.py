"""Will this session buy: a table of sessions, a row each, with a column that says which of them did."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..errors import InputError, nearest
from ..quantiles import Array
from .intent import Classifier, Quality, checked, fit_folds, quality
from .intent_features import Numbers

YES = {"true", "yes", "1", "1.0", "y", "t"}
NO = {"false", "no", "0", "0.0", "n", "f"}
HELD_OUT = 0.3
MOST_TWICE = 0.05  # share of the rows that are alike, up to which one stands there twice by mistake
MOST_CODES = 50  # different texts of a column that is looked at


@dataclass(frozen=True)
class SessionIntent:
    """Chances of sessions whose outcome is not known yet.

    Attributes:
        classifier: learned from all whose outcome is known.
        checked: how good one learned from seven tenths of them was on the rest.
        rows: places in the table of the sessions that were scored, shape `[N]`.
        chance: of each, shape `[N]`.
        reasons: of each, as `Classifier.reasons`.
        coded: columns that hold texts, as codes of their sorted values.
        duplicates: rows with a known outcome that stand there twice and were dropped; of more than a twentieth of all
            none is, for sessions of few columns are often alike.
    """

    classifier: Classifier
    checked: Quality
    rows: Numbers
    chance: Array
    reasons: list[list[tuple[str, float, float]]]
    coded: tuple[str, ...]
    duplicates: int


def session_intent(table: pd.DataFrame, target: str, *, seed: int = 0) -> SessionIntent:
    """Learn from the sessions whose outcome is known, and score the others.

    Args:
        table: a row a session; numbers, yes and no, or texts of a few values.
        target: column of the outcome: yes or no; empty where it is not known yet.
        seed: of the split and the trees.

    Raises:
        InputError: no such column, an outcome that is neither, or too few that are known.
    """
    if target not in table.columns:
        raise InputError(f"no column {target!r}; {nearest(target, table.columns)}")
    text = table[target].astype("str").str.strip().str.casefold()
    empty = table[target].isna() | (text == "")
    other = sorted(set(text[~empty]) - YES - NO)
    if other:
        raise InputError(f"column {target!r}: expected true or false; got {other[0]!r}")
    features, names, codes = session_features(table.drop(columns=target))
    twice = table.duplicated() & ~empty
    double = twice.sum() <= MOST_TWICE * len(table)
    unique = (~(twice & double) & ~empty).to_numpy()
    outcome = text.isin(YES).to_numpy().astype(float)
    rows = np.flatnonzero(unique)
    checked(outcome[rows])
    shuffled = np.random.default_rng(seed).permutation(rows)
    test, train = np.split(shuffled, [round(HELD_OUT * len(rows))])
    half = fit_folds(features[train], outcome[train], names, categories=codes, seed=seed)
    found = quality(half.chance(features[test]), outcome[test])
    whole = fit_folds(features[rows], outcome[rows], names, categories=codes, seed=seed)
    ask = np.flatnonzero(empty)
    chance, reasons = np.zeros(0), []
    if len(ask):
        chance, reasons = whole.chance(features[ask]), whole.reasons(features[ask])
    coded = tuple(names[at] for at in codes)
    return SessionIntent(whole, found, ask, chance, reasons, coded, int((~empty).sum()) - len(rows))


def session_features(table: pd.DataFrame) -> tuple[Array, tuple[str, ...], tuple[int, ...]]:
    """Columns as numbers: texts as codes of their sorted values, yes and no as 1 and 0; NaN where nothing stands.

    Returns:
        Shape `[N, F]`, the F names, and the places of the codes. Texts of over fifty values, such as ids, are left out.
    """
    made: list[Array] = []
    names: list[str] = []
    codes: list[int] = []
    for name in table.columns:
        column = table[name]
        numbers = pd.to_numeric(column, errors="coerce")
        if numbers.notna().sum() == column.notna().sum():
            made.append(numbers.to_numpy(dtype=float, na_value=np.nan))
        else:
            found = pd.Categorical(column.astype("str").where(column.notna()))
            if len(found.categories) > MOST_CODES:
                continue
            codes.append(len(made))
            made.append(np.where(found.codes < 0, np.nan, found.codes))
        names.append(str(name))
    return np.column_stack(made) if made else np.zeros((len(table), 0)), tuple(names), tuple(codes)
