"""Platform functions: carried by enough servers, and there where a tenant orders them (FAQ 1, 12, 17, 19, 23, 24).

Here: rules about `services` of the platform. Not here: whether the servers named exist (`reference`), what an option
gives (`option`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from wpf_infra.language import Text
from wpf_infra.model.finding import Severity
from wpf_infra.model.function import Function
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.tenant import Option
from wpf_infra.policy.context import Context
from wpf_infra.policy.rule import Objection, Rule

NTP_SERVERS = 2


def enough_time_servers(context: Context) -> Iterator[Objection]:
    names = set(context.platform.services.get(Function.NTP, ()))
    if len(names) < NTP_SERVERS:
        yield Objection(
            f"{PLATFORM}.services.ntp",
            Text(
                en=f"{len(names)} NTP server{'' if len(names) == 1 else 's'}: every guest's time rests on at least "
                f"{NTP_SERVERS}",
                ja=f"NTPサーバが {len(names)} 台です。全サーバの時刻同期のため {NTP_SERVERS} 台以上必要です",
            ),
            Text(
                en="declare another server of the platform and name it here",
                ja="基盤のサーバをもう1台宣言し、ここに加えてください",
            ),
        )


def time_servers_apart(context: Context) -> Iterator[Objection]:
    platform = context.platform
    names = sorted(set(platform.services.get(Function.NTP, ())) & set(platform.vms))
    groups = {platform.vms[name].anti_affinity for name in names}
    if len(names) > 1 and (len(groups) > 1 or None in groups):
        yield Objection(
            f"{PLATFORM}.services.ntp",
            Text(
                en=f"{', '.join(names)} may share a host, and fall with it",
                ja=f"{'、'.join(names)} が同じホストに載り、同時に止まることがあります",
            ),
            Text(
                en="give them one `anti_affinity` group",
                ja="同じ `anti_affinity` グループにしてください",
            ),
        )


def ordered_option_is_carried(context: Context, option: Option, function: Function) -> Iterator[Objection]:
    if context.platform.services.get(function):
        return
    for owner, tenant in context.tenants.items():
        if option in tenant.options:
            yield Objection(
                f"{owner}.options",
                Text(
                    en=f"`{option}` is ordered, and no server of the platform carries `{function}`",
                    ja=f"`{option}` の申込がありますが、`{function}` を担う基盤のサーバがありません",
                ),
                Text(
                    en=f"name the servers under `services: {{{function}: […]}}` of the platform, or leave the option "
                    "out",
                    ja=f"基盤の `services: {{{function}: […]}}` にサーバを書くか、オプションを消してください",
                ),
            )


def _carried(option: Option, row: int, function: Function, title: Text) -> Rule:
    return Rule(
        f"{option}-carried",
        row,
        Severity.ERROR,
        title,
        partial(ordered_option_is_carried, option=option, function=function),
    )


RULES = (
    Rule(
        "ntp-servers",
        1,
        Severity.ERROR,
        Text(en="the platform has two NTP servers at least", ja="基盤にNTPサーバが2台以上ある"),
        enough_time_servers,
    ),
    Rule(
        "ntp-apart",
        12,
        Severity.WARNING,
        Text(en="the NTP servers never share a host", ja="NTPサーバ同士が同じホストに載らない"),
        time_servers_apart,
    ),
    _carried(
        Option.MONITORING,
        17,
        Function.ZABBIX,
        Text(en="ordered monitoring has a Zabbix server", ja="監視の申込にはZabbixサーバがある"),
    ),
    _carried(
        Option.ANTIVIRUS,
        19,
        Function.ANTIVIRUS,
        Text(en="ordered antivirus has a distribution server", ja="ウイルス対策の申込には配信サーバがある"),
    ),
    _carried(
        Option.BACKUP,
        23,
        Function.BACKUP,
        Text(en="ordered backup has a backup server", ja="バックアップの申込にはバックアップサーバがある"),
    ),
    _carried(
        Option.SMTP,
        24,
        Function.SMTP,
        Text(en="ordered mail service has a relay", ja="SMTPサービスの申込には中継サーバがある"),
    ),
)
