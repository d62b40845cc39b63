"""The platform itself: what the operator owns and offers. Exposes `platform`."""

from __future__ import annotations

from wpf_infra.model import (
    AddressSpace,
    AdmissionControl,
    Agreed,
    Allowance,
    BilingualName,
    Disk,
    Endpoint,
    HaCluster,
    Host,
    Menu,
    Platform,
    Product,
    Quota,
    RaidGroup,
    Space,
    StorageClass,
    TenantNetwork,
    VirtualMachine,
)
from wpf_infra.model.authority import CertificateAuthority
from wpf_infra.model.availability import RestartPriority
from wpf_infra.model.closing import ClosingDays
from wpf_infra.model.function import Function
from wpf_infra.model.maintenance import Maintenance, MaintenanceTargets
from wpf_infra.model.menu import Brought, OwnKind

HOST = Host(cpu=64, memory_gib=512)

# Words of software's names, FAQ 23; a hyphen more or less is no other name.
ORACLE = {"oracle", "oracle-database", "oracle-db", "oradb", "oracle-rac", "oracle-real-application-clusters"}
SQL_SERVER = {"sqlserver", "ms-sql", "ms-sqlserver", "microsoft-sql", "microsoft-sqlserver", "sqlsrv"}
NO_SERVERS = {
    "adapter", "client", "connector", "dashboard", "data-access", "developer-tools", "driver", "exporter",
    "forms-runtime", "instant-client", "java", "jdbc", "jdk", "jre", "linux", "log", "management-studio", "monitor",
    "mysql", "odac", "odbc", "ole-db", "oledb", "plugin", "provider", "report", "reports", "sdk", "sql-developer",
    "ssms", "template", "viewer", "virtualbox",
}  # fmt: skip
FOREIGN_BACKUP = {
    "acronis", "active-image", "activeimage-protector", "altaro", "amanda", "arcserve", "avamar", "backup-exec",
    "bacula", "bareos", "barracuda-backup", "borgbackup", "carbonite", "cobian", "cohesity", "commvault",
    "crashplan", "data-protector", "datto", "druva", "duplicati", "duplicity", "macrium", "nakivo",
    "netapp-snapcenter", "netbackup", "netvault", "networker", "quest-rapid-recovery", "restic", "rubrik",
    "shadowprotect", "simpana", "spectrum-protect", "storage-protect", "storagecraft", "tivoli-storage-manager",
    "unitrends", "urbackup", "veeam", "vranger", "windows-server-backup", "zerto", "zmanda",
}  # fmt: skip
FOREIGN_ANTIVIRUS = {
    "apex-one", "avast", "avira", "bitdefender", "carbon-black", "clamav", "clamwin", "comodo", "cortex-xdr",
    "crowdstrike", "cybereason", "cylance", "cylanceprotect", "deep-instinct", "deep-security", "defender", "drweb",
    "endpoint-protection", "eset", "f-prot", "f-secure", "fortiedr", "kaspersky", "malwarebytes", "mcafee",
    "norton", "officescan", "panda-security", "sentinel-one", "sophos", "symantec", "trellix", "trend-micro",
    "virus-buster", "virus-scan", "vision-one", "webroot", "withsecure", "yarai",
}  # fmt: skip


def server(
    address: str,
    cpu: int,
    memory_gib: int,
    *,
    pair: str | None = None,
    data_gb: int | None = None,
    listens: tuple[str, ...] | None = None,
) -> VirtualMachine:
    """A server of the platform; those of a `pair` never share a host."""
    disks = {"system": Disk(size_gb=100, storage_class="raid6")}
    if data_gb is not None:
        disks["data"] = Disk(size_gb=data_gb, storage_class="raid6")
    return VirtualMachine(
        os="rhel-9",
        cpu=cpu,
        memory_gib=memory_gib,
        address=address,
        restart_priority=RestartPriority.HIGHEST,
        anti_affinity=pair,
        disks=disks,
        listens=listens,
    )


def beyond(source: str, destination: str, *ports: str, reason: str, agreed: Agreed | None = None) -> Allowance:
    """A conversation of the platform's servers with a network beside the tenants'."""
    return Allowance(source=source, destination=destination, ports=ports, reason=reason, agreed=agreed)


# Filters remember nothing: who answers could also speak first, to a port that these servers listen on.
NO_TIME_BACK = Agreed(by="network team", on="2026-04-10", reason="chrony answers nobody in the receivers' network")
NOTHING_BACK = Agreed(by="network team", on="2026-04-10", reason="the hosts' own firewall knows who may manage them")
NO_MAIL_BACK = Agreed(by="network team", on="2026-04-10", reason="Postfix takes mail from tenants' networks only")

