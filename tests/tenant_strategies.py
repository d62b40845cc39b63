"""Random tenants that the schema admits, every field used; the rules need not like them."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st
from netaddr import IPAddress, IPNetwork

from wpf_infra.model.agreement import Agreed, Consent, Retirement
from wpf_infra.model.allowance import Allowance, Endpoint
from wpf_infra.model.availability import Power, RestartPriority
from wpf_infra.model.certificate import Certificate, Path, TrustAnchor
from wpf_infra.model.disk import Disk
from wpf_infra.model.line import FixedLine, Gateway, MobileLine, Visits
from wpf_infra.model.monitoring import Log, Metric, Ping, Process, Resource, Severity
from wpf_infra.model.ports import LONGEST_RANGE, Port, Protocol
from wpf_infra.model.software import Licence, SoftwareTerms
from wpf_infra.model.tenancy import BilingualName, Quota, TenantKind, TenantNetwork
from wpf_infra.model.tenant import Image, Option, Tenant
from wpf_infra.model.user import PersonName, Role, User
from wpf_infra.model.vm import VirtualMachine

ids = st.from_regex(r"[a-z][a-z0-9-]{0,7}", fullmatch=True)
tenant_ids = ids.filter(lambda name: name != "platform")
counts = st.integers(1, 10**6)
flags = st.booleans()
dates = st.dates(date(2000, 1, 1), date(2099, 12, 31))
TURNING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
sentences = st.one_of(
    st.sampled_from(
        ["on", "no", "1_0", "1e3", "0o7", "2026-11-24", "~", "true", "12:30:45", "- x", "a: b", "#", "'", "水道"]
    ),
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn", "Zl", "Zp")), min_size=1, max_size=500
    ).filter(lambda text: bool(text.strip()) and not set(text) & TURNING),
)
katakana = st.text("アイウエオサトナハヴー・ 　", min_size=1).filter(lambda text: bool(text.strip()))
romaji = st.from_regex(r"[A-Z][A-Za-z' .-]{0,20}", fullmatch=True)
phones = st.from_regex(r"\+?[0-9]{2,4}-[0-9]{2,4}-[0-9]{3,4}", fullmatch=True)
labels = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,6}[a-z0-9])?", fullmatch=True)
host_names = st.lists(labels, min_size=2, max_size=4).map(".".join)
mails = ids.map(lambda name: f"{name}@example.jp")
addresses = st.integers(0, 2**32 - 1).map(lambda number: IPAddress(number, 4))
networks = st.tuples(addresses, st.integers(8, 32)).map(lambda pair: IPNetwork(f"{pair[0]}/{pair[1]}").cidr)
agreed = st.builds(Agreed, by=sentences, on=dates, reason=sentences)
retirements = st.builds(Retirement, ordered=dates, ends=dates, agreed=st.none() | agreed)


@st.composite
def port(draw: st.DrawFn) -> Port:
    protocol = draw(st.sampled_from(list(Protocol)))
    if protocol is Protocol.ICMP:
        return Port(protocol)
    first = draw(st.integers(1, 65535))
    return Port(protocol, first, min(65535, first + draw(st.integers(0, LONGEST_RANGE - 1))))


listens = st.none() | st.lists(port(), max_size=3).map(tuple)
severities = st.sampled_from(list(Severity))
monitors = st.one_of(
    st.builds(Ping, kind=st.just("ping"), severity=severities),
    st.builds(Process, kind=st.just("process"), severity=severities, process=sentences),
    st.builds(
        Resource,
        kind=st.just("resource"),
        severity=severities,
        metric=st.sampled_from(list(Metric)),
        above=st.integers(1, 99),
    ),
    st.builds(Log, kind=st.just("log"), severity=severities, file=sentences, match=sentences),
)
disks = st.builds(Disk, size_gb=counts, storage_class=ids, retire=st.none() | retirements)
vms = st.builds(
    VirtualMachine,
    os=ids,
    cpu=counts,
    memory_gib=counts,
    address=addresses,
    restart_priority=st.sampled_from(list(RestartPriority)),
    anti_affinity=st.none() | ids,
    disks=st.dictionaries(ids, disks, min_size=1, max_size=2),
    software=st.dictionaries(
        ids,
        st.builds(
            SoftwareTerms,
            licence=st.sampled_from(list(Licence)),
            software_assurance=flags,
            confirmed=st.none() | dates,
        ),
        max_size=1,
    ),
    listens=listens,
    monitoring=st.dictionaries(ids, monitors, max_size=2),
    antivirus=flags,
    backup=flags,
    from_image=st.none() | ids,
    power=st.none() | st.sampled_from(list(Power)),
    power_reason=st.none() | sentences,
    consent=st.none() | st.builds(Consent, by=sentences, on=dates),
    retire=st.none() | retirements,
)
day_lists = st.lists(dates, max_size=2).map(tuple)
lines = st.one_of(
    st.builds(
        FixedLine,
        kind=st.just("fixed"),
        ordered=dates,
        wanted=dates,
        delivered=st.none() | dates,
        cidr=networks,
        spare_router=flags,
        visits=st.builds(Visits, site_survey=day_lists, line_work=day_lists, router_installation=day_lists),
        agreed=st.none() | agreed,
    ),
    st.builds(
        MobileLine,
        kind=st.just("mobile"),
        ordered=dates,
        wanted=dates,
        delivered=st.none() | dates,
        cidr=networks,
        capacity_gb=counts,
        wifi_clients=counts,
        agreed=st.none() | agreed,
    ),
)
ends = st.one_of(ids, st.tuples(ids, ids).map("/".join))
allowances = st.builds(
    lambda **fields: Allowance(**fields),  # by their own names: `from` is none that Python could pass
    source=ends,
    destination=ends,
    ports=st.lists(port(), min_size=1, max_size=3).map(tuple),
    reason=sentences,
    agreed=st.none() | agreed,
)
users = st.builds(
    User,
    name=st.builds(PersonName, kanji=sentences, kana=katakana, romaji=romaji),
    email=mails,
    phone=phones,
    role=st.sampled_from(list(Role)),
    otp=flags,
)
paths = st.sampled_from(list(Path))
tenants = st.builds(
    Tenant,
    tenant=tenant_ids,
    kind=st.sampled_from(list(TenantKind)),
    name=st.builds(BilingualName, ja=sentences, en=sentences),
    vendor=st.none() | tenant_ids,
    cluster=ids,
    network=st.builds(TenantNetwork, cidr=networks, vlan=st.integers(1, 4094)),
    quota=st.builds(Quota, cpu=counts, memory_gib=counts, storage_gb=counts),
    notify=mails,
    options=st.frozensets(st.sampled_from(list(Option))),
    endpoints=st.dictionaries(ids, st.builds(Endpoint, cidr=networks), max_size=2),
    vms=st.dictionaries(ids, vms, max_size=2),
    images=st.dictionaries(ids, st.builds(Image, of=ids), max_size=1),
    lines=st.dictionaries(ids, lines, max_size=2),
    gateways=st.dictionaries(
        ids,
        st.builds(
            Gateway,
            line=ids,
            address=addresses,
            listens=listens,
            monitoring=st.dictionaries(ids, monitors, max_size=1),
            agent=st.none() | flags,
        ),
        max_size=1,
    ),
    certificates=st.dictionaries(ids, st.builds(Certificate, path=paths, common_name=host_names), max_size=1),
    trust=st.dictionaries(ids, st.builds(TrustAnchor, path=paths, pem_file=sentences), max_size=1),
    allowances=st.dictionaries(ids, allowances, max_size=2),
    users=st.dictionaries(ids, users, max_size=1),
)
