"""Compiles the translation catalogs into what is built."""

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogBuildHook(BuildHookInterface[Any]):
    """Runs scripts/compile_catalogs.py before anything is packed."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile every catalog that has changed."""
        script = Path(self.root) / "scripts" / "compile_catalogs.py"
        runpy.run_path(str(script))["compile_all"](Path(self.root))
