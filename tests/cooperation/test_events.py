"""Counts of events against plain Python, on the real sample and on damage made by hand."""

from __future__ import annotations

import gzip
import os
import random
import signal
import zipfile
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sulh.core.errors import BadRequest, NotAnswerable
from sulh.questions.cooperation.events import events
from sulh.questions.cooperation.events.counting import Task, count_file
from sulh.questions.cooperation.events.families import family_of

_SAMPLE = "gdelt/20191024143000.export.CSV"
_TO_ISO = {"WSB": "PSE", "GZS": "PSE", "ROM": "ROU", "ZAR": "COD", "TMP": "TLS", "KSV": "XKX"}


def _plain_family(code: str) -> str | None:
    """Return the family by the words of the facts: the most special code first."""
    exact = {
        "074": "peacekeeping_supply",
        "0334": "peacekeeping_supply",
        "057": "agreement",
        "0312": "defence_cooperation",
        "062": "defence_cooperation",
        "064": "defence_cooperation",
        "0333": "aid",
        "0355": "host_acceptance",
        "086": "host_acceptance",
        "0861": "host_acceptance",
    }
    if code in exact:
        return exact[code]
    begins = {
        "04": "dialogue",
        "036": "dialogue",
        "07": "aid",
        "124": "reversal",
        **{f"16{digit}": "reversal" for digit in range(1, 7)},
    }
    return next((family for stem, family in begins.items() if code.startswith(stem)), None)


def _plain(lines: list[str], widths: set[int]) -> Counter[tuple[str, str, str, str]]:
    seen: set[str] = set()
    found: Counter[tuple[str, str, str, str]] = Counter()
    for line in lines:
        cells = line.rstrip("\r\n").split("\t")
        if len(cells) not in widths or cells[0] in seen:
            continue
        seen.add(cells[0])
        family = _plain_family(cells[26])
        first, second = (_TO_ISO.get(cells[at], cells[at]) for at in (7, 17))
        if first and second and family:
            month = f"{cells[1][:4]}-{cells[1][4:6]}"
            found[month, first, second, family] += 1
    return found


def _dict(table: pl.DataFrame) -> dict[tuple[str, str, str, str], int]:
    return {(m, a, b, f): n for m, a, b, f, n in table.iter_rows()}


@pytest.mark.parametrize(
    ("name", "widths"), [(_SAMPLE, {61}), ("gdelt/gdelt1_events.tsv", {57, 58})]
)
def test_counts_are_those_of_plain_python(shared_data: Path, name: str, widths: set[int]) -> None:
    lines = (shared_data / name).read_text(encoding="utf-8").splitlines()
    regions = {
        "AFR",
        "EUR",
        "SAF",
        "MEA",
        "WST",
        "SEA",
        "NAF",
        "EAF",
        "WAF",
        "CAS",
        "ASA",
        "LAM",
        "NMR",
        "CFR",
        "SAS",
        "EEU",
        "BLK",
        "CRB",
        "PGS",
        "SCN",
        "EIN",
        "NAM_",
    }
    plain = {
        key: number
        for key, number in _plain(lines, widths).items()
        if key[1] not in regions and key[2] not in regions and "PSE" not in key
    }
    found = {
        key: n for key, n in _dict(events([shared_data / name]).table).items() if "PSE" not in key
    }
    assert len(found) > 40
    assert found == plain


def test_every_code_has_the_family_of_the_facts() -> None:
    for number in range(10, 2100):
        for code in (f"{number:03d}", f"{number:04d}"):
            assert family_of(code) == _plain_family(code), code


def test_packed_files_count_alike_and_a_repeated_event_once(
    shared_data: Path, tmp_path: Path
) -> None:
    data = (shared_data / _SAMPLE).read_bytes()
    alone = events([shared_data / _SAMPLE]).table
    (tmp_path / "a.csv").write_bytes(data)
    (tmp_path / "b.gz").write_bytes(gzip.compress(data))
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("any.name", data)
    for name in ("a.csv", "b.gz", "c.zip"):
        assert events([tmp_path / name]).table.equals(alone)
    together = events([tmp_path])
    assert together.table.equals(alone)
    rows = data.count(b"\n")
    assert f"{3 * rows:,} lines of 3 files; {2 * rows:,} repeat" in together.assumed[0]


