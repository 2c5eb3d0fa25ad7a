"""Runs the custom actions inside the brain's process.

Responsible for: the seam between Rasa's `RemoteAction` and the SDK's executor, without HTTP, and a reply schema
that is compiled once (Rasa re-checks its own constant schema on every call: 23 of 41 ms of a turn).
Not here: what the actions do (actions/).
"""

from __future__ import annotations

import json
from typing import Any

import fastjsonschema
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection


class InProcessActions(EndpointConfig):
    """Answers Rasa's call for a custom action from this process.

    `failed` names an action that raised in this turn. Rasa swallows such errors and goes on; the brain does not.
    """

    def __init__(self, package: str = "actions") -> None:
        super().__init__(url="in-process", enable_selective_domain=True)
        self._executor = ActionExecutor()
        self._executor.register_package(package)
        self._domain: dict[str, Any] = {}
        self.failed: str | None = None

    def use_domain(self, domain: Domain) -> None:
        """Give the actions the domain once, as the form validators need it."""
        self._domain = domain.as_dict()

    async def request(self, method: str = "post", subpath: str | None = None, content_type: str | None = None,
                      compress: bool = False, **kwargs: Any) -> Any:  # fmt: skip
        call = kwargs["json"]
        call["domain"] = self._domain
        try:
            return await self._executor.run(call)
        except ActionExecutionRejection as rejection:
            body = json.dumps({"action_name": rejection.action_name, "error": rejection.message})
            raise ClientResponseError(400, rejection.message, body) from rejection
        except Exception:
            self.failed = call.get("next_action")
            raise


def compile_reply_schema() -> None:
    """Make Rasa check an action's reply with its own schema, compiled once and asked only for the event at hand."""
    events = RemoteAction.action_response_format_spec()["properties"]["events"]["items"]["oneOf"]
    by_name = {event["properties"]["event"]["const"]: fastjsonschema.compile(event) for event in events}

    def check(_self: RemoteAction, result: dict[str, Any]) -> bool:
        for event in result.get("events", ()):
            if event.get("event") not in by_name:
                raise RasaException(f"An action returned an event that Rasa does not know: {event.get('event')!r}")
            by_name[event["event"]](event)
        return True

    RemoteAction._validate_action_result = check
