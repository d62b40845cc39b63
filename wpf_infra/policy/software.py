"""Software: by whose licence it is there (FAQ 19, 23).

Here: rules about `software` of tenants' servers. Not here: the menu itself (`model.menu`), what a name says
(`software_name`), and the platform's own servers, which carry what it offers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wpf_infra.language import Text
from wpf_infra.model.finding import Severity
from wpf_infra.model.menu import Brought, OwnKind, Product
from wpf_infra.model.software import Licence, SoftwareTerms
from wpf_infra.policy.context import Context
from wpf_infra.policy.rule import Objection, Rule, suggestion
from wpf_infra.policy.software_name import Reading, SoftwareNames

_KINDS = {
    OwnKind.ANTIVIRUS: Text(en="antivirus", ja="ウイルス対策"),
    OwnKind.BACKUP: Text(en="backup", ja="バックアップ"),
}


@dataclass(frozen=True, slots=True)
class _Carried:
    """Software on a tenant's server. on_menu: by its very name; reading: what its name tells."""

    path: str
    name: str
    terms: SoftwareTerms
    on_menu: bool
    reading: Reading

    @property
    def product(self) -> Product | None:
        """Whose terms hold for it, where that is certain, or said by recording what they ask for."""
        said = self.terms.software_assurance and self.reading.product is not None
        return self.reading.product if said or not self.reading.unclear else None

    @property
    def own_kind(self) -> OwnKind | None:
        """What the platform provides itself instead, where that is certain."""
        return None if self.reading.unclear else self.reading.own_kind

    @property
    def brought(self) -> Brought | None:
        """On which terms a vendor brings what it does bring."""
        if self.terms.licence is not Licence.VENDOR or self.own_kind is not None or self.product is None:
            return None
        return self.product.brought


def platforms_own(context: Context) -> Iterator[Objection]:
    for each in _carried(context):
        if each.own_kind is not None:
            what, key = _KINDS[each.own_kind], each.own_kind.value
            yield Objection(
                each.path,
                Text(
                    en=f"`{each.name}` is {what.en} software, for which the platform's own is used",
                    ja=f"`{each.name}` は{what.ja}ソフトウェアです。{what.ja}は基盤のものを使います",
                ),
                Text(
                    en=f"leave it out; the option `{key}` and `{key}: true` on the server give the platform's",
                    ja=f"消してください。基盤のものはオプション `{key}` とサーバの `{key}: true` で使えます",
                ),
            )


def platforms_antivirus(context: Context) -> Iterator[Objection]:
    for each in _carried(context):
        if each.own_kind is OwnKind.ANTIVIRUS:
            yield Objection(
                each.path,
                Text(
                    en=f"`{each.name}` would get no definitions: the platform distributes those of its own antivirus",
                    ja=f"`{each.name}` の定義ファイルは配信されません。配信されるのは基盤のウイルス対策の分だけです",
                ),
                Text(
                    en="use the platform's antivirus: `antivirus: true` on the server",
                    ja="基盤のウイルス対策（サーバの `antivirus: true`）を使ってください",
                ),
            )


def on_menu(context: Context) -> Iterator[Objection]:
    menu = sorted(context.platform.menu.software)
    offered = ", ".join(menu) or "-"
    for each in _carried(context):
        if each.terms.licence is Licence.PLATFORM and not each.on_menu and each.own_kind is None:
            yield Objection(
                each.path,
                Text(
                    en=f"the platform offers no `{each.name}` ({offered})",
                    ja=f"`{each.name}` は基盤のメニューにありません（{offered}）",
                ),
                suggestion(
                    each.name,
                    menu,
                    Text(
                        en="order what is on the menu; what the vendor brings is `licence: vendor`",
                        ja="メニューから選んでください。ベンダーが持ち込むものは `licence: vendor` とします",
                    ),
                ),
            )


def never_brought(context: Context) -> Iterator[Objection]:
    for each in _carried(context):
        if each.brought is Brought.NEVER:
            offered = _offered(context, each)
            yield Objection(
                each.path,
                Text(
                    en=f"`{each.name}` is there with the platform's licence or not at all; a vendor does not bring it",
                    ja=f"`{each.name}` を使えるのは基盤のライセンスだけで、持ち込みはできません",
                ),
                Text(
                    en=f"order {offered} with `licence: platform`",
                    ja=f"{offered} を `licence: platform` で申し込んでください",
                ),
            )


def assured(context: Context) -> Iterator[Objection]:
    for each in _carried(context):
        if each.brought is Brought.SOFTWARE_ASSURANCE and not each.terms.software_assurance:
            offered = _offered(context, each)
            yield Objection(
                each.path,
                Text(
                    en=f"`{each.name}` is brought with Software Assurance or not at all",
                    ja=f"`{each.name}` を持ち込めるのは、ソフトウェアアシュアランス付きの場合だけです",
                ),
                Text(
                    en=f"record `software_assurance: true` if it has it, or order {offered} with `licence: platform`",
                    ja=f"付いていれば `software_assurance: true` と記録し、なければ {offered} を "
                    "`licence: platform` で申し込んでください",
                ),
            )


