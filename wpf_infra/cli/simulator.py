"""`wpf simulator`: look into the embedded simulator, break things in it, do what people do behind the library's back.

Here: the verbs and their arguments. Not here: what follows (`wpf_infra.backend.simulator`), how a world is printed
(`wpf_infra.cli.world`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from wpf_infra.backend.ledger.availability import Restarts
from wpf_infra.backend.select import simulator_path
from wpf_infra.backend.simulator.faults import Fault, FaultKind
from wpf_infra.backend.simulator.hand import World
from wpf_infra.backend.simulator.status import status as picture_of
from wpf_infra.calendar import instant
from wpf_infra.cli.output import say
from wpf_infra.cli.world import Picture, print_picture, short
from wpf_infra.errors import Unreadable
from wpf_infra.language import Text, spoken
from wpf_infra.loading.project import find_project
from wpf_infra.model.disk import Disk
from wpf_infra.model.identity import Identity, Kind

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)

_named: ContextVar[Path | None] = ContextVar("simulator's file", default=None)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
HostName = Annotated[str, typer.Argument(metavar="HOST", help="A host, or CLUSTER/HOST.")]
GroupName = Annotated[str, typer.Argument(metavar="GROUP", help="A RAID6 group, or CLASS/GROUP.")]
ServerName = Annotated[str, typer.Argument(metavar="TENANT/VM", help="A server.")]
Count = Annotated[int, typer.Option("--count", min=1, max=100, help="How many disks.")]


@app.callback()
def simulator(
    file: Annotated[Path | None, typer.Option("--file", help="The simulator's file; else the project's own.")] = None,
    now: Annotated[
        str | None, typer.Option("--now", help="An instant (ISO 8601); nothing here depends on a date yet.")
    ] = None,
) -> None:
    """Look into the embedded simulator, break things in it, do what people do behind the library's back."""
    if now is not None:
        instant(now, "--now")
    _named.set(file)


@app.command()
def status(
    tail: Annotated[int, typer.Option("--journal", min=0, help="How many of the last events.")] = 10,
    as_json: AsJson = False,
) -> None:
    """Hosts with load and state, servers with host and power, RAID6 groups, and what happened last."""
    path = _path()
    seen = picture_of(path)
    with _world(path) as world:
        picture = Picture(seen, world.journal()[-tail:] if tail else (), world.faults())
    say(json.dumps(picture.data(), ensure_ascii=False, indent=2)) if as_json else print_picture(picture)


@app.command()
def fail_host(host: HostName, as_json: AsJson = False) -> None:
    """A host stops dead: what ran there restarts elsewhere, the highest restart priority first (FAQ-12)."""
    with _world() as world:
        _print_restarts(world.fail_host(host), Text(en=f"{host} failed", ja=f"{host} が停止しました"), as_json)


@app.command()
def fail_power_supply(host: HostName, as_json: AsJson = False) -> None:
    """One of a host's two power supplies; the second takes the host with it (FAQ-12)."""
    with _world() as world:
        what = Text(en=f"a power supply of {host} failed", ja=f"{host} の電源が1系統停止しました")
        _print_restarts(world.fail_power_supply(host), what, as_json)


@app.command()
def fail_uplink(host: HostName, as_json: AsJson = False) -> None:
    """One of a host's two uplinks; the second isolates the host (FAQ-12)."""
    with _world() as world:
        what = Text(en=f"an uplink of {host} failed", ja=f"{host} の回線が1系統停止しました")
        _print_restarts(world.fail_uplink(host), what, as_json)


@app.command()
def maintain(host: HostName, as_json: AsJson = False) -> None:
    """Maintenance: every server moves off the host without a stop."""
    with _world() as world:
        world.enter_maintenance(host)
    _done(Text(en=f"{host} is in maintenance, and empty", ja=f"{host} は保守中で、サーバはありません"), as_json)


@app.command()
def repair(host: HostName, as_json: AsJson = False) -> None:
    """A host is whole and connected again: who was left off starts where there is room; nobody moves back."""
    with _world() as world:
        _print_restarts(world.repair_host(host), Text(en=f"{host} is back", ja=f"{host} が復旧しました"), as_json)


