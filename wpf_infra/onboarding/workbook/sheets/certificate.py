"""The sheets of certificates: those the platform issues, and those a vendor brings.

Here: their description. Not here: which path takes which; that is policy's (FAQ 3).
"""

from __future__ import annotations

from wpf_infra.language import Text
from wpf_infra.onboarding.workbook.choices import PATHS
from wpf_infra.onboarding.workbook.column import Column, Kind, Needed, Sheet, name_of

_PATH = Column(
    label=Text(en="path", ja="通信経路"),
    path="path",
    kind=Kind.CHOICE,
    choices=PATHS,
    needed=Needed.YES,
    width=32,
    note=Text(
        en="Which way the TLS connection goes; it decides who issues the certificate.",
        ja="TLS通信の経路。誰が証明書を用意するかが決まります。",
    ),
)

CERTIFICATES = Sheet(
    title="証明書",
    hint=Text(
        en="A certificate that the platform issues a row (paths to platform functions).",
        ja="基盤が発行する証明書（基盤機能との通信用）を1行に1つずつ書きます。",
    ),
    path="certificates.{name}",
    columns=(
        name_of("certificate", "証明書名"),
        _PATH,
        Column(
            label=Text(en="common name", ja="コモンネーム"),
            path="common_name",
            kind=Kind.CODE,
            needed=Needed.YES,
            width=44,
            note=Text(
                en="HOLDER.TENANT.DOMAIN, such as app-1.higashi-suido.wpf.internal.",
                ja="機器名.テナントID.ドメイン（例: app-1.higashi-suido.wpf.internal）。",
            ),
        ),
    ),
)

TRUST = Sheet(
    title="信頼する証明書",
    hint=Text(
        en="A vendor's own CA or self-signed certificate a row (paths to applications).",
        ja="ベンダーが用意した自己証明書やCA証明書（アプリとの通信用）を1行に1つずつ書きます。",
    ),
    path="trust.{name}",
    columns=(
        name_of("anchor", "登録名"),
        _PATH,
        Column(
            label=Text(en="PEM file", ja="PEMファイル"),
            path="pem_file",
            kind=Kind.TEXT,
            needed=Needed.YES,
            width=36,
            note=Text(
                en="The file's name, from the folder of this workbook, such as trust/scada.pem; hand it in too.",
                ja="このブックと同じフォルダからのファイル名（例: trust/scada.pem）。ファイルも一緒に提出します。",
            ),
        ),
    ),
)
