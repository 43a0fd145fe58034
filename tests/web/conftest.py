"""The cast, clients that are signed in, and the compiled translations."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from relent.records import models
from tests.cast import Cast, cast, world

__all__ = ["cast", "world"]

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session", autouse=True)
def _made_beforehand() -> None:
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)
    subprocess.run([sys.executable, str(ROOT / "scripts/compile_catalogs.py")], check=True, stdout=subprocess.DEVNULL)


@pytest.fixture(autouse=True)
def _default_language() -> None:
    translation.activate("en")


@pytest.fixture(autouse=True)
def _no_wrong_passwords_yet() -> None:
    cache.clear()


@pytest.fixture
def sign_in() -> Callable[[models.User], Client]:
    """Return a browser in which the user is signed in."""

    def signed_in(user: models.User, language: str = "en") -> Client:
        browser = Client(headers={"accept-language": language})
        browser.force_login(user)
        return browser

    return signed_in


@pytest.fixture
def dana(cast: Cast, sign_in: Callable[[models.User], Client]) -> Client:
    """Dana's browser."""
    return sign_in(cast.dana)


@pytest.fixture
def eli(cast: Cast, sign_in: Callable[[models.User], Client]) -> Client:
    """Eli's browser."""
    return sign_in(cast.eli)
