"""Documents made from templates, in both languages."""

from __future__ import annotations

import pytest
from jinja2 import UndefinedError

from wpf_infra.language import Language
from wpf_infra.template import render_document

REQUEST = {"vendor": "apps", "server": "collector", "changes": ["cpu 2 → 4"], "consent_days": 7}


@pytest.mark.parametrize(
    ("language", "platform_starts", "words"),
    [
        (Language.ENGLISH, True, "We start it after the change."),
        (Language.ENGLISH, False, "You start it after the change."),
        (Language.JAPANESE, True, "変更後の起動は弊社が行います。"),
        (Language.JAPANESE, False, "変更後の起動は貴社にてお願いいたします。"),
    ],
)
def test_a_request_says_who_starts_the_server(language: Language, platform_starts: bool, words: str) -> None:
    """FAQ-15, FAQ-16"""
    letter = render_document("stop-request.txt", language, **REQUEST, platform_starts=platform_starts)
    assert words in letter
    assert "cpu 2 → 4" in letter and "collector" in letter and "apps" in letter
    assert "{{" not in letter and not letter.endswith("\n")


@pytest.mark.parametrize("language", Language)
def test_a_value_that_nobody_gave_is_an_error(language: Language) -> None:
    with pytest.raises(UndefinedError, match="platform_starts"):
        render_document("stop-request.txt", language, **REQUEST)
