"""What a request must look like, as JSON schema, compiled from the features of the manifest."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from mlaudit_reference.manifest import Manifest

MOST_RECORDS = 100
"""Records of one request."""

Schema = dict[str, Any]


def schema(manifest: Manifest) -> Schema:
    """The body of a request: ``{"instances": [record, …]}`` (JSON schema draft 4).

    A record has its id and every feature; a feature that is not known is null. What else it has is
    let through, and the model does not look at it.
    """
    features = manifest.features
    numeric = {name: {"type": ["number", "null"]} for name in features.numeric}
    categorical = {name: {"type": ["string", "null"]} for name in features.categorical}
    record_id = {
        "oneOf": [{"type": "string", "minLength": 1, "maxLength": 256}, {"type": "integer"}]
    }
    record = {
        "type": "object",
        "required": [manifest.data.record_id, *features.numeric, *features.categorical],
        "properties": {manifest.data.record_id: record_id, **numeric, **categorical},
    }
    return {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "title": "Request",
        "type": "object",
        "required": ["instances"],
        "properties": {
            "instances": {
                "type": "array",
                "minItems": 1,
                "maxItems": MOST_RECORDS,
                "items": record,
            }
        },
        "additionalProperties": False,
    }


def digest(*parts: object) -> str:
    """A short name of some content, the same for the same content."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:10]
