"""What a vCenter is not asked to carry yet: said before anything is touched.

Here: refusing images, and of servers made of one. Not here: what is carried.
"""

from __future__ import annotations

from wpf_infra.backend.contract import Act
from wpf_infra.errors import Unsupported
from wpf_infra.language import Text
from wpf_infra.model.identity import Identity, Kind
from wpf_infra.model.resource import VmResource
from wpf_infra.plan.step import Build


def check_carried(identity: Identity, act: Act) -> None:
    """Raises Unsupported."""
    of_image = isinstance(act, Build) and isinstance(act.resource, VmResource) and act.resource.from_image is not None
    if identity.kind is Kind.IMAGE or of_image:
        raise Unsupported(
            Text(
                en="images are carried by the simulator only: on a vCenter nothing is captured yet",
                ja="イメージはシミュレータのみ対応しています。vCenterでの取得・展開には未対応です",
            ),
            where=str(identity),
            row=25,
            remedy=Text(
                en="leave the image out, and `from_image` of its servers",
                ja="イメージと、サーバの `from_image` を宣言から外してください",
            ),
        )
