"""Partners, networks, panels and the index on the real tables; the signs that the field reports."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from sulh.core.errors import BadRequest, NotAnswerable
from sulh.questions.cooperation import network
from sulh.questions.cooperation.edges import edges
from sulh.questions.cooperation.index import index, weights_of
from sulh.questions.cooperation.panel import panel
from sulh.questions.cooperation.partners import partners
from sulh.questions.cooperation.training import training
from sulh.store.reading import Store


@pytest.fixture(scope="session")
def both_stores(ties_store: Store, real_store: Store) -> tuple[Store, Store]:
    return ties_store, real_store


def test_partners_of_a_nation_are_counted_from_either_side(ties_store: Store) -> None:
    table = partners(ties_store, "TUR", "2010", "2010", "arms_transfer").table
    arms = ties_store.table("ties").filter(
        (pl.col("year") == 2010) & (pl.col("kind") == "arms_transfer")
    )
    sold = set(arms.filter(pl.col("nation") == "TUR")["partner"])
    bought = set(arms.filter(pl.col("partner") == "TUR")["nation"])
    assert table["partners"].item() == len(sold | bought) > 3


def test_ties_within_a_group_count_once(ties_store: Store) -> None:
    row = partners(ties_store, "GCC", "2010", "2010", "alliance").table.row(0, named=True)
    rows = edges(ties_store, "alliance", (2010, 2010))
    members = {"ARE", "BHR", "KWT", "OMN", "QAT", "SAU"}
    pairs = {frozenset(pair) for pair in rows.select("nation", "partner").iter_rows()}
    inside = {pair for pair in pairs if pair <= members}
    touching = {pair for pair in pairs if pair & members}
    assert row["within"] == len(inside) == 15
    assert row["ties"] == len(touching)
    assert row["partners"] == len({n for pair in touching for n in pair} - members)


@pytest.mark.parametrize("lang", ["en", "fr", "ar"])
def test_the_document_has_a_section_where_the_data_are_there(ties_store: Store, lang: str) -> None:
    from sulh.briefing.compose import compose
    from sulh.store.reading import Store as Reading

    document = compose(ties_store, "JOR", lang)
    section = next(s for s in document.sections if s.key == "cooperation")
    said = " ".join(str(block) for block in section.blocks)
    raw = ties_store.table("training").filter(pl.col("nation") == "JOR")
    assert f"value={raw.height}" in said
    starter = Path(__file__).resolve().parents[2] / "src/sulh/starter"
    keys = {s.key for s in compose(Reading.open(starter), "JOR", lang).sections}
    assert "cooperation" not in keys


def test_training_sums_are_those_of_the_table(ties_store: Store) -> None:
    table = training(ties_store, "PAK", "2010", "2010", None, "year").table
    raw = ties_store.table("training").filter(
        (pl.col("nation") == "PAK") & (pl.col("year") == 2010)
    )
    assert table["courses"].item() == raw.height
    assert table["cost_usd"].item() == pytest.approx(raw["cost_usd"].sum())
    attaches = training(ties_store, topic="attache", by="topic").table
    assert attaches["courses"].item() == (
        ties_store.table("training")["course"].str.contains("(?i)attach(e|é|&#233;)").sum()
    )


def test_organisations_in_common_are_a_product_of_matrices(ties_store: Store) -> None:
    rows = edges(ties_store, "organisations", (2000, 2000))
    full = ties_store.table("memberships").filter(
        (pl.col("year") == 2000) & (pl.col("role") == "full")
    )
    of = {n: set(part["organisation"]) for (n,), part in full.group_by("nation")}
    for pair in (("EGY", "SDN"), ("USA", "CAN"), ("BGD", "NOR")):
        found = rows.filter((pl.col("nation") == pair[0]) & (pl.col("partner") == pair[1]))
        assert found["value"].item() == len(of[pair[0]] & of[pair[1]])


def test_graphml_and_gexf_hold_every_tie(ties_store: Store, tmp_path: Path) -> None:
    rows = edges(ties_store, "alliance_defence", (2005, 2005))
    for ending, tag in (("graphml", "edge"), ("gexf", "edge")):
        path = network.export(ties_store, "alliance_defence", "2005", tmp_path / f"x.{ending}")
        found = [e for e in ET.parse(path).iter() if e.tag.rpartition("}")[2] == tag]
        assert len(found) == rows.height
    with pytest.raises(BadRequest):
        network.export(ties_store, "alliance_defence", "2005", tmp_path / "x.txt")


def test_a_network_changes_by_the_ties_that_come_and_go(ties_store: Store) -> None:
    table = network.change(ties_store, "alliance_defence", "2000", "2005").table
    steps = table["ties"].diff().drop_nulls() - (table["new"] - table["gone"]).drop_nulls()
    assert steps.to_list() == [0] * 5


def test_a_panel_tells_zero_from_unknown(ties_store: Store) -> None:
    names = "alliance,arms_transfer"
    table = panel(ties_store, "dyad-year", names, "2013", "2016", "OIC").table
    by_year = table.group_by("year").agg(pl.all().null_count()).sort("year")
    assert by_year["arms_transfer"].to_list()[:2] == [0, 0]
    late = table.filter(pl.col("year") > 2014)  # the source of arms ends in 2014
    assert late["arms_transfer"].null_count() == late.height
    assert late["alliance"].null_count() == 0
    assert table.height == sum(n * (n - 1) for n in (57, 57, 57, 57))


def test_ranks_without_a_choice_of_weights_do_not_move(ties_store: Store) -> None:
    one = index(ties_store, "2010", "OIC", "alliance=1").table
    assert (one["rank"] == one["rank_low"]).all()
    assert (one["rank"] == one["rank_high"]).all()
    two = index(ties_store, "2010", "OIC", "alliance=1,arms_transfer=1").table
    assert (two["rank_low"] <= two["rank_high"]).all()
    assert (two["rank_low"] < two["rank_high"]).any()
    assert two["score"].to_list() == pytest.approx(
        ((two["alliance"] + two["arms_transfer"]) / 2).to_list()
    )
    assert weights_of("a=3,b=1") == {"a": 0.75, "b": 0.25}
    for bad in ("a", "a=x", "a=-1", "a=0"):
        with pytest.raises(BadRequest):
            weights_of(bad)


def test_what_no_source_covers_is_said(ties_store: Store) -> None:
    with pytest.raises(NotAnswerable):
        network.network(ties_store, "arms_transfer", "2016")
    with pytest.raises(BadRequest, match="alliance_defence"):
        network.network(ties_store, "friendship", "2010")


def test_allies_serve_together_more_often(both_stores: tuple[Store, Store]) -> None:
    """Defence agreements go with joint peacekeeping (Kinne 2018): here, alliances in 2012."""
    ties, service = both_stores
    own, names = network.matrix_of(edges(service, "co_deployment", (2012, 2012)))
    allies, _ = network.matrix_of(edges(ties, "alliance", (2012, 2012)), names)
    found = network.qap(own, np.maximum(allies, allies.T), 499)
    assert found.correlation > 0
    assert found.p < 0.05


@pytest.mark.parametrize("other", ["votes", "organisations", "arms_transfer"])
def test_the_alike_serve_together(both_stores: tuple[Store, Store], other: str) -> None:
    """Alike preferences go with service in the same operations (Ward & Dorussen 2016)."""
    ties, service = both_stores
    signs = []
    for year in (2010, 2011, 2012, 2013):
        own, names = network.matrix_of(edges(service, "co_deployment", (year, year)))
        second, _ = network.matrix_of(edges(ties, other, (year, year)), names)
        signs.append(network.qap(own, np.maximum(second, second.T), 99).correlation)
    assert min(signs) > 0
