"""Mail domains that anybody gets an address at: they are never whitelisted (FAQ 6).

Here: the list, and whether a domain is on it. Not here: the whitelist and its rules (`mail`). Decision 0052.
"""

from __future__ import annotations

import re

_MOBILE_CARRIERS = (
    "docomo.ne.jp",
    "dwmail.jp",
    "softbank.ne.jp",
    "softbank.jp",
    "vodafone.ne.jp",
    "disney.ne.jp",
    "disneymobile.ne.jp",
    "ezweb.ne.jp",
    "au.com",
    "auone.jp",
    "auone-net.jp",
    "dion.ne.jp",
    "uqmobile.jp",
    "ymobile.ne.jp",
    "ymobile1.ne.jp",
    "y-mobile.ne.jp",
    "emnet.ne.jp",
    "emobile.ne.jp",
    "emobile-s.ne.jp",
    "willcom.com",
    "pdx.ne.jp",
    "wcm.ne.jp",
    "rakumail.jp",
    "mineo.jp",
)
_INTERNET_PROVIDERS = (
    "asahi-net.or.jp",
    "bbexcite.jp",
    "biglobe.ne.jp",
    "biglobe.jp",
    "cc9.ne.jp",
    "commufa.jp",
    "dti.ne.jp",
    "eonet.ne.jp",
    "excite.co.jp",
    "goo.jp",
    "goo.ne.jp",
    "hi-ho.ne.jp",
    "home.ne.jp",
    "infoseek.jp",
    "infoweb.ne.jp",
    "interlink.or.jp",
    "livedoor.com",
    "nifty.com",
    "nifty.ne.jp",
    "nifty.jp",
    "ocn.ne.jp",
    "odn.ne.jp",
    "odn.jp",
    "plala.or.jp",
    "sannet.ne.jp",
    "so-net.ne.jp",
    "so-net.jp",
    "synapse.ne.jp",
    "t-com.ne.jp",
    "tiki.ne.jp",
    "wakwak.com",
    "zaq.ne.jp",
    "zaq.jp",
)
_FREE_MAIL = (
    "126.com",
    "163.com",
    "aim.com",
    "daum.net",
    "duck.com",
    "fastmail.com",
    "fastmail.fm",
    "gmail.com",
    "googlemail.com",
    "hanmail.net",
    "hey.com",
    "hushmail.com",
    "icloud.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "mailinator.com",
    "me.com",
    "msn.com",
    "naver.com",
    "pm.me",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "rocketmail.com",
    "tuta.com",
    "tuta.io",
    "tutamail.com",
    "tutanota.com",
    "yahoo.ne.jp",
    "yeah.net",
    "ymail.com",
)
_PUBLIC = frozenset((*_MOBILE_CARRIERS, *_INTERNET_PROVIDERS, *_FREE_MAIL))
_IN_EVERY_COUNTRY = re.compile(
    r"(?:.+\.)?(?:aol|gmail|gmx|googlemail|hotmail|live|outlook|yahoo|yandex|zoho)"
    r"\.(?:com|net|org|[a-z]{2}|(?:co|com|ne|or)\.[a-z]{2})"
)
"""Those that have a domain in many countries."""


def is_public(domain: str) -> bool:
    """domain: in its ASCII form; those under a public one are public, too."""
    labels = domain.split(".")
    return any(".".join(labels[index:]) in _PUBLIC for index in range(len(labels))) or bool(
        _IN_EVERY_COUNTRY.fullmatch(domain)
    )
