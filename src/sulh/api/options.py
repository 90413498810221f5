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
SeriesBy = Annotated[
    str | None,
    "personnel_type, operation, nation, sex, year; several with a comma. "
    "year gives the mean and the December stock",
]
RankBy = Annotated[
    str | None,
    "rank by persons (if left out), women or men; personnel_type: within each type. "
    "women,personnel_type does both",
]
NationBy = Annotated[
    str | None,
    "operation (if left out), or a series by month, year, personnel_type, sex; "
    "several with a comma",
]
OperationBy = Annotated[
    str | None,
    "month: strength by month; nation, personnel_type: contributors or kinds of personnel "
    "in the last month, or with month in every month (nation,month)",
]
MixBy = Annotated[str | None, "personnel_type, category, nation, operation; several with a comma"]
DeathsBy = Annotated[
    str | None,
    "year (if left out), month, operation, nation, cause, sex, casualty_type; several with a comma",
]
UnitsBy = Annotated[str | None, "year, unit, nation, operation, host; several with a comma"]
Unit = Annotated[
    Literal["medical", "engineering", "transport", "aviation"] | None, "one kind of unit only"
]
ConcentrationBy = Annotated[
    str | None, "month (if left out), or each personnel_type or operation by month"
]
GapKind = Annotated[
    Literal[
        "missing_month",
        "no_operation",
        "no_women_and_men",
        "in_doubt",
        "doubtful_fall",
        "doubtful_rise",
        "world_total_differs",
        "nation_total_differs",
        "own_files_differ",
        "remark",
    ]
    | None,
    "one kind of gap only",
]
GapsBy = Annotated[
    Literal["span", "month"],
    "span: neighbouring months of one kind in one row; month: a row a month with the figures",
]
BurdenBy = Annotated[str, "nation: a row a nation, in the last month; month: the group as a whole"]
