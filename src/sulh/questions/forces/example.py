"""Write an example case: files to start from, and the sources of its figures."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from sulh.cases.writing import refuse_to_overwrite, write_all
from sulh.facts.planning import figures
from sulh.facts.table import Mark, mark_of, read_table
from sulh.questions.forces.joint import COLUMNS as JOINT_COLUMNS
from sulh.questions.forces.reading import COLUMNS

_MISSIONS = ("UNMISS", "MINUSCA", "MONUSCO", "UNISFA")
_HEAD = """\
# An example case of force generation

Six files make a case: `case.toml` and five tables. Change them, then run `sulh forces check` and
`sulh forces plan` on this folder. The project's page docs/forces.md says what each column is, and
what two files more, `chains.csv` and `combined.csv`, say where a case has them.

What is a fact here has its source below; grade A: an official page, B: a secondary page, R:
recalled and not seen, so **unverified**. The pledges, offers, limits and priorities are invented,
and so is the size of infantry companies, for which no source was found.

| Figure | Value | Since | Source | Grade | Used for |
|---|---|---|---|---|---|
"""


def write_example(folder: str | Path, *, with_chains: bool = False) -> list[Path]:
    """Write the example case to a folder, made if absent, and return the paths.

    ``with_chains`` adds a chain of two nations and a unit combined of two, with their files.
    Raises `BadRequest` if the folder holds a file of a case already.
    """
    folder = Path(folder)
    names = ("case.toml", *COLUMNS)
    refuse_to_overwrite(folder, (*names, *JOINT_COLUMNS, "README.md"))
    shipped = files("sulh.questions.forces").joinpath("example")
    contents = {name: shipped.joinpath(name).read_bytes() for name in names}
    if with_chains:
        joint = shipped.joinpath("joint")
        contents |= {name: joint.joinpath(name).read_bytes() for name in JOINT_COLUMNS}
        contents["pledges.csv"] += joint.joinpath("pledges.csv").read_bytes()
    return write_all(folder, {**contents, "README.md": readme().encode()})


def readme() -> str:
    """Return the page of the sources of the example."""
    return _HEAD + "".join(f"| {' | '.join(cells)} |\n" for cells in _rows())


def _rows() -> Iterator[tuple[str, ...]]:
    text = files("sulh.questions.forces").joinpath("example", "uses.toml").read_text("utf-8")
    for entry in tomllib.loads(text)["figure"]:
        for figure in figures(entry["topic"]):
            if figure.item == entry["item"]:
                value = f"{figure.value} {figure.unit}" if figure.value else "not found"
                place = figure.mark.source + (f", {figure.address}" if figure.address else "")
                yield figure.item, value, figure.since, place, _grade(figure.mark), entry["use"]
    for mission in _MISSIONS:
        rows = [r for r in read_table("authorised_strength") if r["operation"] == mission]
        row = max(rows, key=lambda r: r["from"])
        value = f"{row['military'] or 'unknown'} military, {row['police'] or 'unknown'} police"
        place = f"{row['resolution']}; {row['source']}"
        use = "size of the needs in requirements.csv"
        name = f"authorised strength of {mission}"
        yield name, value, row["from"], place, _grade(mark_of(row)), use
    for row in read_table("gender_targets"):
        if row["year"] == "2028" and row["personnel_type"] in ("troops", "formed_police"):
            value = f"{row['women_percent']} % women by {row['year']}"
            name = f"target for {row['personnel_type'].replace('_', ' ')}"
            yield name, value, "2018", row["source"], row["grade"], "`women_target` in missions.csv"


def _grade(mark: Mark) -> str:
    return "R, unverified" if mark.grade == "R" else mark.grade
