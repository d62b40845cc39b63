"""The literal catalogue of rules.

Here: which topics there are, in the order they are documented. Not here: the rules of a topic, which stand with how
they decide in its module: a new rule is a function there and an entry under it.
"""

from __future__ import annotations

from dataclasses import dataclass

from wpf_infra.language import Text
from wpf_infra.policy import (
    address,
    agreement,
    allowance,
    anchor,
    capacity,
    certificate,
    filter_rules,
    function,
    host_name,
    image,
    line,
    listening,
    mail,
    maintenance,
    menu,
    monitoring,
    needless,
    option,
    power,
    quota,
    reference,
    retirement,
    reverse,
    software,
    space,
    user,
)
from wpf_infra.policy.rule import Rule


@dataclass(frozen=True, slots=True)
class Topic:
    title: Text
    rules: tuple[Rule, ...]


TOPICS: tuple[Topic, ...] = (
    Topic(
        Text(en="Orders", ja="注文"),
        (
            *menu.RULES,
            *quota.RULES,
            *software.RULES,
            *option.RULES,
            *monitoring.RULES,
        ),
    ),
    Topic(
        Text(en="References", ja="参照"),
        (
            *reference.RULES,
            *image.RULES,
            *host_name.RULES,
        ),
    ),
    Topic(
        Text(en="Networks and addresses", ja="ネットワークとアドレス"),
        (
            *space.RULES,
            *address.RULES,
        ),
    ),
    Topic(
        Text(en="Conversations", ja="通信"),
        (
            *allowance.RULES,
            *needless.RULES,
            *listening.RULES,
            *reverse.RULES,
            *filter_rules.RULES,
        ),
    ),
    Topic(
        Text(en="Capacity and redundancy", ja="容量と冗長性"),
        (
            *capacity.RULES,
            *function.RULES,
        ),
    ),
    Topic(
        Text(en="Dates and agreements", ja="日付と合意"),
        (
            *power.RULES,
            *retirement.RULES,
            *line.RULES,
            *maintenance.RULES,
            *agreement.RULES,
        ),
    ),
    Topic(Text(en="People and mail", ja="利用者とメール"), (*user.RULES, *mail.RULES)),
    Topic(
        Text(en="Certificates", ja="証明書"),
        (
            *certificate.RULES,
            *anchor.RULES,
        ),
    ),
)

RULES: tuple[Rule, ...] = tuple(rule for topic in TOPICS for rule in topic.rules)
