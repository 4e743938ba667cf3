"""Crawlers of Glue, which moto creates but does not change."""

from __future__ import annotations

from collections.abc import Mapping

from moto.glue.models import glue_backends

from mlaudit.emulator.cloud import Call, Handler, Record
from mlaudit.emulator.errors import Refusal

# The attributes that moto keeps of a crawler, by the parameters that change them.
_ATTRIBUTES: Mapping[str, str] = {
    "Classifiers": "classifiers",
    "Configuration": "configuration",
    "CrawlerSecurityConfiguration": "crawler_security_configuration",
    "DatabaseName": "database_name",
    "Description": "description",
    "LineageConfiguration": "lineage_configuration",
    "RecrawlPolicy": "recrawl_policy",
    "Role": "role",
    "Schedule": "schedule",
    "SchemaChangePolicy": "schema_change_policy",
    "TablePrefix": "table_prefix",
    "Targets": "targets",
}


def update(call: Call) -> Record:
    """Change a crawler."""
    crawler = glue_backends[call.account][call.region].crawlers.get(call.params["Name"])
    if crawler is None:
        text = f"Crawler {call.params['Name']} not found."
        raise Refusal("EntityNotFoundException", text)
    for name, attribute in _ATTRIBUTES.items():
        if name in call.params:
            setattr(crawler, attribute, call.params[name])
    crawler.version += 1
    return {}


HANDLERS: Mapping[str, Handler] = {"UpdateCrawler": update}
