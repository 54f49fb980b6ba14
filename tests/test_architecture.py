"""The shape of the project, held by tests. An exception stands here by name, with its reason."""

import ast
import re
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("intake", "triage", "register", "responder", "console", "klachtwijzer")
LONGEST_FILE = 300
LONGEST_FUNCTION = 50
FORBIDDEN = frozenset(
    {"util", "utils", "helper", "helpers", "common", "manager", "handler", "service", "base", "core", "misc"}
    | {"data", "info", "processor"}
)


NOT_OURS = {
    "tests/score.py": "The reference scorer, kept as it came so that our scores can be held against it.",
    "tests/render.py": "The renderer of the labelled mails, kept as it came.",
}
LATE_IMPORTS = {
    "klachtwijzer/__main__.py": "Training needs the development packages, which a site that only runs does not have.",
}
ENVIRONMENT = {
    "klachtwijzer/settings.py": "Names and checks every setting.",
    "klachtwijzer/terminal.py": "Hands the whole environment to the settings, which can then be tested with any other.",
}
NETWORK = {
    "intake/smtp.py": "The SMTP and LMTP doors.",
    "intake/clamd.py": "Asks the virus scanner of this site, when one is set.",
    "intake/smtp_session.py": "One connection of those doors.",
    "intake/reception.py": "What those doors answer.",
    "intake/imap.py": "The IMAP door, which goes and looks.",
    "intake/mailbox.py": "One connection of the IMAP door.",
    "intake/oauth.py": "Asks the token server with which a mailbox is opened.",
    "responder/post.py": "The one place where letters leave.",
    "responder/call.py": "The one place from which other programs are told something.",
    "klachtwijzer/provider.py": "Asks the provider by which people of the organisation log in.",
    "klachtwijzer/serve.py": "Runs the web server of the console and the public page.",
    "klachtwijzer/first.py": "Sends the sample mails through our own SMTP door on a first start.",
}
DATABASE = {
    "klachtwijzer/serve.py": "Names the type of the engine that it hands to the register.",
    "klachtwijzer/worker.py": "Runs the jobs that the register deferred; it sends no statement of its own.",
}
NETWORK_MODULES = frozenset(
    {"socket", "smtplib", "poplib", "imaplib", "ftplib", "socketserver", "http.client", "http.server", "urllib.request"}
    | {"aiosmtpd", "aiosmtplib", "imap_tools", "uvicorn", "httpx", "requests", "aiohttp", "websockets"}
)
NETWORK_CALLS = frozenset(
    {"create_server", "create_connection", "open_connection", "start_server", "create_datagram_endpoint"}
)
DATABASE_MODULES = frozenset({"sqlalchemy", "psycopg", "psycopg_pool", "procrastinate", "alembic", "sqlite3"})
STATEMENT = re.compile(
    r"\s*(select\s.+\sfrom\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|"
    r"(create|alter|drop)\s+(table|index|database|schema|type)\s|with\s+\w+\s+as\s*\()",
    re.IGNORECASE | re.DOTALL,
)


def files(*folders: str) -> Iterator[tuple[str, Path]]:
    """Our own Python files, with their path in the project."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if name not in NOT_OURS:
                yield name, path


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the end, without the docstring."""
    first = function.body[0]
    docstring = 0
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        docstring = (first.end_lineno or first.lineno) - first.lineno + 1
    return (function.end_lineno or function.lineno) - function.lineno + 1 - docstring


def functions(module: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def imported(node: ast.AST) -> list[str]:
    """The modules that an import statement names; `from a import b` also counts as `a.b`."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []


def words(name: str) -> set[str]:
    """`SmtpHandler` and `smtp_handler` are both smtp and handler."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


def uses(path: Path, modules: frozenset[str]) -> bool:
    names = {name for node in ast.walk(tree(path)) for name in imported(node)}
    return any(name in modules or name.split(".")[0] in modules for name in names)


def test_no_file_is_longer_than_three_hundred_lines() -> None:
    lengths = {name: path.read_text(encoding="utf-8").count("\n") for name, path in files(*PACKAGES, "tests", "bench")}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_function_is_longer_than_fifty_lines() -> None:
    long = [
        f"{name}:{function.lineno}: {function.name} has {length(function)} lines"
        for name, path in files(*PACKAGES, "tests", "bench")
        for function in functions(tree(path))
        if length(function) > LONGEST_FUNCTION
    ]
    assert long == []


def test_a_file_or_class_bears_a_noun_of_the_domain() -> None:
    wrong = []
    for name, path in files(*PACKAGES, "tests", "bench"):
        if FORBIDDEN & {word for part in Path(name).with_suffix("").parts for word in words(part)}:
            wrong.append(name)
        classes = (node for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef))
        wrong += [f"{name}:{node.lineno}: {node.name}" for node in classes if FORBIDDEN & words(node.name)]
    assert wrong == []


def test_nothing_is_imported_inside_a_function() -> None:
    late = {
        name
        for name, path in files(*PACKAGES, "tests", "bench")
        for function in functions(tree(path))
        if any(imported(node) for node in ast.walk(function))
    }
    assert late - LATE_IMPORTS.keys() == set()


def test_the_environment_is_read_in_the_settings_only() -> None:
    readers = {
        name
        for name, path in files(*PACKAGES)
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Attribute) and node.attr in {"environ", "environb", "getenv", "getenvb"})
        or {"os.environ", "os.getenv", "os.environb"} & set(imported(node))
    }
    assert readers - ENVIRONMENT.keys() == set()


def test_sockets_are_opened_in_the_doors_and_the_post_only() -> None:
    openers = {
        name
        for name, path in files(*PACKAGES)
        if uses(path, NETWORK_MODULES)
        or any(isinstance(node, ast.Attribute) and node.attr in NETWORK_CALLS for node in ast.walk(tree(path)))
    }
    assert openers - NETWORK.keys() == set()


def test_only_the_register_speaks_sql() -> None:
    others = tuple(package for package in PACKAGES if package != "register")
    speakers = {name for name, path in files(*others) if uses(path, DATABASE_MODULES)}
    assert speakers - DATABASE.keys() == set()
    statements = [
        f"{name}:{node.lineno}"
        for name, path in files(*others)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and STATEMENT.match(node.value)
    ]
    assert statements == []


@pytest.mark.parametrize(
    "exceptions", [NOT_OURS, LATE_IMPORTS, ENVIRONMENT, NETWORK, DATABASE], ids=lambda one: next(iter(one))
)
def test_an_exception_names_a_file_that_exists_and_says_why(exceptions: dict[str, str]) -> None:
    assert [name for name, reason in exceptions.items() if not (ROOT / name).is_file() or len(reason) < 20] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_no_installed_distribution_provides_our_package_names(package: str) -> None:
    assert set(packages_distributions().get(package, [])) <= {"klachtwijzer"}
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    assert Path(spec.origin).parent == ROOT / package


@pytest.mark.parametrize("package", PACKAGES)
def test_each_package_says_in_one_line_what_it_is_for(package: str) -> None:
    assert ast.get_docstring(tree(ROOT / package / "__init__.py"))


def test_rules_hold_no_code() -> None:
    assert [
        path.name for path in (ROOT / "rules").rglob("*") if path.is_file() and path.suffix not in {".yaml", ".md"}
    ] == []
