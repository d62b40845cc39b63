"""The sheet of the portal's users.

Here: its description. Not here: IDs and passwords, which no form holds (FAQ 8, 10).
"""

from __future__ import annotations

from wpf_infra.language import Text
from wpf_infra.onboarding.workbook.choices import ROLES
from wpf_infra.onboarding.workbook.column import Column, Kind, Needed, Sheet, name_of

USERS = Sheet(
    title="利用者",
    hint=Text(
        en="A user of the portal a row. The system issues the user's ID.",
        ja="ポータルの利用者を1行に1人ずつ書きます。利用者IDはシステムが払い出します。",
    ),
    path="users.{name}",
    columns=(
        name_of(
            "entry",
            "登録名",
            Text(
                en="Tells this form's users apart, such as sato; it is not the login.",
                ja="この様式の中で人を区別する名前（例: sato）。ログインIDではありません。",
            ),
        ),
        Column(
            label=Text(en="name", ja="氏名"),
            path="name.kanji",
            kind=Kind.TEXT,
            needed=Needed.YES,
            note=Text(en="Such as 佐藤 花子.", ja="例: 佐藤 花子"),
        ),
        Column(
            label=Text(en="reading", ja="フリガナ"),
            path="name.kana",
            kind=Kind.READING,
            needed=Needed.YES,
            note=Text(en="In full-width katakana.", ja="全角カタカナ（例: サトウ ハナコ）。"),
        ),
        Column(
            label=Text(en="romaji", ja="ローマ字"),
            path="name.romaji",
            kind=Kind.CODE,
            needed=Needed.YES,
            note=Text(en="Such as SATO HANAKO.", ja="例: SATO HANAKO"),
        ),
        Column(
            label=Text(en="mail address", ja="メールアドレス"),
            path="email",
            kind=Kind.CODE,
            needed=Needed.YES,
            width=32,
            note=Text(
                en="Its domain has to be on the platform's whitelist; public mail is not.",
                ja="登録済みドメインのアドレス。フリーメールや携帯メールは使えません。",
            ),
        ),
        Column(
            label=Text(en="phone", ja="電話番号"),
            path="phone",
            kind=Kind.PHONE,
            needed=Needed.YES,
            width=18,
            note=Text(en="Such as 03-0000-0000.", ja="例: 03-0000-0000"),
        ),
        Column(
            label=Text(en="role", ja="権限"),
            path="role",
            kind=Kind.CHOICE,
            choices=ROLES,
            needed=Needed.YES,
            width=12,
            note=Text(en="管理者 (admin) or 一般 (general).", ja="管理者か一般か。"),
        ),
        Column(
            label=Text(en="one-time passwords", ja="ワンタイムパスワード"),
            path="otp",
            kind=Kind.FLAG,
            width=20,
            note=Text(en="○ to ask for one at the login.", ja="ログイン時に使う場合に○。"),
        ),
    ),
)
