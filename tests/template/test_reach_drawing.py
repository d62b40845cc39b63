"""The drawing of who may talk to whom, as SVG: well-formed, accessible; what people wrote is only text."""

from __future__ import annotations

from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.samples import catalogue
from tests.tenant_strategies import sentences
from wpf_infra.language import Language
from wpf_infra.model.catalogue import Catalogue
from wpf_infra.network.picture.layout import lay_out
from wpf_infra.network.picture.picture import picture_of
from wpf_infra.network.reach.question import read_question
from wpf_infra.network.reach.world import World
from wpf_infra.template import render_report

SVG = "{http://www.w3.org/2000/svg}"
KNOWN = {"svg", "title", "desc", "style", "rect", "g", "path", "text"}


def drawn(world: World, language: Language = Language.ENGLISH, *ends: str) -> str:
    asked = read_question(world.catalogue, *ends) if ends else None
    return render_report("reach.svg", drawing=lay_out(picture_of(world, asked), language))


def written(svg: str) -> str:
    """All that anybody reads in it, tooltips too."""
    return "\n".join("".join(element.itertext()) for element in fromstring(svg).iter(f"{SVG}text"))


def tags(svg: str) -> set[str]:
    return {element.tag.removeprefix(SVG) for element in fromstring(svg).iter()}


@pytest.fixture(scope="module")
def world() -> World:
    return World.of(catalogue())


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (Language.ENGLISH, ["Who may talk to whom", "Minami Waterworks", "all of it", "Servers and terminals"]),
        (Language.JAPANESE, ["通信できる相手の全体図", "南水道", "全体", "サーバと端末", "残留"]),
    ],
)
def test_it_speaks_the_language_asked_for(world: World, language: Language, words: list[str]) -> None:
    read = written(drawn(world, language))
    assert all(word in read for word in words)


@pytest.mark.parametrize("language", Language)
def test_it_names_everything_of_the_world(world: World, language: Language) -> None:
    read = written(drawn(world, language))
    for owner, tenant in world.catalogue.tenants.items():
        assert owner in read and str(tenant.network.cidr) in read
        assert all(name in read for name in (*tenant.vms, *tenant.endpoints, *tenant.lines, *tenant.gateways))
    for function, servers in world.catalogue.platform.services.items():
        assert function.value in read and all(server in read for server in servers)


def test_it_names_what_was_asked_and_nothing_else(world: World) -> None:
    read = written(drawn(world, Language.ENGLISH, "minami-suido/app-1", "kawa-systems/collector:tcp/443"))
    assert all(name in read for name in ("app-1", "collector", "tcp/443", "10.64.1.11", "10.96.1.10"))
    others = ("app-2", "collector-2", "maintenance", "desk", "north", "car", "ntp", "zabbix", "8883", "3389")
    assert not [name for name in others if name in read]


def test_it_can_be_read_aloud(world: World) -> None:
    root = fromstring(drawn(world))
    assert root.get("role") == "img" and root.get("lang") == "en"
    named = [_child(root, name).get("id") for name in ("title", "desc")]
    assert root.get("aria-labelledby") == " ".join(map(str, named))
    assert "intended" in str(_child(root, "desc").text)


def test_every_arrow_tells_why_it_is_there(world: World) -> None:
    told = [str(title.text) for title in fromstring(drawn(world)).iter(f"{SVG}title")]
    assert any("minami-suido/telemetry: telemetry" in text for text in told)
    assert any("ntp (FAQ-1)" in text for text in told)


def test_the_same_world_is_the_same_bytes_in_whatever_order_it_was_declared(world: World) -> None:
    tenants = dict(reversed(list(world.catalogue.tenants.items())))
    assert drawn(world) == drawn(World.of(Catalogue(world.catalogue.platform, tenants)))


@settings(max_examples=20)
@given(sentences, sentences, st.sampled_from(Language))
def test_what_people_wrote_is_only_ever_text(name: str, reason: str, language: Language) -> None:
    names = {"ja": name, "en": name}
    changes = {"minami-suido.name": names, "platform.name": names, "minami-suido.allowances.telemetry.reason": reason}
    svg = drawn(World.of(catalogue(changes)), language)
    assert tags(svg) <= KNOWN
    assert not [key for element in fromstring(svg).iter() for key in element.attrib if "href" in key or key[:2] == "on"]


@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>", "\"/><a href='x'>", "]]>&lt;!--", "＜水＞", "\uffff\ufffe"],
    ids=["a script", "a link", "ends of markup", "full width", "no characters"],
)
def test_markup_in_a_name_is_shown_and_not_obeyed(name: str) -> None:
    svg = drawn(World.of(catalogue({"minami-suido.name": {"ja": name, "en": name}})))
    assert tags(svg) <= KNOWN
    assert (name if name.isprintable() else r"\uffff\ufffe") in written(svg)


def _child(root: Element, name: str) -> Element:
    found = root.find(f"{SVG}{name}")
    assert found is not None
    return found