def assurance_means_something(context: Context) -> Iterator[Objection]:
    for each in _carried(context):
        if each.terms.software_assurance and each.own_kind is None and each.brought is None:
            yield Objection(
                f"{each.path}.software_assurance",
                Text(
                    en="Software Assurance counts only for what a vendor brings on such terms",
                    ja="ソフトウェアアシュアランスは、その条件でベンダーが持ち込むものにだけ意味があります",
                ),
                Text(en="leave `software_assurance` out", ja="`software_assurance` を消してください"),
            )


def confirmed(context: Context) -> Iterator[Objection]:
    for each in _carried(context):
        off_menu = not each.on_menu and each.own_kind is None and each.brought is not Brought.NEVER
        if off_menu and each.terms.licence is Licence.VENDOR and each.terms.confirmed is None:
            yield Objection(
                each.path,
                Text(
                    en=f"nobody has confirmed that the vendor's licence of `{each.name}` allows a public cloud",
                    ja=f"`{each.name}` のライセンスがパブリッククラウドでの利用を許すことが未確認です",
                ),
                Text(
                    en="have the vendor confirm it, and record the day: `confirmed: YYYY-MM-DD`",
                    ja="ベンダーに確認し、確認日を `confirmed: YYYY-MM-DD` に記録してください",
                ),
            )


def name_clear(context: Context) -> Iterator[Objection]:
    for each in _carried(context):
        settled = each.product is not None or each.terms.licence is Licence.PLATFORM
        if not each.reading.unclear or settled:
            continue
        kind = each.reading.own_kind
        if kind is None:
            what = Text(en=f"an edition of {_offered(context, each)}", ja=f"{_offered(context, each)} の一種")
            remedy = Text(
                en=f"if it is, hold to the terms of {_offered(context, each)}",
                ja=f"該当するなら {_offered(context, each)} の条件に従ってください",
            )
        else:
            what = Text(en=f"{_KINDS[kind].en} software", ja=f"{_KINDS[kind].ja}ソフトウェア")
            remedy = Text(en="if it is, use the platform's", ja="該当するなら基盤のものを使ってください")
        yield Objection(
            each.path,
            Text(
                en=f"is `{each.name}` {what.en}? its name does not tell",
                ja=f"`{each.name}` が{what.ja}かどうか、名前からは分かりません",
            ),
            Text(
                en=f"{remedy.en}; if it is not, call it otherwise, or have the platform put the word that says so "
                "among the menu's `companions`",
                ja=f"{remedy.ja}。違うなら別の名前にするか、違いを示す語を基盤のメニューの `companions` に加えて"
                "もらってください",
            ),
        )


def _carried(context: Context) -> Iterator[_Carried]:
    menu = context.platform.menu
    names = SoftwareNames(menu)
    for owner, tenant in context.tenants.items():
        for server, vm in tenant.vms.items():
            for name, terms in vm.software.items():
                path = f"{owner}.vms.{server}.software.{name}"
                yield _Carried(path, name, terms, name in menu.software, names.read(name))


def _offered(context: Context, wanted: _Carried) -> str:
    """What of the menu stands for it: itself, or what is called the same."""
    menu = context.platform.menu.software
    product = wanted.reading.product
    if wanted.on_menu or product is None:
        return f"`{wanted.name}`"
    known_as = product.known_as
    return ", ".join(f"`{name}`" for name, each in sorted(menu.items()) if each == product or each.known_as & known_as)


RULES = (
    Rule(
        "software-own",
        23,
        Severity.ERROR,
        Text(
            en="backup and antivirus software is the platform's own",
            ja="バックアップとウイルス対策は基盤のソフトウェアを使う",
        ),
        platforms_own,
    ),
    Rule(
        "software-antivirus",
        19,
        Severity.ERROR,
        Text(en="no antivirus but the platform's is on a server", ja="サーバに基盤以外のウイルス対策を入れない"),
        platforms_antivirus,
    ),
    Rule(
        "software-menu",
        23,
        Severity.ERROR,
        Text(en="what the platform licenses is on its menu", ja="基盤のライセンスで使うものはメニューから選ぶ"),
        on_menu,
    ),
    Rule(
        "software-never-brought",
        23,
        Severity.ERROR,
        Text(en="what only the platform provides is not brought", ja="基盤だけが提供するソフトウェアは持ち込まない"),
        never_brought,
    ),
    Rule(
        "software-assurance",
        23,
        Severity.ERROR,
        Text(
            en="SQL Server is brought with Software Assurance",
            ja="SQL Serverの持込みにはソフトウェアアシュアランスが要る",
        ),
        assured,
    ),
    Rule(
        "software-assurance-void",
        23,
        Severity.WARNING,
        Text(
            en="Software Assurance is recorded where it counts",
            ja="ソフトウェアアシュアランスは意味のあるところに書く",
        ),
        assurance_means_something,
    ),
    Rule(
        "software-confirmed",
        23,
        Severity.ERROR,
        Text(
            en="the vendor has confirmed that its licence allows a public cloud",
            ja="持ち込むライセンスがパブリッククラウドで使えることを確認済みである",
        ),
        confirmed,
    ),
    Rule(
        "software-unclear",
        23,
        Severity.WARNING,
        Text(
            en="a name tells whether software is what the platform provides",
            ja="基盤が提供するソフトウェアかどうかが名前から分かる",
        ),
        name_clear,
    ),
)
