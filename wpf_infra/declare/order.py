"""What stands on what: the order in which a stack's resources are made.

Here: a rank for each resource. Not here: the engine, which keeps to it (`program`).
"""

from __future__ import annotations

from collections.abc import Iterable

from wpf_infra.model.identity import Kind
from wpf_infra.model.resource import ImageResource, Resource, VmResource

_RANKS = {
    Kind.STORAGE_CLASS: 0,
    Kind.CLUSTER: 1,
    Kind.AUTHORITY: 2,
    Kind.TENANT: 3,
    Kind.FIREWALL: 4,
    Kind.CERTIFICATE: 5,
    Kind.ANCHOR: 5,
    Kind.LINE: 5,
    Kind.USER: 5,
    Kind.USER_ROLL: 6,
    Kind.MAINTENANCE: 6,
}
_SERVERS = 7
_LAST = 1_000_000
"""Monitoring: what is watched is there first."""


def in_order(resources: Iterable[Resource]) -> list[tuple[int, Resource]]:
    """Rank and resource, what others stand on first; a sort keeps the order within a rank. A server of an image comes
    after the image, an image after its server.
    """
    declared = tuple(resources)
    images = {each.name: each for each in declared if isinstance(each, ImageResource)}
    servers = {each.name: each for each in declared if isinstance(each, VmResource)}

    def generation(server: VmResource | None) -> int:
        """How many captures lie behind it. Policy has refused a circle."""
        if server is None or server.from_image not in images:
            return 0
        return 1 + generation(servers.get(images[server.from_image].of))

    def rank(resource: Resource) -> int:
        match resource:
            case VmResource():
                return _SERVERS + 2 * generation(resource)
            case ImageResource():
                return _SERVERS + 2 * generation(servers.get(resource.of)) + 1
        return _RANKS.get(resource.kind, _LAST)

    return sorted(((rank(each), each) for each in declared), key=lambda pair: pair[0])
