"""Which tools there are: how a command calls them, and what configures them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from mlaudit.resources.repository import FactKind

TOOLS: Mapping[FactKind, tuple[str, ...]] = {
    FactKind.STYLE: (
        "ruff", "flake8", "pylint", "black", "isort", "mypy", "pyright", "basedpyright", "pytype",
        "pycodestyle", "yapf", "eslint", "prettier", "biome", "tsc", "sqlfluff", "shellcheck",
        "golangci-lint", "rubocop", "checkstyle", "spotless", "clippy", "lintr", "super-linter",
    ),
    FactKind.SECURITY: (
        "bandit", "semgrep", "gitleaks", "trivy", "codeql", "snyk", "detect-secrets", "trufflehog",
        "safety", "pip-audit", "grype", "sonar-scanner", "sonarqube", "sonarcloud", "osv-scanner",
        "dependency-review", "git-secrets", "gosec", "brakeman", "sast", "secret-detection",
    ),
    FactKind.INFRASTRUCTURE_CHECK: (
        "cfn-lint", "cfn-nag", "cfn_nag", "cfn_nag_scan", "cfn-guard", "checkov", "tfsec", "tflint",
        "cdk-nag", "kics", "terrascan", "conftest", "kube-linter", "hadolint", "trivy config",
        "terraform validate", "terraform_validate",
    ),
    FactKind.DATA_TESTS: (
        "great_expectations", "great-expectations", "soda scan", "soda contract verify",
        "datacontract test", "datacontract-cli", "dbt test", "dbt build",
    ),
    FactKind.COVERAGE: ("--cov", "coverage", "codecov", "coveralls", "nyc"),
}  # fmt: skip

TEST_RUNNERS = (
    "pytest", "unittest", "nose2", "behave", "jest", "vitest", "mocha", "playwright test",
    "go test", "cargo test", "gradle test", "gradlew test", "mvn test", "mvn verify", "dbt test",
    "bats",
)  # fmt: skip
LOAD_RUNNERS = ("locust", "k6", "jmeter", "artillery", "gatling")

CONFIGURATIONS: Mapping[str, tuple[FactKind, str]] = {
    r"\.?ruff\.toml": (FactKind.STYLE, "ruff"),
    r"\.flake8": (FactKind.STYLE, "flake8"),
    r"\.?pylintrc": (FactKind.STYLE, "pylint"),
    r"\.?mypy\.ini": (FactKind.STYLE, "mypy"),
    r"pyrightconfig\.json": (FactKind.STYLE, "pyright"),
    r"\.eslintrc.*|eslint\.config\..*": (FactKind.STYLE, "eslint"),
    r"\.prettierrc.*": (FactKind.STYLE, "prettier"),
    r"biome\.jsonc?": (FactKind.STYLE, "biome"),
    r"\.sqlfluff": (FactKind.STYLE, "sqlfluff"),
    r"\.golangci\..*": (FactKind.STYLE, "golangci-lint"),
    r"\.?bandit(\.ya?ml)?": (FactKind.SECURITY, "bandit"),
    r"\.semgrep(\.ya?ml|ignore)": (FactKind.SECURITY, "semgrep"),
    r"\.?gitleaks\.toml": (FactKind.SECURITY, "gitleaks"),
    r"trivy\.yaml|\.trivyignore": (FactKind.SECURITY, "trivy"),
    r"\.snyk": (FactKind.SECURITY, "snyk"),
    r"\.secrets\.baseline": (FactKind.SECURITY, "detect-secrets"),
    r"sonar-project\.properties": (FactKind.SECURITY, "sonarqube"),
    r"\.checkov\.ya?ml": (FactKind.INFRASTRUCTURE_CHECK, "checkov"),
    r"\.tflint\.hcl": (FactKind.INFRASTRUCTURE_CHECK, "tflint"),
    r"\.cfnlintrc(\..*)?": (FactKind.INFRASTRUCTURE_CHECK, "cfn-lint"),
    r"\.hadolint\.ya?ml": (FactKind.INFRASTRUCTURE_CHECK, "hadolint"),
    r"great_expectations\.ya?ml": (FactKind.DATA_TESTS, "great_expectations"),
    r"datacontract\.ya?ml": (FactKind.DATA_TESTS, "datacontract"),
    r"\.coveragerc": (FactKind.COVERAGE, "coverage"),
}
"""What configures a tool, by the whole name of its file."""

_SECTION = re.compile(r"\[+(?:tool[.:])?([\w-]+)(?:[.:][\w.:*-]*)?\]+")
_SECTION_FILES = frozenset({"pyproject.toml", "setup.cfg", "tox.ini"})
_BY_NAME = {
    name: kind for kind, names in TOOLS.items() for name in names if not name.startswith("-")
}
_NOT_A_CALL = re.compile(
    r"(?:^|\s)(?:install|add|apt-get|apk|brew|choco)\s|\.(?:conda_)?install\(|^\s*(?:@|-)?\s*(?:echo|printf|#|//|which)\b"
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LONGEST = 2_000


def calls(text: str, name: str) -> bool:
    """Whether a command calls a tool: by its whole name, a path before it or none."""
    if name not in text:
        return False
    return bool(re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])", text[:_LONGEST]))


def commands_of(text: str) -> list[str]:
    """The single commands of a line, without those that only install or print."""
    parts = re.split(r"&&|\|\||[;|]", text[:_LONGEST])
    return [each.strip() for each in parts if each.strip() and not _NOT_A_CALL.search(each)]


def tools_in(text: str, *, loosely: bool = False) -> Iterator[tuple[FactKind, str]]:
    """The tools that a command calls.

    Args:
        text: A command, or what names an action, a template or a hook.
        loosely: A name inside a longer one counts, as in ``astral-sh/ruff-action``
            and ``SnykSecurityScan@1``.
    """
    text = text[:_LONGEST]
    apart = f" {_CAMEL.sub('-', text)}" if loosely else ""
    lowered = f"{text}{apart}".lower()
    for kind, names in TOOLS.items():
        for name in names:
            if name in lowered and _names(lowered, name, loosely=loosely):
                yield kind, name


def _names(text: str, name: str, *, loosely: bool) -> bool:
    if name.startswith("-"):
        return name in text
    if loosely:
        return bool(re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", text))
    return calls(text, name)


def configured_by(path: str) -> tuple[FactKind, str] | None:
    """The tool that a file is there to configure."""
    name = path.rpartition("/")[2]
    found = (what for pattern, what in CONFIGURATIONS.items() if re.fullmatch(pattern, name))
    return next(found, None)


def sections_of(path: str, text: str) -> Iterator[tuple[int, FactKind, str]]:
    """The tools that sections of a shared configuration file configure, with their lines."""
    if path.rpartition("/")[2] not in _SECTION_FILES:
        return
    for number, line in enumerate(text.splitlines(), 1):
        header = _SECTION.fullmatch(line.strip()[:_LONGEST])
        if header and header[1] in _BY_NAME:
            yield number, _BY_NAME[header[1]], header[1]
