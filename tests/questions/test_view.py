from __future__ import annotations

import pytest

from sulh.core.errors import BadMonth, BadRequest
from sulh.questions.view import View
from sulh.questions.wording import command, count_of, spans


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(BadMonth, match="2001-01 to 2000-12"):
        View(from_="2001-01", to="2000-12")


@pytest.mark.parametrize("options", [{"scope": "UN"}, {"membership": "current"}])
def test_an_unknown_option_names_the_known_ones(options: dict[str, str]) -> None:
    with pytest.raises(BadRequest, match="takes"):
        View(**options)


def test_a_malformed_month_is_refused() -> None:
    with pytest.raises(BadMonth):
        View(from_="2000-13")


def test_a_breakdown_is_named_once() -> None:
    with pytest.raises(BadRequest, match="twice"):
        View(by="nation,nation").dimensions_of(("nation",))


def test_spans_draw_neighbours_together_over_the_new_year() -> None:
    assert spans(["2000-01", "1999-12", "2001-05"]) == "1999-12 to 2000-01, 2001-05"


def test_numbers_take_their_noun() -> None:
    assert count_of(1, "month") == "1 month"
    assert count_of(2, "month") == "2 months"


def test_the_command_repeats_every_option_that_is_not_usual() -> None:
    view = View("2000-01", "2001-01", "year", "peacekeeping", "today")
    assert command(["contributions", "OIC"], view) == (
        "sulh contributions OIC --from 2000-01 --to 2001-01 --by year "
        "--scope peacekeeping --membership today"
    )
    assert command(["rank", "2000-01"], View()) == "sulh rank 2000-01"