def test_two_parts_that_overlap_count_as_the_whole(shared_data: Path, tmp_path: Path) -> None:
    lines = (shared_data / _SAMPLE).read_bytes().splitlines(keepends=True)
    (tmp_path / "1").write_bytes(b"".join(lines[:1500]))
    (tmp_path / "2").write_bytes(b"".join(lines[1000:]))
    assert events([tmp_path]).table.equals(events([shared_data / _SAMPLE]).table)


def test_damaged_lines_are_counted_and_placed(shared_data: Path, tmp_path: Path) -> None:
    lines = (shared_data / _SAMPLE).read_bytes().splitlines(keepends=True)
    lines[3] = lines[3].replace(b"\t", b"", 1)
    lines[9] = b"x" + lines[9]
    cells = lines[20].split(b"\t")
    lines[20] = b"\t".join([cells[0], b"20191350", *cells[2:]])
    lines[30] = b"cut short\n"
    path = tmp_path / "damaged.csv"
    path.write_bytes(b"".join(lines))
    said = next(text for text in events([path]).missing if text.startswith("Damaged"))
    assert "2 with another number of columns" in said
    assert "1 with no event number; 1 with no day" in said
    assert "line 4, 10, 21, 31" in said


@given(st.binary(max_size=3000), st.integers(0, 2000))
def test_no_bytes_crash(shared_data: Path, noise: bytes, at: int) -> None:
    import tempfile

    data = (shared_data / _SAMPLE).read_bytes()[:20_000]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x"
        path.write_bytes(data[:at] + noise + data[at:])
        tally = count_file(Task(str(path)))
        assert tally.refused or tally.counts.sum() <= tally.lines


def test_what_cannot_be_answered_is_said(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    with pytest.raises(NotAnswerable, match="57, 58 or 61"):
        events([tmp_path / "x.csv"])
    with pytest.raises(BadRequest):
        events([tmp_path / "x.csv"], by="day")
    with pytest.raises(BadRequest):
        events([tmp_path / "absent"])


def test_processes_give_the_same(shared_data: Path, tmp_path: Path) -> None:
    lines = (shared_data / _SAMPLE).read_bytes().splitlines(keepends=True)
    random.Random(7).shuffle(lines)
    for part in range(4):
        (tmp_path / f"{part}.csv").write_bytes(b"".join(lines[part * 500 : part * 500 + 700]))
    assert events([tmp_path], workers=2).table.equals(events([shared_data / _SAMPLE]).table)


@pytest.mark.slow
def test_a_cluster_that_loses_a_worker_gives_the_same(shared_data: Path, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    dask = pytest.importorskip("dask")
    lines = (shared_data / _SAMPLE).read_bytes().splitlines(keepends=True)
    for part in range(12):
        (tmp_path / f"{part:02d}.csv").write_bytes(b"".join(lines[part * 170 : part * 170 + 400]))
    patient = {"distributed.comm.timeouts.connect": "120s", "distributed.comm.timeouts.tcp": "120s"}
    with (
        dask.config.set(patient),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        victim = next(iter(client.run(os.getpid).values()))
        executor = client.get_executor(retries=3)
        submit = executor.submit
        sent = []

        def submit_and_kill(*args: object, **kwargs: object) -> object:
            sent.append(args)
            if len(sent) == 3:
                os.kill(victim, signal.SIGKILL)
            return submit(*args, **kwargs)

        executor.submit = submit_and_kill
        found = events([tmp_path], executor=executor)
        assert victim not in client.run(os.getpid).values()
    assert len(sent) >= 12
    assert found.table.equals(events([shared_data / _SAMPLE]).table)
