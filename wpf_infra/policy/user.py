"""Users of the portal: a person each (FAQ 11).

Here: rules about declared users. Not here: IDs, which the registry issues; mail addresses (`mail`).
"""

from __future__ import annotations

from collections.abc import Iterator

from wpf_infra.language import Text
from wpf_infra.model.finding import Severity
from wpf_infra.policy.context import Context
from wpf_infra.policy.rule import Objection, Rule


def same_person(context: Context) -> Iterator[Objection]:
    """The same name is nobody's fault; with the same mail address too it is the same person, with two IDs."""
    for owner, tenant in context.tenants.items():
        seen: dict[tuple[str, str], str] = {}
        for key, user in sorted(tenant.users.items()):
            first = seen.setdefault((user.name.kanji, user.email.casefold()), key)
            if first != key:
                yield Objection(
                    f"{owner}.users.{key}",
                    Text(
                        en=f"`{key}` has the name and the mail address of `{first}`: one person would get two IDs",
                        ja=f"`{key}` は `{first}` と氏名・メールアドレスが同じです。1人に2つのIDが払い出されます",
                    ),
                    Text(
                        en="leave one of the two out; people of the same name have addresses of their own",
                        ja="どちらかを消してください。同姓同名の別人なら各自のアドレスにしてください",
                    ),
                )


RULES = (
    Rule(
        "user-once",
        11,
        Severity.WARNING,
        Text(en="a person is declared as one user", ja="1人の利用者は1回だけ登録する"),
        same_person,
    ),
)
