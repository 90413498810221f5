"""Status as of a day: dates worked out by hand on a calendar."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sulh.registry.models import Agreement, Obligation, Post
from sulh.registry.periods import BadPeriod, Span, parse_period, shift
from sulh.registry.status import (
    agreement_status,
    ended_by_notice,
    occurrences,
    post_status,
    term_on,
)

_DAY = dt.date.fromisoformat


def _tacit(**more: str) -> Agreement:
    """Five years from 2011, renewed in silence by two years; six months' notice."""
    return Agreement(
        signed="2010-03-01",
        in_force="2011-01-01",
        ends="2015-12-31",
        renewal="tacit",
        renewal_period="P2Y",
        notice_period="P6M",
        **more,
    )


@pytest.mark.parametrize(
    ("day", "word"),
    [
        ("2010-02-28", "planned"),
        ("2010-03-01", "signed"),
        ("2010-12-31", "signed"),
        ("2011-01-01", "in force"),
        ("2015-12-31", "in force"),
        ("2016-01-01", "in force"),
        ("2199-12-31", "in force"),
    ],
)
def test_an_agreement_renewed_in_silence(day: str, word: str) -> None:
    assert agreement_status(_tacit(), _DAY(day)).word == word


@pytest.mark.parametrize(
    ("day", "end", "notice", "renewals"),
    [
        ("2012-01-01", "2015-12-31", "2015-06-30", 0),
        ("2015-12-31", "2015-12-31", "2015-06-30", 0),
        ("2016-01-01", "2017-12-31", "2017-06-30", 1),
        ("2020-05-05", "2021-12-31", "2021-06-30", 3),
    ],
)
def test_the_term_that_runs_and_its_notice(day: str, end: str, notice: str, renewals: int) -> None:
    term = term_on(_tacit(), _DAY(day))
    assert term is not None
    assert (term.end, term.notice_by, term.renewals) == (_DAY(end), _DAY(notice), renewals)


@pytest.mark.parametrize(
    ("given_on", "last"),
    [
        ("2015-06-30", "2015-12-31"),  # on the last day: in time
        ("2015-07-01", "2017-12-31"),  # a day late: one more term runs
        ("2011-02-01", "2015-12-31"),
    ],
)
def test_notice_ends_the_term_whose_deadline_it_met(given_on: str, last: str) -> None:
    agreement = _tacit(notice_given=given_on)
    assert ended_by_notice(agreement) == _DAY(last)
    assert agreement_status(agreement, _DAY(last)).word == "in force"
    after = agreement_status(agreement, _DAY(last) + dt.timedelta(days=1))
    assert after.word == "ended"
    assert after.reason == f"notice given on {given_on}, last day {last}"


def test_notice_of_an_agreement_without_term() -> None:
    agreement = Agreement(in_force="2000-01-01", notice_period="P90D", notice_given="2010-01-01")
    # January 31, February 28, March 31: 90 days after 1 January is 1 April.
    assert ended_by_notice(agreement) == _DAY("2010-04-01")
    assert agreement_status(agreement, _DAY("2010-04-02")).word == "ended"


@pytest.mark.parametrize(
    ("more", "word", "reason"),
    [
        ({}, "undated", "neither signed nor in_force is known"),
        ({"signed": "2025-09"}, "signed", "signed 2025-09; no entry into force is recorded"),
        ({"in_force": "2000"}, "in force", "in force since 2000; no end is agreed"),
        (
            {"in_force": "2000", "ends": "2005"},
            "expired",
            "in force since 2000; its term ended on 2005-12-31 and nothing is known of a renewal",
        ),
        (
            {"in_force": "2000", "ends": "2005", "renewal": "express", "renewed_until": "2040"},
            "in force",
            "in force since 2000; renewed expressly to 2040",
        ),
        (
            {"in_force": "2000", "ends": "2005", "renewal": "express"},
            "expired",
            "in force since 2000; its term ended on 2005-12-31 and no renewal is recorded",
        ),
        (
            {"in_force": "2000", "terminated": "2010-05-05"},
            "ended",
            "terminated, last day 2010-05-05",
        ),
    ],
)
def test_the_reason_says_what_the_word_rests_on(
    more: dict[str, str], word: str, reason: str
) -> None:
    status = agreement_status(Agreement(**more), _DAY("2026-11-23"))
    assert (status.word, status.reason) == (word, reason)


def test_ends_of_months_do_not_drift() -> None:
    # From 31 August by six months: 29 February in a leap year, then 31 August again.
    agreement = Agreement(
        in_force="2023-01-01", ends="2023-08-31", renewal="tacit", renewal_period="P6M"
    )
    days = ["2023-09-01", "2024-03-01", "2024-09-01"]
    ends = [term.end for day in days if (term := term_on(agreement, _DAY(day)))]
    assert ends == [_DAY("2024-02-29"), _DAY("2024-08-31"), _DAY("2025-02-28")]


@given(
    st.integers(1, 120),
    st.dates(dt.date(1900, 1, 1), dt.date(2090, 1, 1)),
    st.dates(dt.date(1900, 1, 1), dt.date(2099, 1, 1)),
)
def test_a_term_covers_the_day_it_is_asked_for(months: int, first: dt.date, day: dt.date) -> None:
    agreement = Agreement(
        in_force="1890-01-01",
        ends=first.isoformat(),
        renewal="tacit",
        renewal_period=f"P{months}M",
    )
    term = term_on(agreement, day)
    assert term is not None
    assert term.end >= day
    if term.renewals:
        before = shift(first, Span(months * (term.renewals - 1), 0))
        assert before < day


def test_occurrences_of_an_obligation() -> None:
    monthly = Obligation(due="2025-01-31", every="P1M")
    found = [str(day) for day in occurrences(monthly, _DAY("2025-05-01"))]
    assert found == ["2025-01-31", "2025-02-28", "2025-03-31", "2025-04-30"]
    assert list(occurrences(Obligation(due="2025-02"), _DAY("2025-02-01"))) == [_DAY("2025-02-01")]
    assert list(occurrences(Obligation(due="2025-02"), _DAY("2025-01-31"))) == []


def test_the_steps_of_a_post() -> None:
    post = Post(asked="2025-01-01", approved="2025-03-01", arrives="2025-06-01", leaves="2028-06")
    days = ["2024-12-31", "2025-01-01", "2025-03-01", "2025-06-01", "2028-06-30", "2028-07-01"]
    words = [post_status(post, _DAY(day)).word for day in days]
    assert words == ["planned", "asked", "approved", "held", "held", "ended"]


@pytest.mark.parametrize("text", ["", "P", "P0D", "PT5M", "P-1Y", "1Y", "P1.5Y", "P101Y", "P1Y2"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(BadPeriod):
        parse_period(text)
