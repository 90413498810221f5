"""Time of twelve typical questions on the full monthly table, against plain pandas scripts.

    python benchmarks/questions.py STORE [rounds]

Each question is asked twice in turn in the same run: by the functions of `sulh.questions` on the
store, and by the few lines of pandas that a user would write for it on the table's CSV export (and
on a CSV of dated group memberships). *Cold* is a user who asks one question: open the store or read
the CSV, then ask; what sulh remembers between questions is forgotten first. *Warm* is a user who
goes on asking with the store open and the data frame in memory. Last, all twelve in one script:
open or read once, then ask. The answers are compared before
the clock runs. Imports of the libraries are not timed. Prints medians in milliseconds and ratios.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sulh.core import months
from sulh.facts import groups
from sulh.facts.groups import members, seats
from sulh.facts.operations import operations
from sulh.questions import falls, membership, period, quality, reported, selection
from sulh.questions.burden import concentration, without
from sulh.questions.contributions import elsewhere, mix, nation, operation, rank, series
from sulh.questions.view import View
from sulh.result import Result
from sulh.store.reading import Store

LAST = "2025-07"
Frames = dict[str, pd.DataFrame]
Ours = Callable[[Store], Result]
Theirs = Callable[[Frames], Any]


def export(store: Store, folder: Path) -> None:
    """Write what a pandas user would have: the monthly table and dated memberships, as CSV."""
    store.table("contributions").write_csv(folder / "contributions.csv")
    rows = [
        (seat.group, seat.nation, seat.valid.first_day[:7], seat.valid.last_day[:7])
        for each in seats().values()
        for seat in each
        if seat.role == "member"
    ]
    columns = ["group", "nation", "from", "to"]
    pd.DataFrame(rows, columns=columns).to_csv(folder / "members.csv", index=False)
    scopes = [(key, each.scope) for key, each in operations().items()]
    pd.DataFrame(scopes, columns=["operation", "scope"]).to_csv(folder / "scopes.csv", index=False)


def read(folder: Path, names: tuple[str, ...]) -> Frames:
    """Read the files that a question needs, as a careful user would (Namibia is not missing)."""
    return {
        name: pd.read_csv(folder / f"{name}.csv", keep_default_na=False, na_values=[""])
        for name in names
    }


def dated(frames: Frames) -> pd.DataFrame:
    """Return the rows of the OIC's members of each month, in pandas."""
    seats_of = frames["members"].query("group == 'OIC'")
    joined = frames["contributions"].merge(seats_of, on="nation")
    return joined[(joined["from"] <= joined["month"]) & (joined["month"] <= joined["to"])]


def world_by_month(f: Frames) -> Any:
    grouped = f["contributions"].query("persons > 0").groupby("month")
    return grouped.agg(persons=("persons", "sum"), nations=("nation", "nunique"))


def share_today(f: Frames) -> Any:
    df = f["contributions"]
    inside = df[df["nation"].isin(members("OIC", on=LAST, membership="today"))]
    return inside.groupby("month")["persons"].sum() / df.groupby("month")["persons"].sum()


def share_dated(f: Frames) -> Any:
    world = f["contributions"].groupby("month")["persons"].sum()
    return dated(f).groupby("month")["persons"].sum() / world


def ranked(f: Frames) -> Any:
    df = f["contributions"]
    present = df[(df["month"] == LAST) & (df["persons"] > 0)]
    table = present.groupby("nation")[["women", "men", "persons"]].sum()
    table["share"] = table["persons"] / table["persons"].sum()
    table["rank"] = table["persons"].rank(method="min", ascending=False)
    return table.sort_values("persons", ascending=False)


def served(f: Frames) -> Any:
    df = f["contributions"]
    own = df[(df["nation"] == "BGD") & df["operation"].notna() & (df["persons"] > 0)]
    monthly = own.groupby(["operation", "month"])["persons"].sum().reset_index()
    return monthly.groupby("operation").agg(
        first=("month", "min"),
        last=("month", "max"),
        months=("month", "nunique"),
        peak=("persons", "max"),
    )


