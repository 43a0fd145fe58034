"""What every template can use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

THEMES = ("light", "dark")
THEME_COOKIE = "relent_theme"


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """Return the chosen theme (empty: the system's), and whether this install is a playground."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "theme": theme if theme in THEMES else "",
        "in_playground": bool(settings.PLAYGROUND_DIR),
    }
