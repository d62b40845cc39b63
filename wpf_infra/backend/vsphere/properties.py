"""Reading properties of managed objects in bulk: one call for any number of objects and kinds, its pages followed.

Here: the PropertyCollector and container views. Not here: sessions and faults (`connection`), and what a property
means. Source: `PropertyCollector.RetrievePropertiesEx`, `ViewManager.CreateContainerView`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from pyVmomi import vim, vmodl

from wpf_infra.backend.vsphere.faults import CUT

Properties = dict[str, Any]
"""Values by their paths as asked for, dots and all; what is unset has no key."""

PAGE = 1000
"""Objects a page: a thousand of the cheap paths are some hundred kilobytes."""

_Spec = vmodl.query.PropertyCollector
_WITHHELD = (vim.fault.NoPermission,)  # NotAuthenticated is one
_IN_VIEW = "view"
_TRIES = 3


def read_within(
    content: vim.ServiceInstanceContent, kinds: Mapping[Any, Sequence[str]], within: Any, *, page: int = PAGE
) -> dict[Any, Properties]:
    """All objects of these kinds under a folder, datacenter or pool, each with the paths asked for. The view that finds
    them is destroyed again. Raises the API's faults.
    """
    assert content.viewManager is not None, "a vCenter has one"
    view = content.viewManager.CreateContainerView(container=within, type=list(kinds), recursive=True)
    try:
        through = _Spec.TraversalSpec(name=_IN_VIEW, type=vim.view.ContainerView, path=_IN_VIEW, skip=False)
        start = _Spec.ObjectSpec(obj=view, skip=True, selectSet=[through])
        return retrieve(content.propertyCollector, kinds, [start], page=page)
    finally:
        with suppress(vmodl.MethodFault, *CUT):  # else it ends with the session
            view.DestroyView()


def read_objects(
    content: vim.ServiceInstanceContent, wanted: Mapping[Any, Collection[str]], *, page: int = PAGE
) -> dict[Any, Properties]:
    """Given objects, of any kinds, and the paths wanted of each (others of its kind may bring more); one that is gone
    is left out. Raises the API's faults.
    """
    paths: dict[type, set[str]] = defaultdict(set)
    for entity, of_it in wanted.items():
        paths[type(entity)].update(of_it)
    if not paths:
        return {}
    kinds = {kind: sorted(of_it) for kind, of_it in paths.items()}
    return retrieve(content.propertyCollector, kinds, [_Spec.ObjectSpec(obj=each) for each in wanted], page=page)


def retrieve(
    collector: vmodl.query.PropertyCollector,
    kinds: Mapping[Any, Sequence[str]],
    objects: Sequence[vmodl.query.PropertyCollector.ObjectSpec],
    *,
    page: int = PAGE,
) -> dict[Any, Properties]:
    """The properties of the objects that a selection finds, in the server's order. One that is deleted while the server
    reads is left out: it may cost the whole answer, which is asked for again.
    """
    specification = _Spec.FilterSpec(
        propSet=[_Spec.PropertySpec(type=kind, pathSet=list(paths), all=False) for kind, paths in kinds.items()],
        objectSet=list(objects),
        reportMissingObjectsInResults=True,  # else one object that is gone costs the whole answer
    )
    starts = {each.obj for each in objects if each.skip}
    for _ in range(_TRIES - 1):
        try:
            return {each.obj: _values(each) for each in _pages(collector, specification, page)}
        except vmodl.fault.ManagedObjectNotFound as gone:
            if gone.obj in starts:
                raise
    return {each.obj: _values(each) for each in _pages(collector, specification, page)}


def _pages(
    collector: Any, specification: vmodl.query.PropertyCollector.FilterSpec, page: int
) -> Iterator[vmodl.query.PropertyCollector.ObjectContent]:
    found = collector.RetrievePropertiesEx([specification], _Spec.RetrieveOptions(maxObjects=page))
    while found is not None:
        yield from found.objects
        found = collector.ContinueRetrievePropertiesEx(found.token) if found.token else None


def _values(found: vmodl.query.PropertyCollector.ObjectContent) -> Properties:
    _raise_withheld(found.missingSet or ())
    return {each.name: each.val for each in found.propSet or () if each.val is not None}


def _raise_withheld(missing: Iterable[vmodl.query.PropertyCollector.MissingProperty]) -> None:
    """What we may not read is no absent value: a mark that is withheld would make our own object a stranger's."""
    for each in missing:
        if isinstance(each.fault, _WITHHELD):
            raise each.fault