def contributors(f: Frames) -> Any:
    df = f["contributions"]
    own = df[(df["operation"] == "MINUSCA") & (df["month"] == LAST)]
    table = own.groupby("nation")[["women", "men", "persons"]].sum()
    return table.sort_values("persons", ascending=False)


def kinds(f: Frames) -> Any:
    return dated(f).groupby(["month", "personnel_type"])[["women", "men", "persons"]].sum()


def women(f: Frames) -> Any:
    known = f["contributions"].dropna(subset=["women", "men"])
    table = known.groupby("month")[["women", "men"]].sum()
    return table["women"] / (table["women"] + table["men"])


def inequality(f: Frames) -> Any:
    counts = f["contributions"].groupby(["month", "nation"])["persons"].sum()
    counts = counts[counts > 0]

    def measures(values: pd.Series) -> pd.Series:
        x = np.sort(values.to_numpy())
        n, total = len(x), x.sum()
        gini = (2 * (np.arange(1, n + 1) * x).sum()) / (n * total) - (n + 1) / n
        hhi = ((x / total) ** 2).sum()
        return pd.Series({"gini": gini, "hhi": hhi, "top_10": x[-10:].sum() / total})

    return counts.groupby("month").apply(measures).unstack()


def peacekeeping(f: Frames) -> Any:
    df = f["contributions"].merge(f["scopes"], on="operation", how="left")
    untold = df.loc[df["operation"].isna(), "month"].unique()
    inside = df[(df["scope"] == "peacekeeping") & ~df["month"].isin(untold)]
    return inside.groupby("month")["persons"].sum()


def yearly(f: Frames) -> Any:
    monthly = dated(f).groupby("month")["persons"].sum().reset_index()
    monthly["year"] = monthly["month"].str[:4]
    december = monthly[monthly["month"].str.endswith("-12")].set_index("year")["persons"]
    return monthly.groupby("year")["persons"].mean().to_frame("mean").assign(december=december)


def leaving(f: Frames) -> Any:
    df = f["contributions"]
    inside = df[(df["month"] == LAST) & (df["persons"] > 0)]
    total = inside["persons"].sum()
    own = dated({**f, "contributions": inside}).groupby("nation")["persons"].sum()
    return (own.sum() - own) / (total - own)


M, G, S = "contributions", "members", "scopes"
QUESTIONS: list[tuple[str, Ours, Theirs, tuple[str, ...]]] = [
    ("the world by month", series, world_by_month, (M,)),
    (
        "share of the OIC, today's members",
        lambda s: series(s, "OIC", View(membership="today")),
        share_today,
        (M,),
    ),
    ("share of the OIC, dated members", lambda s: series(s, "OIC"), share_dated, (M, G)),
    ("rank of all nations in a month", lambda s: rank(s, LAST), ranked, (M,)),
    ("operations served by a nation", lambda s: nation(s, "BGD"), served, (M,)),
    (
        "contributors to an operation",
        lambda s: operation(s, "MINUSCA", View(by="nation")),
        contributors,
        (M,),
    ),
    (
        "kinds of personnel of the OIC by month",
        lambda s: mix(s, "OIC", View(from_="1990-01")),
        kinds,
        (M, G),
    ),
    ("women and men by month", lambda s: series(s, "WORLD", View(by="sex")), women, (M,)),
    ("Gini, Herfindahl, top ten by month", concentration, inequality, (M,)),
    (
        "peacekeeping operations only, by month",
        lambda s: series(s, "WORLD", View(scope="peacekeeping")),
        peacekeeping,
        (M, S),
    ),
    (
        "mean and December of the OIC by year",
        lambda s: series(s, "OIC", View(by="year")),
        yearly,
        (M, G),
    ),
    (
        "share of the OIC if one nation left",
        lambda s: without(s, "OIC", LAST),
        leaving,
        (M, G),
    ),
]


