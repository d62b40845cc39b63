"""Plans of the certificate authority, of certificates and of vendors' anchors (FAQ 3).

Here: what is issued anew, and why. Not here: issuing (`wpf_infra.pki`), where it is kept (`wpf_infra.backend.issuer`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from wpf_infra.language import Text, same
from wpf_infra.model.observation import Observed
from wpf_infra.model.resource import (
    AnchorResource,
    AuthorityIssued,
    AuthorityResource,
    CertificateIssued,
    CertificateResource,
)
from wpf_infra.plan.disturbance import Change, Disturbance, Plan
from wpf_infra.plan.renewal import crl_due, due
from wpf_infra.plan.step import Build, Settle

_ROW = 3
_LIVES = ("root_days", "issuing_days", "crl_days", "renew_before_days")
_SAID = ("usage", "path", "common_name", "dns_names", "request")
"""What a certificate says, or is made of: another of these is another certificate."""
_ROOT_WARNING = timedelta(days=365)


def diff_authority(observed: Observed | None, desired: AuthorityResource, now: datetime) -> Plan:
    """Its root stays for life; the issuing CA below it is issued anew for other names, and before its end."""
    if observed is None:
        return _gone(
            desired,
            Text(
                en="is gone from the issuer: a new root is made, which everybody has to be given; nothing that the old "
                "one signed is trusted by it. Restore the issuer's folder if you can",
                ja="が発行元から失われています。新しいルートを作るため、全員への再配布が必要で、以前の証明書は信頼されません。"
                "可能なら発行元のフォルダを復元してください",
            ),
        )
    is_, issued = observed.resource, observed.issued
    assert isinstance(is_, AuthorityResource) and isinstance(issued, AuthorityIssued)
    changes = tuple(_of_authority(is_, issued, desired, now))
    notes: tuple[Text, ...] = ()
    if now >= issued.root_ends - _ROOT_WARNING:
        notes = (
            Text(
                en=f"the root ends on {issued.root_ends.date()}; plan a new one, and the time to hand it to everybody",
                ja=f"ルート証明書は {issued.root_ends.date()} に期限を迎えます。新しいルートの配布を計画してください",
            ),
        )
    return Plan(desired.identity, changes, (Settle(desired),) if changes else (), notes)


def _of_authority(
    is_: AuthorityResource, issued: AuthorityIssued, desired: AuthorityResource, now: datetime
) -> Iterator[Change]:
    if is_.domains != desired.domains:
        before, after = (", ".join(sorted(each.domains)) for each in (is_, desired))
        what = Text(
            en=f"domains {before} → {after}: the issuing CA is issued anew below the same root",
            ja=f"domains {before} → {after}: 同じルートの下で発行CAを作り直します",
        )
        yield Change("domains", Disturbance.ONLINE, what, _ROW)
    if due(issued.ends, desired.renew_before_days, now):
        what = Text(
            en=f"issuing_days: the issuing CA ends on {issued.ends.date()} and is issued anew below the same root",
            ja=f"issuing_days: 発行CAの期限が {issued.ends.date()} のため、同じルートの下で更新します",
        )
        yield Change("issuing_days", Disturbance.ONLINE, what, _ROW)
    if crl_due(issued.crl_until, desired.crl_days, now):
        what = Text(
            en=f"crl_days: the revocation list is good until {issued.crl_until.date()} and is written anew",
            ja=f"crl_days: 失効リストの期限が {issued.crl_until.date()} のため、作り直します",
        )
        yield Change("crl_days", Disturbance.ONLINE, what, _ROW)
    for name in _LIVES:
        if (before := getattr(is_, name)) != (after := getattr(desired, name)):
            what = Text(
                en=f"{name} {before} → {after}: counts from the next one on",
                ja=f"{name} {before} → {after}: 次回の発行から適用します",
            )
            yield Change(name, Disturbance.NONE, what, _ROW)


def diff_certificate(observed: Observed | None, desired: CertificateResource, now: datetime) -> Plan:
    """Issued anew when it is to say something else, and before its end; a mere renewal revokes nothing."""
    if observed is None:
        return _gone(
            desired,
            Text(
                en="is gone from the issuer: it is issued anew, and its holder has to be given it",
                ja="が発行元から失われています。発行し直します。所有者への再配布が必要です",
            ),
        )
    is_, issued = observed.resource, observed.issued
    assert isinstance(is_, CertificateResource) and isinstance(issued, CertificateIssued)
    changes = tuple(_of_certificate(is_, issued, desired, now))
    return Plan(desired.identity, changes, (Settle(desired),) if changes else ())


def _of_certificate(
    is_: CertificateResource, issued: CertificateIssued, desired: CertificateResource, now: datetime
) -> Iterator[Change]:
    said = [name for name in _SAID if getattr(is_, name) != getattr(desired, name)]
    for name in said:
        before, after = (_shown(name, getattr(each, name)) for each in (is_, desired))
        what = Text(
            en=f"{name} {before} → {after}: it is issued anew, the old one is revoked; its holder has to be given it",
            ja=f"{name} {before} → {after}: 発行し直し、以前の証明書は失効させます。所有者への再配布が必要です",
        )
        yield Change(name, Disturbance.ONLINE, what, _ROW)
    if not said and due(issued.ends, desired.renew_before_days, now):
        what = Text(
            en=f"days: it ends on {issued.ends.date()} and is issued anew; until then both are good",
            ja=f"days: 期限が {issued.ends.date()} のため更新します。それまでは新旧どちらも有効です",
        )
        yield Change("days", Disturbance.ONLINE, what, _ROW)
    for name in ("days", "renew_before_days"):
        if (before := getattr(is_, name)) != (after := getattr(desired, name)):
            what = Text(
                en=f"{name} {before} → {after}: counts from the next issue on",
                ja=f"{name} {before} → {after}: 次回の発行から適用します",
            )
            yield Change(name, Disturbance.NONE, what, _ROW)


def _shown(name: str, value: object) -> str:
    if name == "request":
        return "none" if value is None else "a request"
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def diff_anchor(observed: Observed | None, desired: AnchorResource) -> Plan:
    if observed is None:
        return _gone(desired, Text(en="is gone: it is kept again", ja="が失われています。改めて保管します"))
    is_ = observed.resource
    assert isinstance(is_, AnchorResource)
    changes = []
    if is_.path != desired.path:
        changes.append(Change("path", Disturbance.ONLINE, same(f"path {is_.path} → {desired.path}"), _ROW))
    if is_.pem != desired.pem:
        what = Text(
            en="pem: the vendor brings another; who has to trust it has to be given it",
            ja="pem: ベンダーの証明書が替わります。信頼する側への再配布が必要です",
        )
        changes.append(Change("pem", Disturbance.ONLINE, what, _ROW))
    return Plan(desired.identity, tuple(changes), (Settle(desired),) if changes else ())


def _gone(desired: AuthorityResource | CertificateResource | AnchorResource, what: Text) -> Plan:
    return Plan(desired.identity, (Change("", Disturbance.ONLINE, what, _ROW),), (Build(desired),))
