"""Five small repositories, each with another way of working."""

WORKFLOW = """\
name: ci
on:
  push:
  pull_request:
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: pip install ruff bandit pytest checkov
      - run: |
          ruff check .
          bandit -r src
          checkov -d infra
      - run: pytest
"""

GITHUB = {
    ".github/workflows/ci.yml": WORKFLOW,
    "infra/main.tf": "",
    "tests/unit/test_features.py": "def test_mean(): ...\n",
    "tests/integration/test_pipeline.py": "def test_runs(): ...\n",
    "tests/test_smoke.py": "def test_starts(): ...\n",
    "tests/test_model.py": "def test_predict_with_edge_case(): ...\n",
}

MAKE = {
    ".github/workflows/ci.yml": "on: [push]\njobs: {a: {steps: [{run: ./ci/run}]}}\n",
    "ci/run": "#!/bin/sh\nset -e\nexec make check\n",
    "Makefile": (
        "help:\n\t@echo pylint\n"
        "check: lint test\n"
        "lint:\n\t$(BIN)/mypy src\n"
        'test:\n\tpython -m pytest \\\n\t  -m "not integration"\n'
        "scan:\n\tbandit -r src\n"
    ),
    "pyproject.toml": "[tool.mypy]\nstrict = true\n",
    "tests/test_it.py": "import pytest\n@pytest.mark.integration\ndef test_all(): ...\n",
}

GITLAB = {
    ".gitlab-ci.yml": (
        "include:\n  - template: Jobs/SAST.gitlab-ci.yml\n"
        "test:\n  script:\n    - tox -e unit\n"
        "nightly:\n  rules:\n    - if: $CI_PIPELINE_SOURCE == 'schedule'\n"
        "  script: [pytest tests/smoke]\n"
    ),
    "tox.ini": (
        "[testenv:unit]\ncommands =\n  flake8 src\n  pytest tests/unit\n"
        "[testenv:all]\ncommands = pytest\n[pytest]\naddopts = -q\n"
    ),
    "tests/unit/test_a.py": "",
    "tests/smoke/test_b.py": "",
}

HOOKS = {
    ".pre-commit-config.yaml": (
        "repos:\n  - repo: https://example.com/ruff\n    hooks:\n      - id: ruff\n"
        "  - repo: local\n    hooks:\n      - id: tests\n        entry: pytest -q\n"
    ),
    "tests/test_a.py": "",
}

JENKINS = {
    "Jenkinsfile": "pipeline { stages { stage('t') { steps { sh 'pytest' } } } }\n",
    "setup.cfg": "[flake8]\nmax-line-length = 100\n",
    "tests/test_a.py": "",
}
