"""Sentences that results share: months in words, commands that recompute, nations and groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sulh.core.months import month_index
from sulh.facts.states import by_nation, name_of
from sulh.questions.view import MEMBERSHIP, View

WORLD = "WORLD"
_YEAR = 12
_SEVERAL = 3
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def spans(months: Iterable[str]) -> str:
    """Return months in words, neighbours drawn together, and one month of several years.

    >>> spans(["2016-11", "2018-03", "2018-04", "2018-05"])
    '2016-11, 2018-03 to 2018-05'
    >>> spans(["1990-12", "1991-12", "1992-12", "1995-12"])
    'each December of 1990 to 1992, 1995-12'
    """
    runs: list[list[str]] = []
    for month in sorted(months):
        if runs and month_index(month) - month_index(runs[-1][-1]) == 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    said: list[str] = []
    while runs:
        years = _year_after_year(runs)
        if len(years) >= _SEVERAL:
            name = _MONTHS[int(years[0][5:]) - 1]
            said.append(f"each {name} of {years[0][:4]} to {years[-1][:4]}")
            del runs[: len(years)]
        else:
            run = runs.pop(0)
            said.append(run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}")
    return ", ".join(said)


def _year_after_year(runs: Sequence[Sequence[str]]) -> list[str]:
    """Return the first months of runs as long as each stands alone, a year after the one before."""
    found: list[str] = []
    for run in runs:
        apart = month_index(run[0]) - month_index(found[-1]) if found else _YEAR
        if len(run) > 1 or apart != _YEAR:
            break
        found.append(run[0])
    return found


def month_text(month: str) -> str:
    """Return a month in words, for a title.

    >>> month_text("2020-12")
    'December 2020'
    """
    return f"{_MONTHS[int(month[5:7]) - 1]} {month[:4]}"


def count_of(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> count_of(1, "month"), count_of(1500, "month")
    ('1 month', '1,500 months')
    """
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def command(words: Sequence[str], view: View, scope: str = "un") -> str:
    """Return the command line that asks the same question; ``scope`` is the verb's own default.

    >>> command(["contributions", "OIC - AU"], View(to="2012-12", scope="peacekeeping"))
    "sulh contributions 'OIC - AU' --to 2012-12 --scope peacekeeping"
    """
    import shlex

    options = [
        ("--from", view.from_, None),
        ("--to", view.to, None),
        ("--by", view.by, None),
        ("--scope", view.scope, scope),
        ("--membership", view.membership, "dated"),
    ]
    given = [part for name, value, usual in options if value != usual for part in (name, value)]
    return shlex.join(["sulh", *words, *(str(part) for part in given)])


def group_text(group: str) -> str:
    """Return a group for a title.

    >>> group_text("OIC"), group_text("BGD")
    ('OIC', 'Bangladesh (BGD)')
    """
    if group in by_nation():
        return f"{name_of(group)} ({group})"
    return "all contributing nations" if group == WORLD else group


def assumptions(view: View, group: str) -> tuple[str, ...]:
    """Return what every question on head-counts assumes: stock, scope and membership."""
    said = [
        "Figures are head-counts at the end of the month (a stock); months are never added.",
        f"Scope: {view.scope_text}.",
    ]
    return (*said, *membership_text(view, group))


def membership_text(view: View, group: str) -> tuple[str, ...]:
    """Return what the answer assumes of membership.

    Of a nation nothing is assumed: it stands for its own code.

    >>> membership_text(View(membership="today"), "OIC")
    ('Membership of OIC: present-day members in every month.',)
    >>> membership_text(View(), "BGD")
    ()
    """
    if group != WORLD and group not in by_nation():
        return (f"Membership of {group}: {MEMBERSHIP[view.membership]}.",)
    if view.membership == "dated":
        return ()
    if group != WORLD:
        return (f"{group} stands for its own code in every month.",)
    return ("All nations are asked for: the choice of membership changes nothing.",)


def no_members(group: str, months: Sequence[str]) -> tuple[str, ...]:
    """Return the sentence on months in which a group had no members, if there are any.

    Of a nation: in which there was no such state.

    >>> no_members("OIC", ["1968-11", "1968-12"])
    ('OIC had no members in 1968-11 to 1968-12: no figure.',)
    >>> no_members("SUN", ["2020-12"])
    ('SUN (Union of Soviet Socialist Republics) did not exist in 2020-12: no figure.',)
    """
    if not months:
        return ()
    if group in by_nation():
        return (f"{group} ({name_of(group)}) did not exist in {spans(months)}: no figure.",)
    return (f"{group} had no members in {spans(months)}: no figure.",)
