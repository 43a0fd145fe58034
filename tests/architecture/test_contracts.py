"""The import contracts hold (`make check` shows that); here each is shown to break on an import that it forbids."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.rules import ROOT

PLANTED = {
    "terms/planted.py": ("from relent.flows import turn", "Every import goes down, floor by floor"),
    "decide/planted.py": ("import random", "The pure rooms know no framework"),
    "flows/planted.py": ("import smtplib", "Only transports and the playground touch the network"),
    "web/planted.py": ("from relent.decide import sending", "A door calls flows to act and records to show"),
    "workers/planted.py": ("from relent.flows import ledger", "Only flows write enrollment states and the ledger"),
    "transports/planted.py": ("import sqlite3", "Transports speak to servers, not to the database"),
    "records/models/planted.py": ("from relent.decide import facts", "Rows become facts in one place"),
    "mail/planted/__init__.py": ("from relent.mail import planted_back", "No circles, at any depth"),
    "mail/planted_back.py": ("from relent.mail.planted import inner", "No circles, at any depth"),
    "mail/planted/inner.py": ("", "No circles, at any depth"),
    "utils/__init__.py": ("", "Every import goes down, floor by floor"),
}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    tree = tmp_path_factory.mktemp("planted")
    shutil.copy(ROOT / "pyproject.toml", tree)
    shutil.copytree(ROOT / "relent", tree / "relent", ignore=shutil.ignore_patterns("__pycache__", "static", "locale"))
    for name, (line, _) in PLANTED.items():
        path = tree / "relent" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(line)
    command = [Path(sys.executable).parent / "lint-imports", "--no-logo", "--no-cache"]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize("contract", sorted({contract for _, contract in PLANTED.values()}))
def test_a_contract_breaks_on_an_import_that_it_forbids(report: str, contract: str) -> None:
    assert re.search(f"{re.escape(contract)}.*BROKEN", report)
