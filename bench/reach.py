"""`python -m bench.reach`: what it costs to make two worlds of very many tenants and to compare them, every tenant with
one allowance changed; beside writing out the same rules, and beside reading the same declarations as JSON.

Here: each size in a process of its own, which reports its seconds and its peak of memory. Not here: the files
(`many_tenants`).
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.many_tenants import lay
from bench.rules import MIB
from wpf_infra.model import Catalogue, Tenant
from wpf_infra.model.allowance import Allowance

_SERVERS = 10
_COLUMNS = ("json", "rules", "worlds", "compare", "ask")


def _catalogues(root: Path, each: int) -> tuple[Catalogue, Catalogue]:
    """The project with so many allowances a tenant, and the same with other ports in one of every tenant's."""
    from wpf_infra.loading.catalogue import load

    loaded = load(root).catalogue
    assert loaded is not None
    before = {name: tenant.model_copy(update=_allowances(tenant, each)) for name, tenant in _many(loaded)}
    after = {name: tenant.model_copy(update=_changed(tenant)) for name, tenant in before.items()}
    return (
        Catalogue(loaded.platform, {**loaded.tenants, **before}),
        Catalogue(loaded.platform, {**loaded.tenants, **after}),
    )


def _many(catalogue: Catalogue) -> list[tuple[str, Tenant]]:
    return [(name, tenant) for name, tenant in catalogue.tenants.items() if name[1:].isdigit()]


def _allowances(tenant: Tenant, each: int) -> Mapping[str, object]:
    """Between the servers of a pair of tenants, no two of them alike."""
    other = next(iter(tenant.allowances.values())).destination.partition("/")[0]
    return {
        "allowances": {
            f"telemetry-{number}": Allowance.model_validate(
                {
                    "from": f"vm-{number % _SERVERS}",
                    "to": f"{other}/vm-{number // _SERVERS}",
                    "ports": [f"tcp/{8000 + number}", "tcp/8883-8884"],
                    "reason": "telemetry",
                }
            )
            for number in range(each)
        }
    }


def _changed(tenant: Tenant) -> Mapping[str, object]:
    one = tenant.allowances["telemetry-1"].data()
    other = Allowance.model_validate({**one, "ports": ["tcp/7000-7003"]})
    return {"allowances": {**tenant.allowances, "telemetry-1": other}}


def _child(root: Path, each: int, rounds: int) -> None:
    """Reports the median seconds of each column, and the peak of memory. The collector is off, as in the commands: what
    is made here has no cycles worth looking for.
    """
    from wpf_infra.network.filter import all_policies
    from wpf_infra.network.reach.answer import ask
    from wpf_infra.network.reach.difference import compare
    from wpf_infra.network.reach.question import read_question
    from wpf_infra.network.reach.world import World
    from wpf_infra.network.rules import compile_rules

    before, after = _catalogues(root, each)
    dumps = [json.dumps([tenant.data() for tenant in side.tenants.values()]) for side in (before, after)]
    taken: dict[str, list[float]] = {column: [] for column in _COLUMNS}
    peak = 0.0
    for _ in range(rounds):
        gc.collect()
        gc.disable()
        with _timed(taken["worlds"]):
            worlds = World.of(before), World.of(after)
        with _timed(taken["compare"]):
            difference = compare(*worlds)
        with _timed(taken["ask"]):
            ask(worlds[0], read_question(before, "any", "t0"))
        peak = peak or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB
        with _timed(taken["rules"]):
            rules = [compile_rules(policy) for side in (before, after) for policy in all_policies(side).values()]
        with _timed(taken["json"]):
            read = [json.loads(dump) for dump in dumps]
        assert len(difference.gained) == len(_many(before)) and len(rules) == 2 * len(read[0]) + 2
        gc.enable()
        del worlds, difference, rules, read
    sys.stderr.write(json.dumps([{column: median(seconds) for column, seconds in taken.items()}, peak]))


@contextmanager
def _timed(taken: list[float]) -> Iterator[None]:
    began = perf_counter()
    yield
    taken.append(perf_counter() - began)


def _measured(tenants: int, each: int, rounds: int) -> tuple[dict[str, float], float]:
    with tempfile.TemporaryDirectory(prefix="wpf-bench-") as folder:
        lay(Path(folder), tenants)
        child = ("--root", folder, "--each", str(each), "--rounds", str(rounds))
        done = subprocess.run(
            [sys.executable, "-m", "bench.reach", *child], capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    seconds, peak = json.loads(done.stderr.splitlines()[-1])
    return seconds, peak


def _compare(sizes: Sequence[int], each: int, rounds: int) -> None:
    """One line a size, seconds for both worlds; the growth from the smallest size to the largest beneath."""
    print(f"{each} allowances a tenant, one of them changed")
    print("tenants  " + "".join(f"{column:>9}" for column in _COLUMNS) + "  reach/json  reach/rules  peak MiB")
    totals: dict[int, float] = {}
    for tenants in sizes:
        seconds, peak = _measured(tenants, each, rounds)
        totals[tenants] = seconds["worlds"] + seconds["compare"]
        columns = "".join(f"{seconds[column]:9.3f}" for column in _COLUMNS)
        ratios = totals[tenants] / seconds["json"], totals[tenants] / seconds["rules"]
        print(f"{tenants:>7}  {columns}  {ratios[0]:10.1f}  {ratios[1]:11.2f}  {peak:8.0f}", flush=True)
    if len(totals) > 1:
        least, most = min(totals), max(totals)
        print(f"{most // least} times the tenants take {totals[most] / totals[least]:.1f} times as long", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.reach", description=__doc__)
    parser.add_argument("--tenants", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--each", type=int, nargs="+", default=[5, 5 * _SERVERS])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--root", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.root is not None:
        _child(asked.root, asked.each[0], asked.rounds)
    else:
        for each in asked.each:
            _compare(asked.tenants, each, asked.rounds)


if __name__ == "__main__":
    main()
