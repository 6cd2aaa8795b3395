"""What becomes of the messages of the outbox."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from subgraphs.kernel.database import Connection
from subgraphs.kernel.events import ENTITY_CHANGED, notify
from subgraphs.kernel.outbox import Message
from subgraphs.kernel.relay import Handler
from subgraphs.kernel.service_client import ServiceClient, ServiceError
from subgraphs.tasks.announce import MESSAGE_ABANDONED, TASK_EVENTS
from subgraphs.tasks.conversation import abandon_message

logger = logging.getLogger(__name__)


def outbox_handlers(client: ServiceClient) -> Mapping[str, Handler]:
    """Say who is told what: events go to their followers, an abandoned message to the sessions subgraph."""

    async def tell_sessions(_: Connection, message: Message) -> None:
        try:
            await abandon_message(client, message)
        except ServiceError as error:
            if not error.codes or "INTERNAL_SERVER_ERROR" in error.codes:
                raise  # it may heal: told again later
            logger.error("message not abandoned", extra={"task": message.key, "codes": error.codes})

    return {TASK_EVENTS: notify, ENTITY_CHANGED: notify, MESSAGE_ABANDONED: tell_sessions}
