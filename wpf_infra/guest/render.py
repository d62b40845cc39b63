"""A server's documents for its first boot, out of `templates/guest/`.

Here: which templates, and what is filled in. Not here: the documents' words. Every value is quoted where it is filled
in, so that none can become more than a value.
"""

from __future__ import annotations

import base64
import gzip
import re
import uuid
from collections.abc import Iterator, Mapping

from netaddr import IPAddress

from wpf_infra.errors import Refused
from wpf_infra.language import Text
from wpf_infra.model.guest import GuestConfig
from wpf_infra.model.resource import VmResource
from wpf_infra.template import render_guest

LONGEST_VALUE = 64 * 1024
"""Of a guestinfo value on a vCenter, gzipped and in base64."""
_INSTANCES = uuid.UUID("6f9b4f5c-6d8b-5c55-9a0e-1d6a7d8f3b21")
_PEM = re.compile(r"-----BEGIN CERTIFICATE-----\n.+?\n-----END CERTIFICATE-----\n?", re.DOTALL)


def render(server: VmResource, trust_bundle: str | None) -> GuestConfig:
    """trust_bundle: the platform's CA, as PEM. Raises Refused for a server that has to be told more than fits."""
    guest = server.guest
    assert guest is not None, "a server without services is told nothing"
    family = "windows" if server.os.startswith("windows") else "linux"
    fqdn = f"{server.name}.{server.tenant}.{guest.domain}"
    values = {
        "name": server.name,
        "fqdn": fqdn,
        "search": f"{server.tenant}.{guest.domain}",
        "instance_id": str(uuid.uuid5(_INSTANCES, str(server.identity))),
        "from_image": server.from_image is not None,
        "cidr": f"{server.address}/{guest.prefix_length}",
        "router": str(guest.router),
        "routes": [str(route) for route in guest.routes],
        "certificates": list(_certificates(trust_bundle or "", *(pem for _, pem in sorted(guest.trust.items())))),
        "ntp": _addresses(guest.ntp),
        "dns": _addresses(guest.dns),
        "smtp": _addresses(guest.smtp),
        "zabbix": _addresses(guest.zabbix),
        "antivirus": _addresses(guest.antivirus),
        "backup": _addresses(guest.backup),
    }
    made = GuestConfig(
        meta_data=render_guest(f"{family}-meta-data.json", **values),
        user_data=render_guest(f"{family}-user-data.yaml", **values),
    )
    _check_size(server, made)
    return made


def _addresses(servers: Mapping[str, IPAddress]) -> list[str]:
    return [str(address) for _, address in sorted(servers.items())]


def _certificates(*bundles: str) -> Iterator[str]:
    """Certificates and nothing else of what stands in a PEM file, each once."""
    yield from dict.fromkeys(found for bundle in bundles for found in _PEM.findall(bundle.replace("\r\n", "\n")))


def _check_size(server: VmResource, made: GuestConfig) -> None:
    size = len(base64.b64encode(gzip.compress(made.user_data.encode(), mtime=0)))
    if size > LONGEST_VALUE:
        raise Refused(
            Text(
                en=f"what its guest is told takes {size} bytes, and {LONGEST_VALUE} fit",
                ja=f"ゲストへの設定が {size} バイトあり、上限の {LONGEST_VALUE} バイトを超えます",
            ),
            where=str(server.identity),
            row=3,
            remedy=Text(
                en="declare fewer anchors for it to trust: one CA instead of many certificates",
                ja="信頼させる証明書を減らしてください（個別の証明書の代わりに1つのCAを使うなど）",
            ),
        )