@app.command()
def fail_disk(group: GroupName, count: Count = 1, as_json: AsJson = False) -> None:
    """Disks of a RAID6 group fail: two missing are survived, the third takes the group's data (FAQ-12)."""
    with _world() as world:
        lost = [short(identity) for identity in world.fail_disk(group, count)]
    if as_json:
        say(json.dumps({"lost": lost}, ensure_ascii=False))
        return
    disks = "disk" if count == 1 else "disks"
    _say(Text(en=f"{count} {disks} of {group} failed", ja=f"{group} のディスクが{count}本故障しました"))
    _say(
        Text(en=f"  lost with their data: {', '.join(lost)}", ja=f"  データを失ったサーバ: {', '.join(lost)}")
        if lost
        else Text(en="  no data is lost", ja="  データは失われていません")
    )


@app.command()
def replace_disk(
    group: GroupName,
    count: Count = 1,
    rebuild: Annotated[bool, typer.Option(help="Let the rebuild come to its end at once.")] = True,
    as_json: AsJson = False,
) -> None:
    """New disks in the place of failed ones, and their rebuild."""
    with _world() as world:
        world.replace_disk(group, count)
        if rebuild:
            world.finish_rebuild(group)
    done = Text(en="rebuilt", ja="再構築済み") if rebuild else Text(en="rebuilding", ja="再構築中")
    _done(Text(en=f"{group}: {count} replaced, {done.en}", ja=f"{group}: {count}本交換、{done.ja}"), as_json)


class Switch(StrEnum):
    ON = "on"
    OFF = "off"


@app.command()
def power(switch: Switch, server: ServerName, as_json: AsJson = False) -> None:
    """Start a server, or pull its plug, as a vendor does in the console (FAQ-14)."""
    with _world() as world:
        (world.power_on if switch is Switch.ON else world.power_off)(_server(server))
    words = Text(en="runs", ja="稼働しています") if switch is Switch.ON else Text(en="is off", ja="停止しています")
    _done(Text(en=f"{server} {words.en}", ja=f"{server} は{words.ja}"), as_json)


@app.command(name="set")
def resize(
    server: ServerName,
    cpu: Annotated[int | None, typer.Option("--cpu", min=1, help="Virtual CPUs.")] = None,
    memory_gib: Annotated[int | None, typer.Option("--memory-gib", min=1, help="Memory in GiB.")] = None,
    as_json: AsJson = False,
) -> None:
    """Change a server's CPU or memory by hand: drift, for the next preview to see."""
    if cpu is None and memory_gib is None:
        raise Unreadable(
            Text(en="nothing is to be set", ja="変更内容の指定がありません"),
            where="wpf simulator set",
            remedy=Text(en="give --cpu or --memory-gib", ja="--cpu か --memory-gib を指定してください"),
        )
    with _world() as world:
        world.resize(_server(server), cpu=cpu, memory_gib=memory_gib)
    _done(Text(en=f"{server} was changed by hand", ja=f"{server} を手作業で変更しました"), as_json)


@app.command()
def grow_disk(
    server: ServerName,
    disk: Annotated[str, typer.Argument(metavar="DISK")],
    size_gb: Annotated[int, typer.Argument(metavar="SIZE_GB", min=1)],
    as_json: AsJson = False,
) -> None:
    """Grow a disk by hand: drift."""
    with _world() as world:
        world.grow_disk(_server(server), disk, size_gb)
    _done(Text(en=f"{server}: {disk} has {size_gb} GB", ja=f"{server}: {disk} は {size_gb} GB です"), as_json)


@app.command()
def add_disk(
    server: ServerName,
    disk: Annotated[str, typer.Argument(metavar="DISK")],
    size_gb: Annotated[int, typer.Argument(metavar="SIZE_GB", min=1)],
    storage_class: Annotated[str, typer.Option("--storage-class")] = "raid6",
    as_json: AsJson = False,
) -> None:
    """Hang a disk on a server that is not the library's: drift that is never removed."""
    with _world() as world:
        world.add_disk(_server(server), disk, Disk(size_gb=size_gb, storage_class=storage_class))
    _done(Text(en=f"{server} has a foreign disk {disk}", ja=f"{server} に外部のディスク {disk} があります"), as_json)


@app.command()
def copy(
    server: ServerName,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of the copy.")],
    as_json: AsJson = False,
) -> None:
    """Clone a server by hand, beside it and left off: told of in each preview, and never touched."""
    with _world() as world:
        world.copy(_server(server), name)
    _done(Text(en=f"{name} is a copy of {server}", ja=f"{server} の複製 {name} があります"), as_json)


