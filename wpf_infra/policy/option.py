"""Options: what an option gives needs the option (FAQ 17, 19, 23, 24, 25).

Here: what a tenant uses without having ordered it. Not here: whether the platform can serve it (`function`). An option
that nothing uses yet is no mistake: it is ordered before.
"""

from __future__ import annotations

from collections.abc import Iterator

from wpf_infra.language import Text
from wpf_infra.model.finding import Severity
from wpf_infra.model.tenant import Option, Tenant
from wpf_infra.network.resolve import split_end
from wpf_infra.policy.allowance import mail_relays
from wpf_infra.policy.context import Context
from wpf_infra.policy.rule import Objection, Rule


def monitoring(context: Context) -> Iterator[Objection]:
    for owner, tenant in _without(context, Option.MONITORING):
        for kind, watched in (("vms", tenant.vms), ("gateways", tenant.gateways)):
            for name, each in watched.items():
                if each.monitoring:
                    yield _needed(f"{owner}.{kind}.{name}.monitoring", Option.MONITORING)


def snapshot(context: Context) -> Iterator[Objection]:
    for owner, tenant in _without(context, Option.SNAPSHOT):
        for name in tenant.images:
            yield _needed(f"{owner}.images.{name}", Option.SNAPSHOT)
        for name, vm in tenant.vms.items():
            if vm.from_image is not None:
                yield _needed(f"{owner}.vms.{name}.from_image", Option.SNAPSHOT)


def antivirus(context: Context) -> Iterator[Objection]:
    for owner, tenant in _without(context, Option.ANTIVIRUS):
        for name, vm in tenant.vms.items():
            if vm.antivirus:
                yield _needed(f"{owner}.vms.{name}.antivirus", Option.ANTIVIRUS)


def backup(context: Context) -> Iterator[Objection]:
    for owner, tenant in _without(context, Option.BACKUP):
        for name, vm in tenant.vms.items():
            if vm.backup:
                yield _needed(f"{owner}.vms.{name}.backup", Option.BACKUP)


def smtp(context: Context) -> Iterator[Objection]:
    relays = mail_relays(context)
    without = {owner for owner, _ in _without(context, Option.SMTP)}
    for source, destination in context.allowance_pairs:
        sender, _ = split_end(source.written, source.declaring)
        if sender in without and any((at.owner, at.name) in relays for at in destination.named):
            yield _needed(destination.path, Option.SMTP)


def _without(context: Context, option: Option) -> Iterator[tuple[str, Tenant]]:
    """Tenants that have not ordered it, as far as their options could be read."""
    doubtful = {path.partition(".")[0] for path in context.catalogue.unjudged if path.split(".")[1:2] == ["options"]}
    return (
        (owner, tenant)
        for owner, tenant in context.tenants.items()
        if option not in tenant.options and owner not in doubtful
    )


def _needed(path: str, option: Option) -> Objection:
    return Objection(
        path,
        Text(
            en=f"this needs the option `{option.value}`, which is not ordered",
            ja=f"これにはオプション `{option.value}` が必要ですが、申し込まれていません",
        ),
        Text(
            en=f"add `{option.value}` to `options`, or leave this out",
            ja=f"`options` に `{option.value}` を加えるか、これを消してください",
        ),
    )


RULES = (
    Rule(
        "option-monitoring",
        17,
        Severity.ERROR,
        Text(en="monitoring needs its option", ja="監視にはオプションが要る"),
        monitoring,
    ),
    Rule(
        "option-snapshot",
        25,
        Severity.ERROR,
        Text(en="images need the option `snapshot`", ja="イメージにはオプション `snapshot` が要る"),
        snapshot,
    ),
    Rule(
        "option-antivirus",
        19,
        Severity.ERROR,
        Text(en="the platform's antivirus needs its option", ja="基盤のウイルス対策にはオプションが要る"),
        antivirus,
    ),
    Rule(
        "option-backup",
        23,
        Severity.ERROR,
        Text(en="the platform's backup needs its option", ja="基盤のバックアップにはオプションが要る"),
        backup,
    ),
    Rule(
        "option-smtp",
        24,
        Severity.ERROR,
        Text(
            en="mail through the relay needs the option `smtp`", ja="リレー経由のメール送信にはオプション `smtp` が要る"
        ),
        smtp,
    ),
)
