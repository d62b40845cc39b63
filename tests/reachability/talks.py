"""Real packets of each protocol between machines: what arrived, and what was answered.

Here: conversations over sockets, many at a time. Not here: the machines (`namespaces`), which flows (`probes`).
What is not answered is begun once more and waited for longer, so that a busy machine loses nothing for good.
"""

from __future__ import annotations

import errno
import os
import selectors
import socket
import struct
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress

from tests.reachability.declared import answer_to
from tests.reachability.namespaces import Network, ipv4_name, ipv6_name
from wpf_infra.model.ports import Protocol
from wpf_infra.network.flow.flow_set import NUMBERS, Flow

_PATIENCE_S = (0.02, 0.2)
"""How long nothing may happen before all is over, the first time and again."""
_IDENTIFIER = 0x3106
_REQUEST, _ANSWER = b"?", b"!"
_ECHO_REQUEST, _ECHO_REPLY = 8, 0
_SYN, _SYN_OR_ACK = 0x02, 0x12


class Talk(ABC):
    """Flows of one protocol, begun at the same time, and the sockets at their ends."""

    at_once = 400
    """So many that a process may have open files for them."""

    @staticmethod
    def apart(flows: list[Flow]) -> tuple[list[Flow], ...]:
        """Those that would get into each other's way, even one after the other."""
        return (flows,)

    def __init__(self, network: Network, flows: Sequence[Flow]) -> None:
        self.arrived: set[Flow] = set()
        self.answered: set[Flow] = set()
        self._network = network
        self._flows = flows
        self._numbers = {flow: number for number, flow in enumerate(flows)}
        self._stack = ExitStack()
        self._selector = self._stack.enter_context(selectors.DefaultSelector())

    def hold(self) -> None:
        for patience in _PATIENCE_S:
            for flow in self._flows:
                if flow not in self.answered:
                    self._begin(flow)
            while not self._is_complete() and (ready := self._selector.select(patience)):
                for key, _ in ready:
                    with suppress(BlockingIOError):
                        key.data(key.fileobj)

    def close(self) -> None:
        self._stack.close()

    def _is_complete(self) -> bool:
        return len(self.arrived) == len(self.answered) == len(self._flows)

    @abstractmethod
    def _begin(self, flow: Flow) -> None: ...

    def _attend(self, held: socket.socket, events: int, heard: Callable[[socket.socket], None]) -> socket.socket:
        self._stack.callback(held.close)
        self._selector.register(held, events, heard)
        return held


class Datagrams(Talk):
    """A datagram that says which flow it is of, and one in answer."""

    family = socket.AF_INET

    def __init__(self, network: Network, flows: Sequence[Flow]) -> None:
        super().__init__(network, flows)
        ends = {end for each in flows for end in _ends(each)}
        self._sockets = {end: self._bound(*end) for end in sorted(ends)}

    def _bound(self, address: int, port: int) -> socket.socket:
        opened = self._network.socket(address, self.family, socket.SOCK_DGRAM)
        self._attend(opened, selectors.EVENT_READ, self._hear)
        opened.bind((self._name(address), port))
        return opened

    def _name(self, address: int) -> str:
        return ipv4_name(address)

    def _begin(self, flow: Flow) -> None:
        message = struct.pack("!cI", _REQUEST, self._numbers[flow])
        to = (self._name(flow.destination), flow.destination_port)
        self._sockets[flow.source, flow.source_port].sendto(message, to)

    def _hear(self, held: socket.socket) -> None:
        message, sender = held.recvfrom(64)
        word, number = struct.unpack("!cI", message)
        if word == _REQUEST:
            self.arrived.add(self._flows[number])
            held.sendto(struct.pack("!cI", _ANSWER, number), sender)
        else:
            self.answered.add(self._flows[number])


class Datagrams6(Datagrams):
    family = socket.AF_INET6

    def _name(self, address: int) -> str:
        return ipv6_name(address)


