"""A Jenkinsfile; its agents have the role of their machines, and no key.

Each environment has the variables ``<ENVIRONMENT>_DEPLOY_ROLE_ARN``,
``<ENVIRONMENT>_CLOUDFORMATION_ROLE_ARN`` and ``<ENVIRONMENT>_AUDIT_ROLE_ARN``, outputs of the stack
``delivery`` in its account, and the agents have ``MLAUDIT_PACKAGE``.
"""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import indent

from mlaudit_reference.delivery import commands
from mlaudit_reference.manifest import Manifest


def jenkinsfile(manifest: Manifest) -> str:
    """The stages a change passes; a person lets it into production."""
    *earlier, last = commands.environments(manifest)
    audited = (earlier[-1] if earlier else last).upper()
    parts = [
        _stage("Check", ["python -m venv .ci", *_within([commands.INSTALL, *commands.CHECK])]),
        *(_deploy(manifest, stage) for stage in earlier),
        _stage(
            "Gate",
            _within(commands.gate(manifest, role=f"${audited}_AUDIT_ROLE_ARN")),
            only=manifest.delivery.branch,
            after=_REPORTS,
        ),
        _APPROVAL.format(branch=manifest.delivery.branch),
        _deploy(manifest, last),
    ]
    return _FILE.format(stages=indent("".join(parts), " " * 4), python=commands.PYTHON)


_FILE = """\
// Generated from pipeline.yaml.
pipeline {{
  agent {{ docker {{ image 'python:{python}-slim' }} }}
  options {{
    disableConcurrentBuilds()
    timeout(time: 6, unit: 'HOURS')
  }}
  stages {{
{stages}  }}
}}
"""
_APPROVAL = """\
stage('Approval') {{
  when {{ branch '{branch}' }}
  steps {{ input message: 'Deploy to production?', ok: 'Deploy' }}
}}
"""
_REPORTS = """
  post {
    always {
      junit testResults: 'mlaudit/junit.xml', skipMarkingBuildUnstable: true
      archiveArtifacts artifacts: 'mlaudit/**', allowEmptyArchive: true
    }
  }"""


def _within(run: Iterable[str]) -> list[str]:
    return ['PATH="$PWD/.ci/bin:$PATH"', *run]


def _deploy(manifest: Manifest, stage: str) -> str:
    place = stage.upper()
    role = f"${place}_DEPLOY_ROLE_ARN"
    run = [
        f'export CLOUDFORMATION_ROLE_ARN="${place}_CLOUDFORMATION_ROLE_ARN"',
        commands.deploy(manifest, stage, "$GIT_COMMIT", role=role),
    ]
    return _stage(f"Deploy to {stage}", _within(run), only=manifest.delivery.branch)


def _stage(name: str, run: Iterable[str], *, only: str = "", after: str = "") -> str:
    condition = f"\n  when {{ branch '{only}' }}" if only else ""
    script = indent("\n".join(["set -eu", *run]), " " * 6)
    return f"""\
stage('{name}') {{{condition}
  steps {{
    sh '''
{script}
    '''
  }}{after}
}}
"""
