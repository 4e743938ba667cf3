"""Checks of every commit, for the hosts that repositories have: hooks and tests, and no more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mlaudit_reference.delivery import commands, github
from mlaudit_reference.delivery.repository import as_yaml

_TOOLS = "python -m pip install --quiet pre-commit pytest"
_OWN = (
    "if test -f requirements.txt; then python -m pip install --quiet -r requirements.txt; "
    "elif test -f pyproject.toml; then python -m pip install --quiet .; fi"
)
RUNS = (_TOOLS, _OWN, "pre-commit run --all-files", "python -m pytest")
"""What is run on every commit. A repository without tests fails: nothing was tested."""

_IMAGE = f"python:{commands.PYTHON}"


def text_for(host: str, origin: str) -> str:
    """The file of a host.

    Args:
        host: One of ``github``, ``gitlab``, ``jenkins`` and ``codebuild``.
        origin: A comment for the top of it.
    """
    if host == "jenkins":
        return _jenkinsfile(origin)
    return as_yaml(_DOCUMENTS[host](), origin).decode()


def _of_github() -> Mapping[str, Any]:
    return {
        "name": "checks",
        "on": {"pull_request": {}, "push": {}},
        "permissions": github.READ,
        "jobs": {
            "check": {
                "runs-on": github.RUNNER,
                "timeout-minutes": 30,
                "steps": [github.CHECKOUT, github.PYTHON, *({"run": each} for each in RUNS)],
            }
        },
    }


def _of_gitlab() -> Mapping[str, Any]:
    return {"check": {"image": _IMAGE, "timeout": "30 minutes", "script": list(RUNS)}}


def _of_codebuild() -> Mapping[str, Any]:
    return {
        "version": 0.2,
        "phases": {
            "install": {"runtime-versions": {"python": commands.PYTHON}},
            "build": {"on-failure": "ABORT", "commands": list(RUNS)},
        },
    }


_DOCUMENTS: Mapping[str, Callable[[], Mapping[str, Any]]] = {
    "codebuild": _of_codebuild,
    "github": _of_github,
    "gitlab": _of_gitlab,
}

_JENKINSFILE = """\
pipeline {{
  agent {{ docker {{ image '{image}' }} }}
  options {{ timeout(time: 30, unit: 'MINUTES') }}
  stages {{
    stage('Check') {{
      steps {{
        sh '''
{script}
        '''
      }}
    }}
  }}
}}
"""


def _jenkinsfile(origin: str) -> str:
    script = ["set -eu", "python -m venv .ci", 'PATH="$PWD/.ci/bin:$PATH"', *RUNS]
    indented = "\n".join(f"          {each}" for each in script)
    return origin.replace("# ", "// ") + _JENKINSFILE.format(image=_IMAGE, script=indented)