class Echoes(Talk):
    """An echo request, which the other machine's kernel answers."""

    def __init__(self, network: Network, flows: Sequence[Flow]) -> None:
        super().__init__(network, flows)
        ends = {end for flow in flows for end in (flow.source, flow.destination)}
        self._sockets = {
            end: self._attend(_raw(network, end, socket.IPPROTO_ICMP), selectors.EVENT_READ, self._hear)
            for end in sorted(ends)
        }

    def _begin(self, flow: Flow) -> None:
        unsummed = struct.pack("!BBHHH", _ECHO_REQUEST, 0, 0, _IDENTIFIER, self._numbers[flow])
        checksum = _checksum(unsummed)
        request = unsummed[:2] + struct.pack("!H", checksum) + unsummed[4:]
        self._sockets[flow.source].sendto(request, (ipv4_name(flow.destination), 0))

    def _hear(self, held: socket.socket) -> None:
        _, message = _opened(held.recv(256))
        kind, _, _, identifier, number = struct.unpack("!BBHHH", message[:8])
        if identifier == _IDENTIFIER and kind in (_ECHO_REQUEST, _ECHO_REPLY):
            (self.arrived if kind == _ECHO_REQUEST else self.answered).add(self._flows[number])


class Connections(Talk):
    """A connection begun from a chosen port to one that is listened on; its first segment is seen beside it."""

    at_once = 250

    @staticmethod
    def apart(flows: list[Flow]) -> tuple[list[Flow], ...]:
        """From both sides two connections would be one, and half of it outlives the socket that listened."""
        return [each for each in flows if each < answer_to(each)], [each for each in flows if each >= answer_to(each)]

    def __init__(self, network: Network, flows: Sequence[Flow]) -> None:
        super().__init__(network, flows)
        self._begun: dict[Flow, socket.socket] = {}
        for address in sorted({flow.destination for flow in flows}):
            self._attend(_raw(network, address, socket.IPPROTO_TCP), selectors.EVENT_READ, self._hear)
        for address, port in sorted({(flow.destination, flow.destination_port) for flow in flows}):
            listening = self._attend(self._bound(address, port), selectors.EVENT_READ, self._accept)
            listening.listen(self.at_once)

    def _bound(self, address: int, port: int) -> socket.socket:
        opened = self._network.socket(address, socket.AF_INET, socket.SOCK_STREAM)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        _forget_at_once(opened)
        opened.bind((ipv4_name(address), port))
        return opened

    def _begin(self, flow: Flow) -> None:
        if (before := self._begun.pop(flow, None)) is not None:
            self._selector.unregister(before)
            before.close()
        begun = self._bound(flow.source, flow.source_port)
        self._begun[flow] = self._attend(begun, selectors.EVENT_WRITE, lambda held: self._connected(held, flow))
        error = begun.connect_ex((ipv4_name(flow.destination), flow.destination_port))
        if error not in (0, errno.EINPROGRESS):
            raise OSError(error, os.strerror(error), str(flow))

    def _connected(self, held: socket.socket, flow: Flow) -> None:
        self._selector.unregister(held)
        del self._begun[flow]
        if held.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
            self.answered.add(flow)

    def _accept(self, listening: socket.socket) -> None:
        accepted, _ = listening.accept()
        _forget_at_once(accepted)
        self._stack.callback(accepted.close)

    def _hear(self, held: socket.socket) -> None:
        (source, destination), segment = _opened(held.recv(256))
        source_port, destination_port = struct.unpack("!HH", segment[:4])
        if segment[13] & _SYN_OR_ACK == _SYN:
            self.arrived.add(Flow(source, destination, NUMBERS[Protocol.TCP], source_port, destination_port))


def _ends(flow: Flow) -> tuple[tuple[int, int], tuple[int, int]]:
    return (flow.source, flow.source_port), (flow.destination, flow.destination_port)


def _raw(network: Network, address: int, protocol: int) -> socket.socket:
    opened = network.socket(address, socket.AF_INET, socket.SOCK_RAW, protocol)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    return opened


def _opened(packet: bytes) -> tuple[tuple[int, int], bytes]:
    """Source and destination of an IPv4 packet, and what it carries."""
    source, destination = struct.unpack("!II", packet[12:20])
    return (source, destination), packet[(packet[0] & 0x0F) * 4 :]


def _forget_at_once(held: socket.socket) -> None:
    """Closing resets the connection, so that its ends may be taken again."""
    held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _checksum(message: bytes) -> int:
    """RFC 1071, of a message of whole words."""
    total: int = sum(struct.unpack(f"!{len(message) // 2}H", message))
    return ~((total >> 16) + (total & 0xFFFF)) & 0xFFFF