def forget() -> None:
    """Empty what sulh remembers between questions of one process."""
    for remembered in (
        quality.doubts,
        quality.printed_world,
        quality._read,
        quality.women_in_doubt,
        membership._remembered,
        reported.reported,
        reported.contributions,
        reported.civilian_months,
        falls.falls,
        selection._world,
        period._calendar,
        period._period,
        falls._by_month,
        elsewhere.on_maps,
        months.month_index,
        months.month_at,
        groups._days,
    ):
        remembered.cache_clear()


def agree(store: Store, frames: Frames) -> None:
    """Stop if an answer differs between the two."""
    by_month = series(store).table.drop_nulls("nations")
    theirs = world_by_month(frames)
    counted = by_month.filter(by_month["month"].is_in(theirs.index.to_list()))
    assert counted["persons"].to_list() == theirs["persons"].to_list()
    shares = dict(series(store, "OIC").table.drop_nulls("share").select("month", "share").rows())
    assert np.allclose(list(shares.values()), share_dated(frames)[list(shares)])
    assert rank(store, LAST).table["persons"].to_list() == ranked(frames)["persons"].to_list()
    gini = concentration(store).table["gini"].to_numpy()
    assert np.allclose(gini, inequality(frames)["gini"])
    kept = series(store, "WORLD", View(scope="peacekeeping")).table.drop_nulls("persons")
    assert kept["persons"].to_list() == peacekeeping(frames).to_list()
    left = without(store, "OIC", LAST).table.sort("nation")["if_withdrawn"].to_numpy()
    assert np.allclose(left, leaving(frames).sort_index())


def milliseconds(work: Callable[..., object], *given: object) -> float:
    """Return how long a piece of work takes."""
    start = time.perf_counter()
    work(*given)
    return (time.perf_counter() - start) * 1000


def timed(
    question: tuple[str, Ours, Theirs, tuple[str, ...]], store: Store, folder: Path, rounds: int
) -> dict[str, tuple[float, float]]:
    """Return the medians of sulh and of pandas, cold and warm."""
    _, ours, theirs, files = question
    frames = read(folder, files)
    cold: tuple[list[float], list[float]] = ([], [])
    warm: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        forget()
        cold[0].append(milliseconds(lambda: ours(Store.open(store.path))))
        cold[1].append(milliseconds(lambda: theirs(read(folder, files))))
        ours(store)
        warm[0].append(milliseconds(ours, store))
        warm[1].append(milliseconds(theirs, frames))
    return {
        "cold": (statistics.median(cold[0]), statistics.median(cold[1])),
        "warm": (statistics.median(warm[0]), statistics.median(warm[1])),
    }


def all_ours(path: Path) -> None:
    """Open the store once and ask all questions."""
    forget()
    store = Store.open(path)
    for question in QUESTIONS:
        question[1](store)


def all_theirs(folder: Path) -> None:
    """Read the files once and ask all questions."""
    frames = read(folder, (M, G, S))
    for question in QUESTIONS:
        question[2](frames)


def main(path: Path, rounds: int = 5) -> None:
    """Run the questions and print the medians."""
    store = Store.open(path)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        export(store, folder)
        frames = read(folder, (M, G, S))
        agree(store, frames)
        rows = len(frames[M])
        print(f"{rows:,} rows; medians of {rounds}, in ms: sulh, pandas, ratio")
        print(f"{'':42}{'cold':>24}{'warm':>24}")
        ratios: dict[str, list[float]] = {"cold": [], "warm": []}
        for question in QUESTIONS:
            line = f"{question[0]:42}"
            for state, (mine, pandas) in timed(question, store, folder, rounds).items():
                ratios[state].append(pandas / mine)
                line += f"{mine:8.1f}{pandas:9.1f}{pandas / mine:6.1f}x"
            print(line)
        own = statistics.median(milliseconds(all_ours, path) for _ in range(rounds))
        other = statistics.median(milliseconds(all_theirs, folder) for _ in range(rounds))
        print(f"all twelve in one script: {own:.0f} and {other:.0f}, {other / own:.1f}x")
        for state, found in ratios.items():
            print(f"{state}: median ratio {statistics.median(found):.1f}, least {min(found):.1f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