@app.command()
def remove(server: ServerName, as_json: AsJson = False) -> None:
    """Delete a server by hand, running or not: the next `up` builds it anew, empty."""
    with _world() as world:
        world.remove(_server(server))
    _done(Text(en=f"{server} is gone", ja=f"{server} を削除しました"), as_json)


@app.command()
def remove_allowance(
    tenant: Annotated[str, typer.Argument(metavar="TENANT")],
    name: Annotated[str, typer.Argument(metavar="ALLOWANCE", help="As TENANT/ALLOWANCE, the one that declares it.")],
    as_json: AsJson = False,
) -> None:
    """Take an allowance out of a tenant's firewall policy by hand: drift."""
    with _world() as world:
        world.remove_allowance(tenant, name)
    _done(Text(en=f"{tenant}: {name} is gone", ja=f"{tenant}: {name} を削除しました"), as_json)


@app.command()
def inject(
    kind: FaultKind,
    call: Annotated[str, typer.Option(help="create, perform, delete, observe, find, or a step; a glob.")] = "*",
    identity: Annotated[str, typer.Option(help="TENANT/KIND/NAME; a glob.")] = "*",
    stage: Annotated[str, typer.Option(help="Of a call in stages; a glob.")] = "*",
    times: Annotated[int, typer.Option(min=0, help="How often; 0 is for ever.")] = 1,
    latency_ms: Annotated[int, typer.Option(min=0, max=600_000, help="How slow.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Let coming calls of the library fail, be slow, or die."""
    with _world() as world:
        picture_of(_path())  # NotFound where nothing is built: a typing error makes no world
        world.inject(Fault(kind, call, identity, stage, latency_ms, times or None))
    _done(
        Text(en=f"{kind} waits for {call} on {identity}", ja=f"{identity} の {call} に {kind} を設定しました"), as_json
    )


@app.command()
def clear_faults(as_json: AsJson = False) -> None:
    """Forget every injected fault."""
    with _world() as world:
        world.clear_faults()
    _done(Text(en="no fault is left", ja="注入した障害をすべて消去しました"), as_json)


def _path() -> Path:
    """`--file`, else the project's own. Raises Unreadable outside a project, Unsupported for another backend."""
    named = _named.get()
    if named is not None:
        return named
    project = find_project(Path.cwd())
    return project.root / simulator_path(project.settings)


@contextmanager
def _world(path: Path | None = None) -> Iterator[World]:
    world = World(path or _path())
    try:
        yield world
    finally:
        world.close()


def _server(text: str) -> Identity:
    """`TENANT/VM`. Raises Unreadable."""
    tenant, _, name = text.partition("/")
    try:
        return Identity.parse(f"{tenant}/{Kind.VM}/{name}")
    except ValueError:
        raise Unreadable(
            Text(en="this is not TENANT/VM", ja="TENANT/VM の形ではありません"),
            where=text,
            remedy=Text(en="write it as higashi-suido/app-1", ja="higashi-suido/app-1 のように指定してください"),
        ) from None


def _print_restarts(restarts: Restarts, what: Text, as_json: bool) -> None:
    """Which servers moved where, in the order of their restarts, and which stayed off."""
    if as_json:
        placed = [{"server": short(one.identity), "from": one.source, "to": one.destination} for one in restarts.placed]
        left_off = [short(identity) for identity in restarts.left_off]
        say(json.dumps({"restarted": placed, "left_off": left_off}, ensure_ascii=False, indent=2))
        return
    _say(what)
    for one in restarts.placed:
        server = short(one.identity)
        _say(
            Text(
                en=f"  {server}: restarted, {one.source} → {one.destination}",
                ja=f"  {server}: 再起動しました（{one.source} → {one.destination}）",
            )
        )
    for identity in restarts.left_off:
        _say(
            Text(
                en=f"  {short(identity)}: stays off, no host has room for it",
                ja=f"  {short(identity)}: 空きのあるホストがなく、停止したままです",
            )
        )
    if not restarts.placed and not restarts.left_off:
        _say(Text(en="  no server is disturbed", ja="  影響を受けるサーバはありません"))


def _done(what: Text, as_json: bool) -> None:
    say(json.dumps({"done": what.in_(spoken())}, ensure_ascii=False)) if as_json else _say(what)


def _say(what: Text) -> None:
    say(what.in_(spoken()))
