"""Types of the options that verbs share, with the help that ``sulh VERB --help`` prints."""

from __future__ import annotations

from typing import Annotated, Literal

_GROUP = "group, nation or expression: OIC, BGD, 'OIC - ARAB_LEAGUE', 'BGD, PAK', @members.csv"

Scope = Annotated[
    Literal["un", "peacekeeping", "political", "other", "all"],
    "un: UN peacekeeping and special political missions; other: operations of other bodies",
]
ScopeOfOne = Annotated[
    Literal["un", "peacekeeping", "political", "other", "all"],
    "refuse an operation outside this scope",
]
Membership = Annotated[
    Literal["dated", "today"],
    "dated: members as of each month; today: the latest known members in every month",
]
MembershipOfOne = Annotated[
    Literal["dated", "today"],
    "changes nothing: a nation stands for its own code in every month, and the answer names "
    "earlier states on its territory",
]
Group = Annotated[str, _GROUP]
Part = Annotated[str, f"{_GROUP}; its members' part of the operation"]
From = Annotated[str | None, "first month, YYYY-MM"]
To = Annotated[str | None, "last month, YYYY-MM"]
MeanFrom = Annotated[str | None, "rank by the mean of the months from this one, YYYY-MM"]
MeanTo = Annotated[str | None, "rank by the mean of the months up to this one, YYYY-MM"]
MonthArgument = Annotated[str | None, "month, YYYY-MM; the latest in the store if left out"]
