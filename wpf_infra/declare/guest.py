"""Where a server finds what the platform offers, out of the catalogue (FAQ 1, 3, 18, 19, 21, 24).

Here: the pure lowering of it. Not here: its words (`wpf_infra.guest`).
"""

from __future__ import annotations

from collections.abc import Iterator

from netaddr import IPAddress, IPNetwork

from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.certificate import Path
from wpf_infra.model.function import Function
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.resource import GuestServices
from wpf_infra.model.tenancy import TenantNetwork
from wpf_infra.model.tenant import Option
from wpf_infra.model.vm import VirtualMachine

_DOMAIN = "wpf.internal"
"""Where the platform has no certificate authority, whose first domain it is otherwise."""


def guest_services(catalogue: Catalogue, owner: str, name: str, vm: VirtualMachine) -> GuestServices:
    tenant, platform = catalogue.tenants.get(owner), catalogue.platform
    network = (tenant or platform).network
    options = tenant.options if tenant else frozenset({Option.MONITORING})

    def servers(function: Function, wanted: bool = True) -> dict[str, IPAddress]:
        """Those that carry it; a server is not its own."""
        carriers = platform.services.get(function, ()) if wanted else ()
        return {
            each: platform.vms[each].address
            for each in sorted(carriers)
            if each in platform.vms and (owner, name) != (PLATFORM, each)
        }

    return GuestServices(
        domain=authority_domain(catalogue),
        prefix_length=network.cidr.prefixlen,
        router=_router(network),
        routes=tuple(sorted(_routes(catalogue, owner))),
        ntp=servers(Function.NTP),
        dns=servers(Function.DNS),
        smtp=servers(Function.SMTP, Option.SMTP in options),
        antivirus=servers(Function.ANTIVIRUS, vm.antivirus),
        backup=servers(Function.BACKUP, vm.backup),
        zabbix=servers(Function.ZABBIX, Option.MONITORING in options),
        authority=platform.certificate_authority is not None,
        trust=dict(_anchors(catalogue, owner)),
    )


def authority_domain(catalogue: Catalogue) -> str:
    """The domain that hosts of the platform have their names in."""
    authority = catalogue.platform.certificate_authority
    return min(authority.domains) if authority else _DOMAIN


def _router(network: TenantNetwork) -> IPAddress:
    return IPAddress(network.cidr.first + 1)


def _routes(catalogue: Catalogue, owner: str) -> Iterator[IPNetwork]:
    """The closed network's spaces, and for the platform's own servers the networks beside it."""
    platform = catalogue.platform
    space = platform.space
    yield from {platform.network.cidr, space.utilities.cidr, space.vendors.cidr, space.fixed_lines, space.mobile_lines}
    if owner == PLATFORM:
        yield from {endpoint.cidr for endpoint in platform.endpoints.values()}


def _anchors(catalogue: Catalogue, owner: str) -> Iterator[tuple[str, str]]:
    """What an application has to trust when it speaks to gateways: its own tenant's, and its vendor's."""
    tenant = catalogue.tenants.get(owner)
    for holder in sorted({owner, tenant.vendor or owner}) if tenant else ():
        declared = catalogue.tenants.get(holder)
        for name, anchor in sorted(declared.trust.items()) if declared else ():
            file = catalogue.anchors.get(f"{holder}.trust.{name}")
            if anchor.path is Path.APP_TO_GATEWAY and file is not None and file.content is not None:
                yield f"{holder}/{name}", file.content.decode("ascii", "replace")