platform = Platform(
    name=BilingualName(ja="水道情報基盤", en="Water Platform"),
    cluster="tokyo-1",
    network=TenantNetwork(cidr="10.32.0.0/24", vlan=10),
    quota=Quota(cpu=64, memory_gib=192, storage_gb=6000),
    clusters={
        "tokyo-1": HaCluster(
            hosts={"tk-esx-01": HOST, "tk-esx-02": HOST, "tk-esx-03": HOST, "tk-esx-04": HOST},
            admission_control=AdmissionControl(failover_hosts=1),
        ),
        "osaka-1": HaCluster(
            hosts={"os-esx-01": HOST, "os-esx-02": HOST, "os-esx-03": HOST, "os-esx-04": HOST},
            admission_control=AdmissionControl(reserved_percent=25),
        ),
    },
    storage_classes={
        "raid6": StorageClass(
            groups={
                "tk-raid6-01": RaidGroup(cluster="tokyo-1", disks=10, disk_gb=3840),
                "tk-raid6-02": RaidGroup(cluster="tokyo-1", disks=10, disk_gb=3840),
                "os-raid6-01": RaidGroup(cluster="osaka-1", disks=10, disk_gb=3840),
                "os-raid6-02": RaidGroup(cluster="osaka-1", disks=10, disk_gb=3840),
            }
        )
    },
    menu=Menu(
        disk_gb={100, 300, 500},
        cpu={1, 2, 4, 8, 16},
        memory_gib={2, 4, 8, 16, 32, 64, 128},
        os={"windows-server-2019", "windows-server-2022", "rhel-8", "rhel-9"},
        software={
            "oracle-database": Product(known_as=ORACLE, brought=Brought.NEVER),
            "sqlserver-standard": Product(known_as=SQL_SERVER, brought=Brought.SOFTWARE_ASSURANCE),
        },
        companions=NO_SERVERS,
        foreign_software={
            **dict.fromkeys(FOREIGN_BACKUP, OwnKind.BACKUP),
            **dict.fromkeys(FOREIGN_ANTIVIRUS, OwnKind.ANTIVIRUS),
        },
    ),
    space=AddressSpace(
        utilities=Space(cidr="10.64.0.0/12", vlan_first=100, vlan_last=2999),
        vendors=Space(cidr="10.96.0.0/12", vlan_first=3000, vlan_last=3999),
        fixed_lines="10.160.0.0/12",
        mobile_lines="10.176.0.0/12",
    ),
    vms={
        "ntp-1": server("10.32.0.11", 1, 2, pair="ntp", listens=("udp/123",)),
        "ntp-2": server("10.32.0.12", 1, 2, pair="ntp", listens=("udp/123",)),
        "dns-1": server("10.32.0.13", 2, 4, pair="dns"),
        "dns-2": server("10.32.0.14", 2, 4, pair="dns"),
        "smtp-1": server("10.32.0.21", 2, 4, pair="smtp", listens=("tcp/25",)),
        "smtp-2": server("10.32.0.22", 2, 4, pair="smtp", listens=("tcp/25",)),
        "av-1": server("10.32.0.31", 2, 8, pair="av", data_gb=100),
        "av-2": server("10.32.0.32", 2, 8, pair="av", data_gb=100),
        "backup-1": server("10.32.0.33", 2, 8, data_gb=500),
        "zabbix-1": server("10.32.0.41", 8, 32, data_gb=500),
        "auth-1": server("10.32.0.51", 4, 8),
        "portal-1": server("10.32.0.52", 4, 16),
        "interface-1": server("10.32.0.53", 4, 16, data_gb=300),
    },
    services={
        Function.NTP: ("ntp-1", "ntp-2"),
        Function.DNS: ("dns-1", "dns-2"),
        Function.SMTP: ("smtp-1", "smtp-2"),
        Function.ANTIVIRUS: ("av-1", "av-2"),
        Function.BACKUP: ("backup-1",),
        Function.ZABBIX: ("zabbix-1",),
        Function.AUTHENTICATION: ("auth-1",),
        Function.PORTAL: ("portal-1",),
        Function.INTERFACE: ("interface-1",),
    },
    endpoints={
        "management": Endpoint(cidr="10.33.0.0/24"),  # of the hosts and of vCenter
        "vcenter": Endpoint(cidr="10.33.0.10/32"),
        "time-receivers": Endpoint(cidr="10.33.1.0/29"),
        "mail-gateway": Endpoint(cidr="10.33.2.25/32"),
        "definitions": Endpoint(cidr="10.33.3.10/32"),
    },
    allowances={
        # Hosts keep time by the same servers as everybody, and find vCenter and each other by name.
        **{
            f"hosts-time-{n}": beyond("management", f"ntp-{n}", "udp/123", reason="time of the hosts and of vCenter")
            for n in (1, 2)
        },
        **{
            f"hosts-names-{n}": beyond(
                "management", f"dns-{n}", "udp/53", "tcp/53", reason="names of the hosts", agreed=NOTHING_BACK
            )
            for n in (1, 2)
        },
        **{
            f"time-{n}": beyond(
                f"ntp-{n}", "time-receivers", "udp/123", reason="standard time by radio and GNSS", agreed=NO_TIME_BACK
            )
            for n in (1, 2)
        },
        **{
            f"mail-out-{n}": beyond(
                f"smtp-{n}",
                "mail-gateway",
                "tcp/25",
                reason="mail leaves by the operator's gateway",
                agreed=NO_MAIL_BACK,
            )
            for n in (1, 2)
        },
        **{
            f"definitions-{n}": beyond(f"av-{n}", "definitions", "tcp/443", reason="new antivirus definitions")
            for n in (1, 2)
        },
        "backup-vcenter": beyond("backup-1", "vcenter", "tcp/443", reason="snapshots of the servers to back up"),
        "backup-disks": beyond("backup-1", "management", "tcp/902", reason="their disks, read from the hosts"),
        "zabbix-management": beyond("zabbix-1", "management", "icmp", "tcp/443", reason="monitoring of the hosts"),
    },
    certificate_authority=CertificateAuthority(domains={"wpf.internal"}),
    closing_days=ClosingDays(year_end_first="12-29", year_end_last="01-03"),
    maintenance={
        # Hosts are emptied first, so that no server stops; its tenants are told all the same.
        "host-firmware": Maintenance(
            title=BilingualName(ja="ホストのファームウェア更新", en="firmware of a host"),
            announced="2026-11-20",
            starts="2026-12-12T22:00+09:00",
            ends="2026-12-13T02:00+09:00",
            targets=MaintenanceTargets(hosts={"tk-esx-01"}),
        ),
    },
    mail_whitelist={
        "aqua-systems.example.jp",
        "higashi-suido.example.jp",
        "kita-suido.example.jp",
        "mizu-control.example.jp",
        "nishi-suido.example.jp",
    },
)
