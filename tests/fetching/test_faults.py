"""Whatever the line does, a file is a version that the publisher has, whole, or it is not there."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sulh.intake.fetching import origin_of

VERSIONS = [
    b"PKO,year\n" + b"".join(b"UN%d,%d\n" % (version, n) for n in range(3000))
    for version in range(9)
]
LISTS = [[{"id": n, "version": version} for n in range(25)] for version in range(9)]

faults = st.lists(
    st.one_of(
        st.tuples(st.just("status"), st.sampled_from([408, 429, 500, 503])),
        st.tuples(st.just("cut"), st.integers(0, 25_000)),
        st.tuples(st.just("reset"), st.integers(0, 25_000)),
        st.just(("new version", 0)),
        st.just(("page", 0)),
        st.just(("ignore range", 0)),
        st.just(("good", 0)),
    ),
    max_size=8,
)


class Publisher:
    """Delivers the present version, with the planned faults one after another, then none."""

    def __init__(self, reply, plan, careless):
        self.reply, self.plan, self.careless, self.version = reply, list(plan), careless, 0

    def __call__(self, question):
        kind, value = self.plan.pop(0) if self.plan else ("good", 0)
        if kind == "status":
            return self.reply(b"", value)
        if kind == "page":
            return self.reply(b"<html><title>Down</title></html>", kind="text/html")
        if kind == "new version":
            self.version += 1
        cut = value if kind in ("cut", "reset") else None
        return self.deliver(question, cut, kind == "reset", kind == "ignore range")

    def deliver(self, question, cut, reset, whole):
        body, etag = VERSIONS[self.version], f'"{self.version}"'
        head = {"ETag": etag}
        asked = question.headers.get("Range")
        fits = self.careless or question.headers.get("If-Range") == etag
        if asked and fits and not whole:
            first = int(asked.removeprefix("bytes=").rstrip("-"))
            head["Content-Range"] = f"bytes {first}-{len(body) - 1}/{len(body)}"
            return self.reply(body[first:], 206, headers=head, cut=cut, reset=reset)
        return self.reply(body, headers=head, cut=cut, reset=reset)


class Hub(Publisher):
    def deliver(self, question, cut, reset, whole):
        query = {k: int(v[0]) for k, v in parse_qs(urlsplit(question.path).query).items()}
        start = (query["page_num"] - 1) * query["per_page"]
        rows = LISTS[self.version][start : start + query["per_page"]]
        data = json.dumps(rows).encode()
        cut = None if cut is None else cut % (len(data) + 1)
        return self.reply(data, kind="application/json", cut=cut, reset=reset)


@given(plan=faults, careless=st.booleans())
@settings(max_examples=12, suppress_health_check=list(HealthCheck))
def test_file_is_one_version(desk, site, reply, tmp_path_factory, plan, careless):
    desk.folder = tmp_path_factory.mktemp("files")
    publisher = site.pages["/p.csv"] = Publisher(reply, plan, careless)
    desk.point("pact", "/p.csv")
    desk.set(attempts=2)
    for _ in range(len(plan) + 2):
        (file,) = desk.run("pact").files
        for path in desk.folder.glob("*.csv"):
            assert path.read_bytes() in VERSIONS
            assert origin_of(path) is not None
        if file.path is not None and not publisher.plan:
            break
    # With every fault spent, the last run has the publisher's present version.
    assert file.path is not None
    assert file.path.read_bytes() == VERSIONS[publisher.version]
    assert not list(desk.folder.glob("*.part*"))


@given(plan=faults)
@settings(max_examples=12, suppress_health_check=list(HealthCheck))
def test_list_is_one_version(desk, site, reply, tmp_path_factory, plan):
    desk.folder = tmp_path_factory.mktemp("files")
    publisher = site.pages["/f"] = Hub(reply, plan, False)
    desk.point("un_hub_latest", "/f", "per_page = 10")
    desk.set(attempts=2)
    for _ in range(len(plan) + 2):
        (file,) = desk.run("un_hub_latest").files
        for path in desk.folder.glob("*.json"):
            assert json.loads(path.read_bytes()) in LISTS
        if file.path is not None and not publisher.plan:
            break
    assert file.path is not None
    assert json.loads(file.path.read_bytes()) == LISTS[publisher.version]


@pytest.mark.parametrize("at", [1, 2, 3])
def test_stopped_by_the_user_and_run_again(desk, site, reply, at):
    site.pages["/f"] = Hub(reply, [], False)
    desk.point("un_hub_latest", "/f", "per_page = 10")

    def stop(progress):
        if progress.page == at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        desk.run("un_hub_latest", progress=stop)
    assert not list(desk.folder.glob("*.json"))
    site.asked.clear()
    (path,) = desk.run("un_hub_latest").paths
    assert json.loads(path.read_bytes()) == LISTS[0]
    # The first page before and after and page 0 as checks; those that were missing, the empty one
    # among them.
    assert len(site.asked) == 3 + (4 - at)
