"""Sentences that results share: months in words, commands that recompute, nations and groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sulh.core.months import month_index
from sulh.facts.states import by_nation, name_of
from sulh.questions.view import MEMBERSHIP, View

WORLD = "WORLD"
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def spans(months: Iterable[str]) -> str:
    """Return months in words, neighbours drawn together.

    >>> spans(["2016-11", "2018-03", "2018-04", "2018-05"])
    '2016-11, 2018-03 to 2018-05'
    """
    runs: list[list[str]] = []
    for month in sorted(months):
        if runs and month_index(month) - month_index(runs[-1][-1]) == 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    return ", ".join(run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs)


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
