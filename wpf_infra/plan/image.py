"""An image's plan: what was captured stays as it was captured (FAQ 25).

Here: the pure decision. Not here: servers made of it (`vm`).
"""

from __future__ import annotations

from wpf_infra.language import Text
from wpf_infra.model.resource import ImageResource
from wpf_infra.plan.disturbance import Change, Disturbance, Plan
from wpf_infra.plan.step import Build

_ROW = 25


def diff_image(observed: ImageResource | None, desired: ImageResource) -> Plan:
    if observed is None:
        what = Text(
            en=f"is gone from the backend: {desired.of} is captured again, as it is now",
            ja=f"がバックエンドから失われています。{desired.of} の現在の状態を改めて取得します",
        )
        return Plan(desired.identity, (Change("", Disturbance.ONLINE, what, _ROW),), (Build(desired),))
    changes = []
    for name in ("of", "os"):
        if (before := getattr(observed, name)) != (after := getattr(desired, name)):
            what = Text(
                en=f"{name} {before} → {after}: an image stays what was captured; declare a new one beside it, deploy "
                "from that, then leave this one out",
                ja=f"{name} {before} → {after}: 取得済みのイメージは変更できません。新しいイメージを隣に宣言して使い、"
                "その後このイメージを宣言から外してください",
            )
            changes.append(Change(name, Disturbance.REFUSED, what, _ROW))
    return Plan(desired.identity, tuple(changes))
