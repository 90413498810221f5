"""Any sequence of changes leaves what a plain dictionary would hold, and a history of all of it."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from sulh.registry import Edit, Refused, Register, verify

_NAMES = st.sampled_from(["A", "B", "C"])
_STEP = st.tuples(
    st.sampled_from(["add", "change", "remove"]),
    _NAMES,
    st.integers(0, 4),
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cn", "Cs", "Zl", "Zp")), max_size=5
    ),
)


@given(st.lists(_STEP, max_size=25))
def test_any_sequence_of_changes(steps: list[tuple[str, str, int, str]]) -> None:
    desk = Register.open(":memory:", "somebody")
    stands: dict[str, tuple[str, int]] = {}
    versions: dict[str, int] = {}
    kept = 0
    for what, name, seen, text in steps:
        title = text or "t"
        version = stands.get(name, ("", 0))[1]
        values = {"id": name, "title": title, "source": "s"}
        edit = Edit(
            "forum", name, None if what == "remove" else values, None if what == "add" else seen
        )
        new = version == 0 and what != "remove"
        same = what == "add" and stands.get(name, ("", 0))[0] == title
        sound = new or same or (version > 0 and what != "add" and seen == version)
        try:
            outcome = desk.apply([edit])
        except Refused:
            assert not sound
            continue
        assert sound
        if outcome.same:
            assert stands[name][0] == title
            continue
        kept += 1
        if what == "remove":
            versions[name] = version + 1
            del stands[name]
            continue
        later = version + 1 if version else max(edit.version or 1, versions.get(name, 0) + 1)
        stands[name] = (title, later)
    assert {r["id"]: (r["title"], r["version"]) for r in desk.rows("forum")} == stands
    assert len(desk.history()) == kept
    assert verify(desk).faults == ()
    last = {c["record"]: c["after"] for c in desk.history()}
    assert {n: json.loads(a)["title"] for n, a in last.items() if a} == {
        n: title for n, (title, _) in stands.items()
    }
    desk.close()
