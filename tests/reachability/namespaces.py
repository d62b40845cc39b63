"""Machines as Linux network namespaces on one bridge, with nftables at the bridge's ports.

Here: building it, and sockets in it. Not here: what is sent (`talks`).
Namespaces have no name and no way out: whoever made them holds them by open files. When that thread ends, however it
ends, the kernel takes them away with all that is in them.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing

from netaddr import IPAddress

from tests.reachability.scene import Machine

_LIBC = ctypes.CDLL(None, use_errno=True)
_CLONE_NEWNET = 0x40000000
_SIOCGIFFLAGS, _IFF_RUNNING = 0x8913, 0x40
_LONGEST_S = 30.0
"""Links come up within a second; far more than any busy machine needs."""
_IPV6_FIRST, _IPV6_PREFIX = 0xFD00 << 112, 64
"""Where every machine has an address too, with its IPv4 address as the last part."""
Ruleset = Callable[[Mapping[str, str]], str]
"""Text for `nft -f`, for switch's devices and the owners whose portgroups they are of."""


class Namespace:
    """A network namespace that is there as long as this is open; made by the thread that will be in it."""

    def __init__(self) -> None:
        _called(_LIBC.unshare(_CLONE_NEWNET))
        self._file = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        self.path = f"/proc/{os.getpid()}/fd/{self._file}"

    def enter(self) -> None:
        _called(_LIBC.setns(self._file, _CLONE_NEWNET))

    def run(self, *command: str, given: str) -> None:
        self.enter()
        subprocess.run(command, input=given, text=True, check=True, capture_output=True)

    def close(self) -> None:
        os.close(self._file)


class Network:
    """A bridge, and each machine's namespace on it; whoever is asked for is found by ARP, and nobody routes."""

    def __init__(self, machines: Sequence[Machine], ruleset: Ruleset) -> None:
        self._stack = ExitStack()
        try:
            self._switch = self._stack.enter_context(closing(Namespace()))
            self._machines = {
                int(machine.address): self._stack.enter_context(closing(Namespace())) for machine in machines
            }
            self._cable()
            self._wait_for_links()
            devices = zip(self._devices(), machines, strict=True)
            ports = {device: each.portgroup for device, each in devices if each.portgroup is not None}
            self._switch.run("nft", "-f", "-", given=ruleset(ports))
        except BaseException:
            self.close()
            raise

    def socket(self, address: int, family: int, kind: int, protocol: int = 0) -> socket.socket:
        """A socket of the machine's."""
        self._machines[address].enter()
        opened = socket.socket(family, kind, protocol)
        opened.setblocking(False)
        return opened

    def close(self) -> None:
        self._stack.close()

    def _devices(self) -> list[str]:
        return [f"port{number}" for number in range(len(self._machines))]

    def _cable(self) -> None:
        switch = ["link add bridge type bridge mcast_snooping 0", "link set bridge up"]
        for device, machine in zip(self._devices(), self._machines.values(), strict=True):
            switch.append(f"link add {device} type veth peer name eth0 netns {machine.path}")
            switch.append(f"link set {device} master bridge up")
        self._switch.run("ip", "-batch", "-", given="\n".join(switch))
        for address, machine in self._machines.items():
            lines = ["link set lo up", "link set eth0 up", f"address add {ipv4_name(address)}/32 dev eth0"]
            lines.append(f"address add {ipv6_name(address)}/{_IPV6_PREFIX} dev eth0 nodad")
            machine.run("ip", "-batch", "-", given="\n".join([*lines, "route add default dev eth0"]))

    def _wait_for_links(self) -> None:
        latest = time.monotonic() + _LONGEST_S
        ends = [(self._switch, device) for device in self._devices()]
        ends += [(machine, "eth0") for machine in self._machines.values()]
        for namespace, device in ends:
            namespace.enter()
            while not _is_running(device):
                if time.monotonic() > latest:
                    raise TimeoutError(f"{device} does not come up")
                time.sleep(0.01)


def _is_running(device: str) -> bool:
    """Has the kernel noticed that both ends of the cable are up? Until then it drops what is sent."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as asking:
        answer = fcntl.ioctl(asking, _SIOCGIFFLAGS, struct.pack("16sh", device.encode(), 0))
    flags: int = struct.unpack("16sh", answer)[1]
    return bool(flags & _IFF_RUNNING)


def ipv4_name(address: int) -> str:
    return str(IPAddress(address, 4))


def ipv6_number(address: int) -> int:
    """The IPv6 address of the machine that has this one in IPv4, as a number."""
    return _IPV6_FIRST + address


def ipv6_name(address: int) -> str:
    return str(IPAddress(ipv6_number(address), 6))


def _called(answer: int) -> None:
    if answer != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
