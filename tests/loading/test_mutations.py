"""A tenant file that decodes, however wrong, is judged without an exception, in words that a terminal may show."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unicodedata import category

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.samples import NOW, to_yaml, world
from wpf_infra.language import Language
from wpf_infra.loading.tenant_file import read_tenant
from wpf_infra.model import Catalogue, Platform, Tenant
from wpf_infra.policy import judge

U = "minami-suido"
odd = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**40), 10**40),
    st.floats(),
    st.sampled_from(
        ["", "on", "platform", "../x", "0001-01-01", "9999-12-31", "0.0.0.0/0", "255.255.255.255", "tcp/0"]
    ),
    st.text(st.characters(codec="utf-8"), max_size=8),
    st.just([]),
    st.just({}),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(st.characters(codec="ascii"), max_size=4), st.integers(), max_size=2),
)


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        found += places(value, (*path, key))
    return found


PLACES = places(world()[U])


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(PLACES), odd), min_size=1, max_size=4))
def test_no_mutation_ends_in_an_exception(tmp_path: Path, mutations: list[tuple[tuple[Any, ...], Any]]) -> None:
    data = world()
    platform = Platform.model_validate(data["platform"])
    for path, value in mutations:
        place = data[U]
        try:
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue  # an earlier mutation took it away
    file = tmp_path / f"{U}.yaml"
    file.write_text(to_yaml(data[U]), encoding="utf-8", newline="")
    found = read_tenant(file, file.name, tmp_path, stem_is_id=True)
    tenants = {"kawa-systems": Tenant.model_validate(data["kawa-systems"])}
    if found.tenant is not None:
        tenants[found.tenant.tenant] = found.tenant
    assert found.tenant is not None or found.findings
    for finding in (*found.findings, *judge(Catalogue(platform, tenants), NOW)):
        for language in Language:
            assert not any(category(sign).startswith("C") for sign in finding.sentence(language))
