"""Compiles the translation catalogs, and the phrases of automatic mail, into what is built."""

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogBuildHook(BuildHookInterface[Any]):
    """Runs scripts/compile_catalogs.py and scripts/compile_phrases.py before anything is packed."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile what has changed."""
        for name in ("compile_catalogs.py", "compile_phrases.py"):
            script = Path(self.root) / "scripts" / name
            runpy.run_path(str(script))["compile_all"](Path(self.root))
