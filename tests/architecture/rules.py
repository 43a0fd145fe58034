"""The rules of the house that no linter knows, read from the syntax tree. Each returns what it found, one line each."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

HISTORY = {
    "AuditEntry",
    "CompanyStop",
    "Decision",
    "Delivery",
    "Enrollment",
    "InboundItem",
    "Meeting",
    "Overrule",
    "ReviewItem",
    "Suppression",
    "Task",
    "TimelineEntry",
    "WorkflowRun",
}
# What a reverse relation to such a row is called, as in ``contact.enrollments.update(…)``.
REVERSE = {"decisions", "deliveries", "enrollments", "items", "tasks", "timeline"}
WRITES = {
    "abulk_create",
    "acreate",
    "adelete",
    "asave",
    "aupdate",
    "bulk_create",
    "bulk_update",
    "create",
    "delete",
    "get_or_create",
    "save",
    "update",
    "update_or_create",
}
LOOKUPS = {
    "contains",
    "date",
    "endswith",
    "exact",
    "gt",
    "gte",
    "icontains",
    "iexact",
    "in",
    "isnull",
    "lt",
    "lte",
    "range",
    "regex",
    "startswith",
}
CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "timezone.now", "clock.now"}
LONGEST_FILE = 400
LONGEST_FUNCTION = 60


def written_history(tree: ast.AST) -> Iterator[str]:
    """Find writes of history rows: on their model, on a name bound to such a row, or on a reverse relation."""
    rows = _names_of_rows(tree)
    for call in _calls(tree):
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in WRITES:
            continue
        chain = _chain(call.func.value)
        is_model = bool(chain & HISTORY) and "objects" in chain
        is_row = isinstance(call.func.value, ast.Name) and call.func.value.id in rows
        is_made = isinstance(call.func.value, ast.Call) and _called(call.func.value) in HISTORY
        if is_model or is_row or is_made or chain & REVERSE:
            yield f"{call.lineno}: only flows write history: {ast.unparse(call)[:90]}"


def joined_updates(tree: ast.AST) -> Iterator[str]:
    """Find ``.filter(relation__column=…).update(…)``: PostgreSQL then lets two such updates of one row both win."""
    for call in _calls(tree):
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in {"update", "aupdate"}:
            continue
        for inner in _calls(call.func.value):
            if not isinstance(inner.func, ast.Attribute) or inner.func.attr not in {"filter", "exclude", "get"}:
                continue
            for keyword in _conditions(inner):
                _, *rest = keyword.split("__")
                if any(part not in LOOKUPS for part in rest):
                    yield f"{call.lineno}: a conditional UPDATE across a relation: {keyword}"


def read_clocks(tree: ast.AST) -> Iterator[str]:
    """Find readings of the clock."""
    for call in _calls(tree):
        name = ".".join(ast.unparse(call.func).split(".")[-2:])
        if name in CLOCKS:
            yield f"{call.lineno}: only doors read the clock: {name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and f"{node.module}" in {"relent.clock", "time"}:
            yield f"{node.lineno}: only doors read the clock: from {node.module} import …"


def oversized(source: str) -> Iterator[str]:
    """Find files and functions past the size at which nobody reads them."""
    lines = source.count("\n") + 1
    if lines > LONGEST_FILE:
        yield f"1: {lines} lines"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{node.lineno}: {node.name} has {length} lines"


def files(*, below: tuple[str, ...] = ("relent",), leave_out: tuple[str, ...] = ()) -> list[Path]:
    """Return the project's own modules under the folders ``below``; migrations are written by Django."""
    found = [path for folder in below for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts]
    return sorted(path for path in found if not str(path.relative_to(ROOT)).startswith(leave_out))


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _chain(node: ast.expr) -> set[str]:
    """Return the names along ``a.b(…).c``: here a, b and c, and nothing of what is passed in."""
    names = set()
    while True:
        if isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Attribute):
            names.add(node.attr)
            node = node.value
        elif isinstance(node, ast.Name):
            return names | {node.id}
        else:
            return names


def _names_of_rows(tree: ast.AST) -> set[str]:
    """Return the names that are annotated as, assigned from or looped over a history model."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
            if _models_in(node.annotation) & HISTORY:
                names.add(node.arg if isinstance(node, ast.arg) else ast.unparse(node.target))
        elif isinstance(node, ast.Assign) and _chain(node.value) & HISTORY:
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.For | ast.comprehension) and _chain(node.iter) & HISTORY:
            names.add(ast.unparse(node.target))
    return names


def _models_in(annotation: ast.expr) -> set[str]:
    """Return the last part of every name in an annotation, also in a quoted one."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        annotation = ast.parse(annotation.value, mode="eval").body
    return {n.attr if isinstance(n, ast.Attribute) else getattr(n, "id", "") for n in ast.walk(annotation)}


def _conditions(call: ast.Call) -> list[str]:
    """Return the keywords of a filter, also those inside ``Q(…)``."""
    inner = [q for argument in call.args for q in _calls(argument) if _called(q) == "Q"]
    return [keyword.arg for each in (call, *inner) for keyword in each.keywords if keyword.arg]
