"""Keys people look for that a closed network cannot offer: another clock, a way to the internet, mail of one's own.

Here: why not, and what there is instead, for whatever stands in a tenant (FAQ 1, 21, 24). Not here: keys that only one
kind of thing never has; they stand with it.
"""

from __future__ import annotations

from collections.abc import Mapping

from wpf_infra.language import Text
from wpf_infra.model.value import Barred

_TIME = Barred(
    1,
    Text(
        en="every server takes its time from the platform's NTP servers, and from no other",
        ja="時刻は基盤内のNTPサーバにだけ同期します。ほかの時刻源は使えません",
    ),
    Text(
        en="leave it out; the platform's NTP is reached without being asked for",
        ja="消してください。基盤のNTPサーバは、何も書かなくても使えます",
    ),
)
_INTERNET = Barred(
    21,
    Text(
        en="this is a closed network: no server reaches the internet, and none is reached from it",
        ja="閉域網のため、サーバはインターネットに出られず、インターネットからも届きません",
    ),
    Text(
        en="leave it out; OS patches are applied from the vendor's maintenance terminal, an entry of `endpoints`",
        ja="消してください。OSのパッチはベンダーの保守端末（`endpoints` に書きます）から適用します",
    ),
)
_MAIL = Barred(
    24,
    Text(
        en="mail only leaves, through the platform's relay: there is no inbound mail and no SMS",
        ja="メールは基盤の中継サーバを通る送信だけです。メール受信とSMSはありません",
    ),
    Text(
        en="leave it out; the option `smtp` (in `options`) lets servers send mail",
        ja="消してください。送信は `options` の `smtp` で使えます",
    ),
)
NO_OTHER_TIME: Mapping[str, Barred] = dict.fromkeys(("ntp", "ntp_servers", "time", "time_server", "chrony"), _TIME)
NO_INTERNET: Mapping[str, Barred] = dict.fromkeys(
    (
        "internet",
        "internet_access",
        "default_route",
        "default_gateway",
        "package_source",
        "package_sources",
        "public_address",
        "public_ip",
        "nat",
        "proxy",
    ),
    _INTERNET,
)
NO_OTHER_MAIL: Mapping[str, Barred] = dict.fromkeys(("sms", "smtp", "inbound_mail", "mail_in", "imap"), _MAIL)
