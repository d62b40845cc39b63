"""The tables of a world, and the marks that say that a file is one.

That a VLAN and an address are held once is a rule (`room`, `server`), not a constraint: what was observed elsewhere may
break it, and has to be entered all the same.

Here: the schema and its version. Not here: opening a file (`file`).
"""

from __future__ import annotations

APPLICATION_ID = 0x77706673
"""`wpfs`, in SQLite's application_id."""
VERSION = 4

TABLES = (
    "CREATE TABLE world (identity TEXT NOT NULL)",
    """CREATE TABLE cluster (
        name TEXT PRIMARY KEY,
        failover_hosts INTEGER,
        reserved_percent INTEGER
    ) WITHOUT ROWID""",
    """CREATE TABLE host (
        cluster TEXT NOT NULL REFERENCES cluster,
        name TEXT NOT NULL,
        cpu INTEGER NOT NULL CHECK (cpu > 0),
        memory_gib INTEGER NOT NULL CHECK (memory_gib > 0),
        state TEXT NOT NULL DEFAULT 'connected' CHECK (state IN ('connected', 'failed', 'maintenance')),
        power_supplies INTEGER NOT NULL DEFAULT 2 CHECK (power_supplies BETWEEN 0 AND 2),
        uplinks INTEGER NOT NULL DEFAULT 2 CHECK (uplinks BETWEEN 0 AND 2),
        PRIMARY KEY (cluster, name)
    ) WITHOUT ROWID""",
    "CREATE TABLE storage_class (name TEXT PRIMARY KEY) WITHOUT ROWID",
    """CREATE TABLE raid_group (
        class TEXT NOT NULL REFERENCES storage_class,
        name TEXT NOT NULL,
        cluster TEXT NOT NULL,
        disks INTEGER NOT NULL CHECK (disks >= 4),
        disk_gb INTEGER NOT NULL CHECK (disk_gb > 0),
        failed INTEGER NOT NULL DEFAULT 0 CHECK (failed BETWEEN 0 AND disks),
        rebuilding INTEGER NOT NULL DEFAULT 0 CHECK (rebuilding >= 0 AND failed + rebuilding <= disks),
        lost INTEGER NOT NULL DEFAULT 0 CHECK (lost IN (0, 1)),
        PRIMARY KEY (class, name)
    ) WITHOUT ROWID""",
    """CREATE TABLE tenant (
        name TEXT PRIMARY KEY,
        owner TEXT NOT NULL,
        name_ja TEXT NOT NULL,
        name_en TEXT NOT NULL,
        cluster TEXT NOT NULL REFERENCES cluster,
        cidr TEXT NOT NULL,
        vlan INTEGER NOT NULL,
        cpu INTEGER NOT NULL,
        memory_gib INTEGER NOT NULL,
        storage_gb INTEGER NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE vm (
        tenant TEXT NOT NULL REFERENCES tenant,
        name TEXT NOT NULL,
        cluster TEXT NOT NULL REFERENCES cluster,
        os TEXT NOT NULL,
        cpu INTEGER NOT NULL CHECK (cpu > 0),
        memory_gib INTEGER NOT NULL CHECK (memory_gib > 0),
        address INTEGER NOT NULL,
        restart_priority TEXT NOT NULL DEFAULT 'medium',
        anti_affinity TEXT,
        host TEXT NOT NULL,
        power TEXT NOT NULL DEFAULT 'off' CHECK (power IN ('on', 'off')),
        configured INTEGER NOT NULL DEFAULT 0 CHECK (configured IN (0, 1)),
        built INTEGER NOT NULL DEFAULT 0 CHECK (built IN (0, 1)),
        restart_owed INTEGER NOT NULL DEFAULT 0 CHECK (restart_owed IN (0, 1)),
        left_off INTEGER NOT NULL DEFAULT 0 CHECK (left_off IN (0, 1)),
        from_image TEXT,
        guest_meta TEXT,
        guest_user TEXT,
        PRIMARY KEY (tenant, name),
        FOREIGN KEY (cluster, host) REFERENCES host
    ) WITHOUT ROWID""",
    "CREATE INDEX vm_load ON vm (cluster, host, power, built, cpu, memory_gib)",
    "CREATE INDEX vm_apart ON vm (cluster, tenant, anti_affinity, host) WHERE anti_affinity IS NOT NULL",
    """CREATE TABLE disk (
        tenant TEXT NOT NULL,
        vm TEXT NOT NULL,
        name TEXT NOT NULL,
        size_gb INTEGER NOT NULL CHECK (size_gb > 0),
        class TEXT NOT NULL,
        raid_group TEXT NOT NULL,
        is_foreign INTEGER NOT NULL DEFAULT 0 CHECK (is_foreign IN (0, 1)),
        erased INTEGER NOT NULL DEFAULT 0 CHECK (erased IN (0, 1)),
        lost INTEGER NOT NULL DEFAULT 0 CHECK (lost IN (0, 1)),
        PRIMARY KEY (tenant, vm, name),
        FOREIGN KEY (tenant, vm) REFERENCES vm,
        FOREIGN KEY (class, raid_group) REFERENCES raid_group
    ) WITHOUT ROWID""",
    "CREATE INDEX disk_place ON disk (class, raid_group, size_gb)",
    """CREATE TABLE image (
        tenant TEXT NOT NULL REFERENCES tenant,
        name TEXT NOT NULL,
        of_vm TEXT NOT NULL,
        os TEXT NOT NULL,
        cluster TEXT NOT NULL REFERENCES cluster,
        PRIMARY KEY (tenant, name)
    ) WITHOUT ROWID""",
    """CREATE TABLE image_disk (
        tenant TEXT NOT NULL,
        image TEXT NOT NULL,
        name TEXT NOT NULL,
        size_gb INTEGER NOT NULL CHECK (size_gb > 0),
        class TEXT NOT NULL,
        raid_group TEXT NOT NULL,
        erased INTEGER NOT NULL DEFAULT 0 CHECK (erased IN (0, 1)),
        PRIMARY KEY (tenant, image, name),
        FOREIGN KEY (tenant, image) REFERENCES image,
        FOREIGN KEY (class, raid_group) REFERENCES raid_group
    ) WITHOUT ROWID""",
    "CREATE INDEX image_disk_place ON image_disk (class, raid_group, size_gb)",
    """CREATE TABLE stranger (
        number INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        tenant TEXT,
        copy_of TEXT,
        cluster TEXT,
        host TEXT,
        cpu INTEGER NOT NULL DEFAULT 0 CHECK (cpu >= 0),
        memory_gib INTEGER NOT NULL DEFAULT 0 CHECK (memory_gib >= 0),
        power TEXT NOT NULL DEFAULT 'off' CHECK (power IN ('on', 'off')),
        class TEXT,
        raid_group TEXT,
        size_gb INTEGER NOT NULL DEFAULT 0 CHECK (size_gb >= 0)
    )""",
    "CREATE INDEX stranger_load ON stranger (cluster, host, power, cpu, memory_gib)",
    "CREATE INDEX stranger_place ON stranger (class, raid_group, size_gb)",
    "CREATE INDEX stranger_room ON stranger (tenant, name)",
    """CREATE TABLE firewall (
        tenant TEXT PRIMARY KEY REFERENCES tenant,
        network TEXT NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE line (
        tenant TEXT NOT NULL REFERENCES firewall,
        name TEXT NOT NULL,
        network TEXT NOT NULL,
        PRIMARY KEY (tenant, name)
    ) WITHOUT ROWID""",
    """CREATE TABLE allowance (
        tenant TEXT NOT NULL REFERENCES firewall,
        name TEXT NOT NULL,
        direction TEXT NOT NULL,
        peer TEXT,
        source TEXT NOT NULL,
        destination TEXT NOT NULL,
        ports TEXT NOT NULL,
        reason TEXT NOT NULL,
        PRIMARY KEY (tenant, name)
    ) WITHOUT ROWID""",
    """CREATE TABLE journal (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        identity TEXT NOT NULL,
        event TEXT NOT NULL,
        actor TEXT NOT NULL,
        detail TEXT NOT NULL
    )""",
    """CREATE TABLE fault (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        call TEXT NOT NULL,
        identity TEXT NOT NULL,
        kind TEXT NOT NULL,
        stage TEXT NOT NULL,
        latency_ms INTEGER NOT NULL CHECK (latency_ms >= 0),
        times INTEGER CHECK (times >= 0)
    )""",
)
