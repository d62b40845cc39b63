"""Trust anchors: what a vendor brings is sound before anybody has to trust it (FAQ 3).

Here: the PEM file's place, chain, expiry and keys. Not here: reading the file (`wpf_infra.loading`) and looking into it
(`pem`, `chain`, `strength`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from wpf_infra.language import Text
from wpf_infra.model.certificate import TrustAnchor, stays_inside
from wpf_infra.model.finding import Severity
from wpf_infra.policy.chain import Chain, Span, read_chain
from wpf_infra.policy.context import Context
from wpf_infra.policy.rule import Objection, Rule

SOON = timedelta(days=60)
"""A vendor needs weeks to issue an anchor, and every terminal has to get it."""


def vendor_paths(context: Context) -> Iterator[Objection]:
    for path, anchor in _anchors(context):
        if anchor.path.to_platform:
            yield Objection(
                f"{path}.path",
                Text(
                    en=f"on the path {anchor.path.value} the platform's own CA signs; no vendor does",
                    ja=f"経路 {anchor.path.value} の証明書は基盤のCAが発行します。ベンダーの証明書は使えません",
                ),
                Text(
                    en="declare a certificate under `certificates`, or leave the anchor out",
                    ja="`certificates` で証明書を宣言するか、これを消してください",
                ),
            )


def inside_folder(context: Context) -> Iterator[Objection]:
    for path, anchor in _anchors(context):
        if not stays_inside(anchor.pem_file):
            yield Objection(
                f"{path}.pem_file",
                Text(
                    en="a PEM file is named relative to the tenant file's folder and stays inside it: no `..`, no "
                    "leading `/`, no drive, no backslash",
                    ja="PEMファイルはテナントのファイルのフォルダからの相対パスで書き、その外には出られません"
                    "（`..`、先頭の `/`、ドライブ名、`\\` は使えません）",
                ),
                Text(
                    en="put the file beside the tenant's, such as trust/scada-app.pem",
                    ja="trust/scada-app.pem のように、テナントのファイルのそばに置いてください",
                ),
            )


def readable(context: Context) -> Iterator[Objection]:
    for path, anchor in _anchors(context):
        file = context.catalogue.anchors.get(path)
        if file is None or file.problem is None or not stays_inside(anchor.pem_file):
            continue
        yield Objection(
            f"{path}.pem_file",
            Text(en=f"{file.file}: {file.problem.en}", ja=f"{file.file}: {file.problem.ja}"),
            Text(
                en="put the vendor's PEM file there, or correct the name",
                ja="ベンダーのPEMファイルをそこに置くか、名前を直してください",
            ),
        )


def certificates_alone(context: Context) -> Iterator[Objection]:
    for path, chain in _chains(context):
        if chain.unusable is not None:
            yield Objection(path, *chain.unusable)


def chained(context: Context) -> Iterator[Objection]:
    for path, chain in _chains(context):
        for fault in chain.broken:
            yield Objection(path, *fault)


def strong(context: Context) -> Iterator[Objection]:
    for path, chain in _chains(context):
        for fault in chain.weak:
            yield Objection(path, *fault)


def not_expired(context: Context) -> Iterator[Objection]:
    """An error, though it is `now` that makes it one: see docs/decisions/0053."""
    for path, span in _spans(context):
        if span.ends < context.now:
            yield Objection(
                path,
                Text(
                    en=f"{span.called.en} expired on {_day(span.ends)}: nobody accepts it any more",
                    ja=f"{span.called.ja}は {_day(span.ends)} に期限が切れ、もう受け入れられません",
                ),
                Text(
                    en="put the vendor's new one in the file, or leave the anchor out",
                    ja="ベンダーの新しい証明書に差し替えるか、この宣言を消してください",
                ),
            )


def not_ending_soon(context: Context) -> Iterator[Objection]:
    for path, span in _spans(context):
        if context.now <= span.ends < context.now + SOON:
            yield Objection(
                path,
                Text(
                    en=f"{span.called.en} expires on {_day(span.ends)}, within {SOON.days} days",
                    ja=f"{span.called.ja}の期限（{_day(span.ends)}）まで{SOON.days}日を切りました",
                ),
                Text(
                    en="ask the vendor for the new one now, and declare it beside the old until all have it",
                    ja="ベンダーに新しい証明書を依頼し、行き渡るまで新旧を並べて宣言してください",
                ),
            )


def begun(context: Context) -> Iterator[Objection]:
    for path, span in _spans(context):
        if span.begins > context.now:
            yield Objection(
                path,
                Text(
                    en=f"{span.called.en} is not valid before {_day(span.begins)}",
                    ja=f"{span.called.ja}が有効になるのは {_day(span.begins)} からです",
                ),
                Text(
                    en="keep the anchor it follows until then; otherwise have the vendor look at the dates",
                    ja="それまでは今のものを残してください。覚えがなければベンダーに日付を確認してください",
                ),
            )


def _anchors(context: Context) -> Iterator[tuple[str, TrustAnchor]]:
    for owner, tenant in context.tenants.items():
        for name, anchor in tenant.trust.items():
            yield f"{owner}.trust.{name}", anchor


def _chains(context: Context) -> Iterator[tuple[str, Chain]]:
    """What was seen in each file that could be read, by the path that a finding about it has."""
    for path, _ in _anchors(context):
        file = context.catalogue.anchors.get(path)
        if file is not None and file.content is not None:
            yield f"{path}.pem_file", read_chain(file.content)


def _spans(context: Context) -> Iterator[tuple[str, Span]]:
    return ((path, span) for path, chain in _chains(context) for span in chain.spans)


def _day(instant: datetime) -> str:
    """Certificates count in UTC; converting the last moment there is would leave the calendar."""
    return f"{instant:%Y-%m-%d %H:%M} UTC"


RULES = (
    Rule(
        "anchor-vendor-path",
        3,
        Severity.ERROR,
        Text(en="a vendor's anchor is for the vendor's paths", ja="ベンダーの証明書はベンダーの経路に使う"),
        vendor_paths,
    ),
    Rule(
        "anchor-inside-folder",
        3,
        Severity.ERROR,
        Text(
            en="an anchor's PEM file lies beside the tenant's file",
            ja="PEMファイルはテナントのファイルのフォルダ内に置く",
        ),
        inside_folder,
    ),
    Rule(
        "anchor-readable",
        3,
        Severity.ERROR,
        Text(en="an anchor's PEM file can be read", ja="PEMファイルを読める"),
        readable,
    ),
    Rule(
        "anchor-pem",
        3,
        Severity.ERROR,
        Text(
            en="an anchor's file holds certificates in PEM and no private key",
            ja="ファイルの中身はPEM形式の証明書だけで、秘密鍵を含まない",
        ),
        certificates_alone,
    ),
    Rule(
        "anchor-chain",
        3,
        Severity.ERROR,
        Text(
            en="an anchor is one chain in order, up to a self-signed root",
            ja="証明書は順に並んだ1つの連鎖で、自己署名のルートで終わる",
        ),
        chained,
    ),
    Rule(
        "anchor-strength",
        3,
        Severity.ERROR,
        Text(en="an anchor's keys and signatures are strong enough", ja="証明書の鍵と署名が十分に強い"),
        strong,
    ),
    Rule(
        "anchor-expired",
        3,
        Severity.ERROR,
        Text(en="an anchor has not expired", ja="証明書の期限が切れていない"),
        not_expired,
    ),
    Rule(
        "anchor-ends-soon",
        3,
        Severity.WARNING,
        Text(
            en=f"an anchor is replaced {SOON.days} days before it expires",
            ja=f"証明書は期限の{SOON.days}日前に替え始める",
        ),
        not_ending_soon,
    ),
    Rule(
        "anchor-begun",
        3,
        Severity.WARNING,
        Text(en="an anchor is valid already", ja="証明書の有効期間が始まっている"),
        begun,
    ),
)
