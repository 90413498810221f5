"""Groups have the members they had on a date; expressions obey the algebra of sets."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sulh.core.errors import BadMonth, BadRequest, SulhError, UnknownName
from sulh.facts.expression import evaluate
from sulh.facts.groups import (
    group_named,
    groups,
    members,
    members_of,
    observers_of,
    suspended_in,
)


@pytest.mark.parametrize(
    ("group", "on", "number"),
    [
        ("OIC", "1968-12", 0),
        ("OIC", "2020-01", 57),
        ("ARAB_LEAGUE", "2020-01", 22),
        ("GCC", "2020-01", 6),
        ("NATO", "1998-12", 16),
        ("NATO", "1999-12", 19),
        ("NATO", "2004-12", 26),
        ("NATO", "2009-12", 28),
        ("NATO", "2024-12", 32),
        ("EU", "1958-12", 6),
        ("EU", "1986-12", 12),
        ("EU", "1995-12", 15),
        ("EU", "2004-12", 25),
        ("EU", "2007-12", 27),
        ("EU", "2013-12", 28),
        ("EU", "2020-12", 27),
        ("ASEAN", "1967-12", 5),
        ("ASEAN", "1999-12", 10),
        ("ASEAN", "2025-12", 11),
        ("ECOWAS", "2010-12", 15),
        ("ECOWAS", "2025-12", 12),
        ("AU", "2020-01", 55),
        ("P5", "2000", 5),
    ],
)
def test_numbers_of_members_are_those_of_history(group: str, on: str, number: int) -> None:
    assert len(members_of(group, on=on)) == number


def test_todays_membership_is_constant_and_does_not_ask_the_clock() -> None:
    sizes = {len(members("OIC", on=on, membership="today")) for on in ("1950", "1993-12", "2030")}
    assert sizes == {57}
    assert members("OIC", on="1993-12") < members("OIC", on="1993-12", membership="today")
    assert "AZE" in members("OIC", on="2012-12")


def test_nobody_is_a_member_before_the_founding() -> None:
    for group in groups().values():
        assert members_of(group.group, on="1944-12") == frozenset()
    assert members("G77", on="1963-12") == frozenset()


def test_suspended_members_count_unless_left_out() -> None:
    assert suspended_in("OIC", on="2013-06") == {"SYR"}
    assert "SYR" in members("OIC", on="2013-06")
    assert "SYR" not in members("OIC", on="2013-06", suspended="leave_out")
    assert suspended_in("OIC", on="2025-06") == frozenset()


def test_observers_are_never_members() -> None:
    for group in groups():
        for on in ("1995-06", "2013-06", "2024-06"):
            assert not observers_of(group, on=on) & members_of(group, on=on)


def test_expressions_read_as_written() -> None:
    oic, arab, au = (members(name, on="2020-01") for name in ("OIC", "ARAB_LEAGUE", "AU"))
    assert members("OIC - ARAB_LEAGUE", on="2020-01") == oic - arab
    assert members("OIC & AU", on="2020-01") == oic & au
    assert members("OIC | AU", on="2020-01") == oic | au
    assert members("OIC & AU - ARAB_LEAGUE", on="2020-01") == (oic & au) - arab
    assert members("OIC & (AU - ARAB_LEAGUE)", on="2020-01") == oic & (au - arab)
    assert members("BGD, PAK, Jordan", on="2020-01") == {"BGD", "PAK", "JOR"}
    assert members("OIC - BGD, BGD", on="2020-01") == oic
    assert members("Guinea-Bissau | Côte d'Ivoire", on="2020-01") == {"GNB", "CIV"}
    assert members('"Congo, Dem. Rep." | Congo', on="2020-01") == {"COD", "COG"}
    assert members("arab league", on="2020-01") == arab


def test_a_nation_stands_for_its_own_code_while_it_exists() -> None:
    assert members("SRB", on="2006-06") == {"SRB"}
    assert members("Serbia", on="1995-01") == set()
    assert members("SUN", on="1991-11") == {"SUN"}
    assert members("SUN | RUS", on="2020-12", membership="today") == {"RUS"}


@pytest.mark.parametrize("expression", ["OIC -", "OIC –", "-OIC", "OIC- ", "OIC | AU −"])
def test_a_sign_without_its_second_part_is_an_error(expression: str) -> None:
    with pytest.raises(BadRequest):
        members(expression, on="2020-01")


@pytest.mark.parametrize(
    ("sign", "name"),
    [
        ("\u200b", "ZERO WIDTH SPACE (U+200B)"),
        ("\u202e", "RIGHT-TO-LEFT OVERRIDE (U+202E)"),
        ("\x1b", "a control character (U+001B)"),
        ("\x1f", "a control character (U+001F)"),
        ("\ufeff", "ZERO WIDTH NO-BREAK SPACE (U+FEFF)"),
    ],
)
def test_characters_that_do_not_show_are_named(sign: str, name: str, tmp_path: Path) -> None:
    for expression in (f"O{sign}IC", f"OIC{sign} | AU", f'"{sign}OIC"'):
        with pytest.raises(BadRequest, match=re.escape(name)):
            members(expression, on="2020-01")
    listed = tmp_path / "list.txt"
    listed.write_text(f"BGD\nPA{sign}K\n", encoding="utf-8")
    with pytest.raises(BadRequest, match=re.escape(f"{name} in 'PA")):
        members(f"@{listed}", on="2020-01")


def test_a_file_may_be_named_in_persian(tmp_path: Path) -> None:
    listed = tmp_path / "فهرست\u200cها.txt"
    listed.write_text("BGD\n", encoding="utf-8")
    assert members(f"@{listed}", on="2020-01") == {"BGD"}
    with pytest.raises(BadRequest, match=r"control character \(U\+001B\)"):
        members(f"@{tmp_path}/a\x1b[2J.txt", on="2020-01")


def test_what_is_no_file_is_no_list(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large.txt").write_bytes(b"BGD\n" * 300_000)
    for path, told in (
        ("/dev/zero", "a folder, a device or a pipe"),
        (tmp_path, "a folder, a device or a pipe"),
        (tmp_path / "pipe", "a folder, a device or a pipe"),
        (tmp_path / "large.txt", "larger than 1 MB"),
        (tmp_path / "none.txt", "No such file"),
    ):
        with pytest.raises(BadRequest, match=told):
            members(f"@{path}", on="2020-01")


@pytest.mark.parametrize(
    ("expression", "position"),
    [
        ("OIC &", 6),
        ("OIC & & AU", 7),
        ("(OIC | AU", 10),
        ("OIC )", 5),
        (") OIC", 1),
        ("OIC | 'ATLANTIS'", 7),
        ("OIC - NOWHERE", 7),
        ("OIC , , AU", 7),
    ],
)
def test_errors_name_the_position(expression: str, position: int) -> None:
    with pytest.raises(SulhError, match=rf"position {position} of"):
        members(expression, on="2020-01")


def test_an_unknown_name_lists_the_groups() -> None:
    with pytest.raises(UnknownName) as error:
        members("ATLANTIS", on="2020-01")
    assert all(group in error.value.mend for group in groups())


@pytest.mark.parametrize(
    ("typed", "meant"), [("OICC", "OIC"), ("Arab Leag", "ARAB_LEAGUE"), ("Pakstan", "Pakistan")]
)
def test_a_near_name_is_offered_before_the_list(typed: str, meant: str) -> None:
    with pytest.raises(UnknownName) as error:
        members(typed, on="2020-01")
    assert error.value.mend.startswith(f"did you mean {meant}")
    with pytest.raises(UnknownName) as error:
        members("xyzzy", on="2020-01")
    assert error.value.mend.startswith("groups are ")


def test_wrong_options_are_refused() -> None:
    with pytest.raises(BadRequest):
        members("", on="2020-01")
    with pytest.raises(BadMonth):
        members("OIC", on="yesterday")
    with pytest.raises(BadRequest):
        members("OIC", on="2020", membership="tomorrow")  # type: ignore[arg-type]
    with pytest.raises(BadRequest):
        members("(" * 400 + "OIC" + ")" * 400, on="2020")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("list.csv", "nation,why\nBGD,a\nTürkiye,b\n\n"),
        ("list.txt", "# mine\nBGD\nTürkiye  # a remark\n"),
        ("list.toml", 'nations = ["BGD", "Türkiye"]\n'),
        ("bom.txt", "\ufeffBGD\r\nTürkiye\r\n"),
    ],
)
def test_a_users_own_list(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", newline="")
    assert members(f"@{path}", on="2020-01") == {"BGD", "TUR"}
    assert members(f'NATO & @"{path}"', on="2020-01") == {"TUR"}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", b""),
        ("a.toml", b"nations = 3"),
        ("a.toml", b"["),
        ("a.txt", b"\xff\xfe\x00"),
        ("no", None),
    ],
)
def test_a_bad_list_is_refused(tmp_path: Path, name: str, data: bytes | None) -> None:
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(BadRequest):
        members(f"@{path}", on="2020-01")


def test_a_wrong_name_in_a_list_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text("BGD\nNowhere\n", encoding="utf-8")
    with pytest.raises(UnknownName, match="line 2"):
        members(f"@{path}", on="2020-01")


def test_groups_are_found_by_name() -> None:
    assert group_named("Organisation of Islamic Cooperation").group == "OIC"
    with pytest.raises(UnknownName, match="Narnia"):
        group_named("Narnia")


_SETS = {
    name: frozenset(bits) for name, bits in zip("ABCD", ("abc", "bcd", "", "aez"), strict=True)
}


def _tree() -> st.SearchStrategy[tuple[str, frozenset[str]]]:
    """Return pairs of an expression and the set that Python makes of it."""

    def joined(children: st.SearchStrategy) -> st.SearchStrategy:  # type: ignore[type-arg]
        signs = {"|": frozenset.__or__, "&": frozenset.__and__, "-": frozenset.__sub__}
        return st.tuples(children, st.sampled_from(sorted(signs)), children).map(
            lambda t: (f"({t[0][0]} {t[1]} {t[2][0]})", signs[t[1]](t[0][1], t[2][1]))
        )

    return st.recursive(st.sampled_from(sorted(_SETS.items())), joined, max_leaves=12)


@given(_tree())
def test_expressions_agree_with_python_sets(case: tuple[str, frozenset[str]]) -> None:
    expression, expected = case
    assert evaluate(expression, _SETS.__getitem__) == expected


@given(st.lists(st.sampled_from("ABCD|&-,"), max_size=9))
def test_precedence_agrees_with_python(parts: list[str]) -> None:
    """Without parentheses: ``&`` first, then ``|`` and ``-`` from the left, then ``,``."""
    expression = " ".join(parts)
    names = parts[::2]
    signs = parts[1::2]
    well_formed = len(parts) % 2 == 1 and set(names) <= set("ABCD") and set(signs) <= set("|&-,")
    if not well_formed:
        return
    total: frozenset[str] = frozenset()
    for clause in expression.split(","):
        terms = clause.replace("-", "|-").split("|")
        found: frozenset[str] = frozenset()
        for term in terms:
            factors = [_SETS[name.strip()] for name in term.strip(" -").split("&")]
            common = frozenset.intersection(*factors)
            found = found - common if term.strip().startswith("-") else found | common
        total |= found
    assert evaluate(expression, _SETS.__getitem__) == total


@given(st.text(alphabet="OICAU|&-(), @\"'\n\t.é", max_size=25))
def test_any_expression_gives_nations_or_a_clear_error(expression: str) -> None:
    try:
        found = members(expression, on="2020-01")
    except SulhError as error:
        assert error.mend
    else:
        assert all(len(nation) == 3 for nation in found)
