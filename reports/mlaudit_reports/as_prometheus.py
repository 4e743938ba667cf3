"""The audit as metrics in the Prometheus text format: for a textfile collector, and for Grafana."""

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from mlaudit.audit import Audit, Outcome, WorkloadAudit
from mlaudit.model import Status
from mlaudit_reports.grouping import status_counts
from mlaudit_reports.inert import visible

_OF = ("account", "region", "workload")


def render(audit: Audit) -> str:
    """Write gauges; numbers that can be added up are counts, and no mean is among them."""
    registry = CollectorRegistry()
    _Metrics(registry, audit).tell()
    return generate_latest(registry).decode()


class _Metrics:
    def __init__(self, registry: CollectorRegistry, audit: Audit) -> None:
        self._audit = audit
        self._registry = registry
        self._items = self._gauge("items", "Checklist items by status.", "status")
        self._complete = self._gauge("score_complete", "Complete items of a score.", "score")
        self._applicable = self._gauge("score_applicable", "Items a score is out of.", "score")
        self._gate = self._gauge(
            "gate", "1 for what a gate says, 0 for the rest.", "target", "outcome"
        )
        self._section = self._gauge("section_complete", "Complete items by section.", "section")
        self._of = self._gauge("section_applicable", "Items that apply, by section.", "section")

    def _gauge(self, name: str, about: str, *labels: str, of: tuple[str, ...] = _OF) -> Gauge:
        return Gauge(f"mlaudit_{name}", about, (*of, *labels), registry=self._registry)

    def tell(self) -> None:
        """Set every gauge."""
        audit = self._audit
        when = self._gauge("scanned_timestamp_seconds", "When the scan began.", of=("account",))
        when.labels(audit.account).set(audit.started_at.timestamp())
        gaps = self._gauge("gaps", "Reads that failed.", of=("account",))
        gaps.labels(audit.account).set(len(audit.gaps))
        orphans = self._gauge("orphans", "ML resources of no workload.", of=("account",))
        orphans.labels(audit.account).set(len(audit.orphans))
        for workload in audit.workloads:
            self._workload(workload)

    def _workload(self, workload: WorkloadAudit) -> None:
        of = (self._audit.account, visible(workload.region), visible(workload.name))
        counts = status_counts(workload.items)
        for status in Status:
            self._items.labels(*of, status.value).set(counts.get(status, 0))
        for name in ("strict", "gate", "evidence_only"):
            share = getattr(workload.scores, name)
            self._complete.labels(*of, name).set(share.complete)
            self._applicable.labels(*of, name).set(share.applicable)
        for target, decision in sorted(workload.gates.items()):
            for outcome in Outcome:
                said = int(decision.outcome is outcome)
                self._gate.labels(*of, target, outcome.value).set(said)
        for section in workload.sections:
            self._section.labels(*of, section.section).set(section.share.complete)
            self._of.labels(*of, section.section).set(section.share.applicable)
