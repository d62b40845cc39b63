"""The literal catalogue of rules.

Here: every rule with its id, row, severity and title. Not here: how a rule decides (its topic's module). A new rule is
a function in its topic and a line here.
"""

from __future__ import annotations

from wpf_infra.language import Text
from wpf_infra.model.finding import Severity
from wpf_infra.policy import address, allowance, capacity, menu, power, quota, reference, retirement, space
from wpf_infra.policy.rule import Rule

_ERROR = Severity.ERROR
_WARNING = Severity.WARNING

RULES: tuple[Rule, ...] = (
    # What may be ordered
    Rule(
        "disk-size-menu",
        15,
        _ERROR,
        Text(en="a disk has a size of the menu", ja="ディスクはメニューの容量から選ぶ"),
        menu.disk_sizes,
    ),
    Rule("cpu-menu", 16, _ERROR, Text(en="CPUs are on the menu", ja="CPU数はメニューから選ぶ"), menu.cpu_sizes),
    Rule(
        "memory-menu", 16, _ERROR, Text(en="memory is on the menu", ja="メモリ量はメニューから選ぶ"), menu.memory_sizes
    ),
    Rule(
        "os-menu",
        20,
        _ERROR,
        Text(en="the OS is a template of the platform", ja="OSは基盤のテンプレートから選ぶ"),
        menu.operating_systems,
    ),
    # References
    Rule("cluster-exists", 12, _ERROR, Text(en="a cluster exists", ja="クラスタが存在する"), reference.clusters),
    Rule(
        "vendor-exists",
        None,
        _ERROR,
        Text(en="`vendor` names a vendor tenant", ja="`vendor` はベンダーテナントを指す"),
        reference.vendors,
    ),
    Rule(
        "storage-class-exists",
        12,
        _ERROR,
        Text(en="a storage class exists beside the server's cluster", ja="ストレージクラスがサーバのクラスタにある"),
        reference.storage_classes,
    ),
    Rule(
        "image-exists",
        25,
        _ERROR,
        Text(en="an image and its original are the tenant's own", ja="イメージとその元が同じテナントにある"),
        reference.images,
    ),
    Rule(
        "gateway-line-exists",
        None,
        _ERROR,
        Text(en="a gateway stands on a line of its tenant", ja="ゲートウェイの回線が存在する"),
        reference.gateway_lines,
    ),
    Rule(
        "platform-function-server",
        None,
        _ERROR,
        Text(en="a platform function has servers that exist", ja="基盤機能のサーバが存在する"),
        reference.platform_functions,
    ),
    # Networks
    Rule(
        "space-sound",
        None,
        _ERROR,
        Text(en="the address and VLAN spaces are private and apart", ja="アドレス・VLANの空間が重ならない"),
        space.spaces_sound,
    ),
    Rule(
        "platform-network-apart",
        21,
        _ERROR,
        Text(
            en="the platform's network is private and outside the spaces",
            ja="基盤のネットワークはプライベートで、空間の外にある",
        ),
        space.platform_network_apart,
    ),
    Rule(
        "network-in-space",
        None,
        _ERROR,
        Text(en="a tenant's network lies in the space of its kind", ja="テナントのネットワークが種別の空間にある"),
        space.networks_in_space,
    ),
    Rule(
        "networks-apart",
        22,
        _ERROR,
        Text(en="no two networks or lines overlap", ja="ネットワーク・回線が重ならない"),
        space.networks_apart,
    ),
    Rule(
        "vlan-in-space",
        None,
        _ERROR,
        Text(en="a tenant's VLAN lies in the range of its kind", ja="VLANが種別の範囲にある"),
        space.vlans_in_space,
    ),
    Rule("vlan-unique", 22, _ERROR, Text(en="no two tenants share a VLAN", ja="VLANが重複しない"), space.vlans_unique),
    # Addresses
    Rule(
        "address-in-network",
        None,
        _ERROR,
        Text(en="a server's address lies in its tenant's network", ja="サーバのアドレスがテナントのネットワークにある"),
        address.in_network,
    ),
    Rule(
        "address-reserved",
        None,
        _ERROR,
        Text(en="network and broadcast addresses are nobody's", ja="ネットワーク・ブロードキャストアドレスは使わない"),
        address.not_reserved,
    ),
    Rule("address-unique", None, _ERROR, Text(en="an address is used once", ja="アドレスが重複しない"), address.unique),
    Rule(
        "endpoint-in-network",
        None,
        _ERROR,
        Text(en="terminals lie in their tenant's network", ja="エンドポイントがテナントのネットワークにある"),
        address.endpoints_in_network,
    ),
    Rule(
        "endpoint-private",
        21,
        _ERROR,
        Text(en="terminals have private addresses", ja="エンドポイントはプライベートアドレスである"),
        address.endpoints_private,
    ),
    Rule(
        "endpoint-holds-server",
        22,
        _WARNING,
        Text(en="no server stands among terminals", ja="エンドポイントの範囲にサーバがない"),
        address.endpoints_hold_no_server,
    ),
    Rule(
        "line-in-space",
        None,
        _ERROR,
        Text(en="a line's network lies in the space of its kind", ja="回線のネットワークが種別の空間にある"),
        address.lines_in_space,
    ),
    Rule(
        "gateway-on-line",
        None,
        _ERROR,
        Text(en="a gateway's address lies on its line", ja="ゲートウェイのアドレスが回線の中にある"),
        address.gateways_on_line,
    ),
    # Allowances
    Rule(
        "allowance-own-tenant",
        22,
        _ERROR,
        Text(en="one end of an allowance is the declaring tenant's", ja="通信許可の一端は宣言したテナントである"),
        allowance.own_tenant,
    ),
    Rule(
        "allowance-end-exists",
        22,
        _ERROR,
        Text(en="both ends of an allowance exist", ja="通信許可の両端が存在する"),
        allowance.ends_exist,
    ),
    Rule(
        "allowance-end-unambiguous",
        22,
        _ERROR,
        Text(en="an end names one thing", ja="通信許可の端点が1つに決まる"),
        allowance.ends_unambiguous,
    ),
    Rule(
        "allowance-private",
        21,
        _ERROR,
        Text(en="no allowance reaches a public address", ja="通信許可がインターネットに及ばない"),
        allowance.ends_private,
    ),
    Rule(
        "allowance-within-tenant",
        22,
        _WARNING,
        Text(en="inside a tenant no allowance is needed", ja="テナント内の通信許可は不要である"),
        allowance.within_tenant,
    ),
    # Capacity
    Rule(
        "failover-hosts",
        12,
        _ERROR,
        Text(en="admission control leaves hosts", ja="アドミッションコントロール後もホストが残る"),
        capacity.hosts_left,
    ),
    Rule(
        "server-fits-host",
        12,
        _ERROR,
        Text(en="a server fits on a host of its cluster", ja="サーバがクラスタのホストに載る"),
        capacity.servers_fit_a_host,
    ),
    Rule(
        "cluster-capacity",
        12,
        _ERROR,
        Text(en="all servers still fit when hosts fail (N+1)", ja="ホスト障害時も全サーバが載る（N+1）"),
        capacity.cluster_capacity,
    ),
    Rule(
        "anti-affinity-hosts",
        12,
        _ERROR,
        Text(en="an anti-affinity group has hosts enough", ja="アンチアフィニティのホストが足りる"),
        capacity.anti_affinity,
    ),
    Rule(
        "storage-capacity",
        12,
        _ERROR,
        Text(en="usable capacity holds every disk", ja="実効容量に全ディスクが収まる"),
        capacity.storage_capacity,
    ),
    Rule("quota", None, _ERROR, Text(en="orders stay within the quota", ja="上限の範囲で注文する"), quota.quotas),
    # Agreements
    Rule(
        "power-is-vendors",
        14,
        _ERROR,
        Text(en="a vendor tenant declares no power state", ja="ベンダーテナントは電源状態を宣言しない"),
        power.vendors_own_power,
    ),
    Rule(
        "retire-in-time",
        13,
        _ERROR,
        Text(en="an end is ordered a month ahead", ja="終了は1か月前までに申し込む"),
        retirement.ordered_in_time,
    ),
    Rule(
        "retire-overdue",
        13,
        _WARNING,
        Text(en="what has ended is left out", ja="終了したものは宣言から消す"),
        retirement.not_overdue,
    ),
)
