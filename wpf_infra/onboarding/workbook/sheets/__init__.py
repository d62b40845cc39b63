"""The form's sheets: the one description that the empty workbook is written from and a filled one is read by.

    tenant        one value a row
    server, network, user, hearing, certificate    tables, one thing a row

Not here: what a column is (`column`), the words of closed sets (`choices`), what cells look like (`look`).
"""

from wpf_infra.onboarding.workbook.sheets.certificate import CERTIFICATES, TRUST
from wpf_infra.onboarding.workbook.sheets.hearing import MONITORING
from wpf_infra.onboarding.workbook.sheets.network import ALLOWANCES, ENDPOINTS, GATEWAYS, LINES_SHEET
from wpf_infra.onboarding.workbook.sheets.server import DISKS, IMAGES, SERVERS, SOFTWARE
from wpf_infra.onboarding.workbook.sheets.tenant import TENANT
from wpf_infra.onboarding.workbook.sheets.user import USERS

SHEETS = (
    SERVERS,
    DISKS,
    SOFTWARE,
    LINES_SHEET,
    GATEWAYS,
    ENDPOINTS,
    ALLOWANCES,
    USERS,
    MONITORING,
    CERTIFICATES,
    TRUST,
    IMAGES,
)
"""Every table. What belongs to another row stands after it: a disk after its server."""

__all__ = ["GATEWAYS", "IMAGES", "LINES_SHEET", "SERVERS", "SHEETS", "TENANT"]
