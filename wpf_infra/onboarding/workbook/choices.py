"""Closed sets as people choose them: the Japanese word of each value.

Here: words for the model's own sets. Not here: menus, which are the platform's (`look` takes them from it).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from unicodedata import normalize

from wpf_infra.model.availability import RestartPriority
from wpf_infra.model.certificate import Path
from wpf_infra.model.monitoring import Metric, Severity
from wpf_infra.model.software import Licence
from wpf_infra.model.tenancy import TenantKind
from wpf_infra.model.tenant import Option
from wpf_infra.model.user import Role

Choices = Mapping[str, str]
"""Value in the data to the word in the workbook, in the order of the drop-down."""

YES, NO = "○", "×"
KINDS: Choices = {TenantKind.UTILITY: "事業者", TenantKind.VENDOR: "ベンダー"}
OPTIONS: Choices = {
    Option.MONITORING: "監視",
    Option.SMTP: "メール送信",
    Option.SNAPSHOT: "スナップショット",
    Option.ANTIVIRUS: "ウイルス対策",
    Option.BACKUP: "バックアップ",
}
PRIORITIES: Choices = {
    RestartPriority.HIGHEST: "最高",
    RestartPriority.HIGH: "高",
    RestartPriority.MEDIUM: "中",
    RestartPriority.LOW: "低",
    RestartPriority.LOWEST: "最低",
}
LICENCES: Choices = {Licence.PLATFORM: "基盤", Licence.VENDOR: "ベンダー"}
MONITORED: Choices = {"vms": "サーバ", "gateways": "ゲートウェイ"}
MONITORS: Choices = {"ping": "ping監視", "process": "プロセス監視", "resource": "リソース監視", "log": "ログ監視"}
SEVERITIES: Choices = {Severity.WARNING: "警告", Severity.MINOR: "軽度の障害", Severity.MAJOR: "重度の障害"}
METRICS: Choices = {
    Metric.CPU_USED_PERCENT: "CPU使用率",
    Metric.MEMORY_USED_PERCENT: "メモリ使用率",
    Metric.DISK_USED_PERCENT: "ディスク使用率",
}
LINES: Choices = {"fixed": "固定", "mobile": "モバイル"}
PATHS: Choices = {
    Path.CLIENT_TO_PLATFORM: "クライアント端末→基盤機能",
    Path.APP_TO_PLATFORM: "広域アプリ→基盤機能",
    Path.GATEWAY_TO_PLATFORM: "IoTゲートウェイ→基盤機能",
    Path.CLIENT_TO_APP: "クライアント端末→広域アプリ",
    Path.APP_TO_GATEWAY: "広域アプリ⇄IoTゲートウェイ",
}
ROLES: Choices = {Role.ADMIN: "管理者", Role.GENERAL: "一般"}

_YES = frozenset(
    {"○", "◯", "〇", "◎", "o", "✓", "✔", "☑", "✅", "レ", "●", "はい", "有", "あり", "要", "true", "yes", "1"}
)
_NO = frozenset({"×", "✕", "✗", "x", "いいえ", "無", "なし", "不要", "false", "no", "0"})


def chosen(choices: Choices, text: str) -> str | None:
    """The value that a word, or the value itself, means; None for anything else."""
    wanted = folded(text)
    return next((str(value) for value, word in choices.items() if wanted in (folded(word), folded(value))), None)


def ticked(text: str) -> bool | None:
    """What a mark means: ○ or ×, yes or no in both languages; None for anything else."""
    word = folded(text)
    if word in _YES:
        return True
    return False if word in _NO else None


def folded(text: str) -> str:
    """A label or word as people may vary it: full or half width, case, spaces and the choice between
    a sign and its picture make no difference.
    """
    return re.sub(r"[\s\ufe0e\ufe0f]+", "", normalize("NFKC", text)).casefold()
