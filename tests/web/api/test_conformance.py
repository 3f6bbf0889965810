"""Whatever is asked, the open data answers as its description says: tried by schemathesis, on both engines."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

EXAMPLES = 25
PLAIN = {"Accept-Encoding": "identity"}  # schemathesis reads the bytes of a WSGI application as they are


@pytest.fixture
def engine_name(request) -> str:
    return request.param


@pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"], indirect=True)
def test_every_answer_is_as_described(app, scene):
    asked = 0

    def hold(operation, mode):
        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
        def answers(case):
            nonlocal asked
            asked += 1
            case.call_and_validate(headers=PLAIN)

        answers()

    for found in schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app).get_all_operations():
        operation = found.ok()
        hold(operation, GenerationMode.POSITIVE)
        if operation.query or operation.path_parameters:
            hold(operation, GenerationMode.NEGATIVE)
    assert asked > 10 * EXAMPLES
