"""Several threads and several handles on one world, all at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.contract import estate
from tests.contract.harness import Contract, Happening, Harness
from wpf_infra.backend.contract import Backend
from wpf_infra.errors import Conflict, Refused
from wpf_infra.model.observation import ObservedVm
from wpf_infra.model.resource import Resource, VmResource
from wpf_infra.plan.step import PowerOn, Reconfigure, ShutDownGuest

MANY = 24


class SharingContract(Contract):
    def test_what_one_handle_built_another_sees(self, backend: Backend, other: Backend) -> None:
        server = estate.server()
        backend.create(server)
        assert other.observe("hill") == backend.observe("hill")
        other.perform(server.identity, ShutDownGuest())
        assert estate.seen(backend, server).restart_owed

    def test_a_world_begins_once_whoever_comes_first(self, harness: Harness) -> None:
        handles = [harness.backend() for _ in range(8)]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda handle: handle.create(estate.CLUSTER), handles))
        assert len({handle.identity() for handle in handles}) == 1
        for handle in handles:
            handle.close()

    def test_one_server_asked_for_from_everywhere_is_built_once(
        self, backend: Backend, other: Backend, harness: Harness
    ) -> None:
        server = estate.server(disks=estate.disks(system=100, data=300))
        with ThreadPoolExecutor(16) as pool:
            list(pool.map(lambda n: (backend, other)[n % 2].create(server), range(16)))
        assert harness.happened(server.identity) == [Happening.CREATED, Happening.STARTED]
        assert estate.seen(backend, server).resource == server

    def test_many_servers_at_once(self, backend: Backend, other: Backend) -> None:
        servers = [estate.server(f"app-{n}", host=n + 1, disks=estate.disks(system=100, data=100)) for n in range(MANY)]

        def live(numbered: tuple[int, VmResource]) -> None:
            handle = (backend, other)[numbered[0] % 2]
            identity = numbered[1].identity
            handle.create(numbered[1])
            for step in (ShutDownGuest(), Reconfigure(memory_gib=4, grow={"data": 300}), PowerOn()):
                handle.perform(identity, step)

        with ThreadPoolExecutor(MANY) as pool:
            list(pool.map(live, enumerate(servers)))
        seen = backend.observe("hill")
        for server in servers:
            wanted = server.model_copy(update={"memory_gib": 4, "disks": estate.disks(system=100, data=300)})
            assert seen[server.identity].resource == wanted

    def test_everybody_reads_while_somebody_builds(self, backend: Backend, other: Backend) -> None:
        servers = [estate.server(f"app-{n}", host=n + 1) for n in range(MANY)]

        def read(handle: Backend) -> None:
            before = 0
            for _ in range(40):
                seen = len(handle.observe("hill"))
                assert seen >= before
                before = seen

        with ThreadPoolExecutor(13) as pool:
            readers = [pool.submit(read, (backend, other)[n % 2]) for n in range(12)]
            for server in servers:
                backend.create(server)
            for reader in readers:
                reader.result()
        assert len(other.observe("hill")) == MANY + 1

    def test_one_address_wanted_by_many_goes_to_one(self, backend: Backend) -> None:
        def ask(resource: Resource) -> bool:
            try:
                backend.create(resource)
            except Conflict:
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            got = list(pool.map(ask, [estate.server(f"app-{n}") for n in range(8)]))
        assert got.count(True) == 1

    def test_the_last_room_goes_to_one_of_two_handles(self, backend: Backend, other: Backend) -> None:
        """FAQ-12: whichever handle starts a server, what a failed host needs stays free."""

        def hall(number: int) -> VmResource:
            """It fills a host, and three hosts may be full."""
            return estate.server(f"hall-{number}", host=21 + number, cpu=32, memory_gib=128)

        def ask(number: int) -> bool:
            try:
                (backend, other)[number % 2].create(hall(number))
            except (Conflict, Refused):
                return False
            return True

        assert ask(0) and ask(1)
        with ThreadPoolExecutor(4) as pool:
            got = list(pool.map(ask, range(2, 6)))
        assert got.count(True) == 1
        standing = [one for one in backend.observe("hill").values() if isinstance(one, ObservedVm)]
        assert len(standing) == 3
        assert len({one.host for one in standing}) == 3

    def test_a_room_that_another_handle_made_is_seen_at_once(self, backend: Backend, other: Backend) -> None:
        assert backend.find(estate.server().identity) is None
        other.create(lake := estate.tenant("lake", vlan=300, cidr="10.64.9.0/24"))
        backend.create(VmResource.model_validate({**estate.server().data(), "tenant": lake.tenant}))

    def test_one_vlan_wanted_by_many_goes_to_one(self, backend: Backend, other: Backend) -> None:
        def ask(number: int) -> bool:
            try:
                (backend, other)[number % 2].create(
                    estate.tenant(f"lake-{number}", vlan=500, cidr=f"10.64.{20 + number}.0/24")
                )
            except Conflict:
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(ask, range(8))).count(True) == 1
