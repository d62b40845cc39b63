"""What the platform's own servers do for tenants.

Here: the closed set of functions. Not here: which server carries which (`platform`).
"""

from __future__ import annotations

from enum import StrEnum


class Function(StrEnum):
    NTP = "ntp"
    ANTIVIRUS = "antivirus"
    SMTP = "smtp"
    DNS = "dns"
    BACKUP = "backup"
    ZABBIX = "zabbix"
    PORTAL = "portal"
    AUTHENTICATION = "authentication"
    INTERFACE = "interface"
