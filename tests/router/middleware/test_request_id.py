from __future__ import annotations

import re
from pathlib import Path

from tests.router.door import open_door

TRACE = "0af7651916cd43dd8448eb211c80319c"


async def test_every_answer_has_the_id_of_its_request(tmp_path: Path) -> None:
    async with open_door(tmp_path) as door:
        ids = [(await door.client.get("/health")).headers["x-request-id"] for _ in range(2)]
        assert ids[0] != ids[1]
        assert all(re.fullmatch("[0-9a-f]{32}", one) for one in ids)


async def test_the_id_is_the_trace_of_the_client(tmp_path: Path) -> None:
    async with open_door(tmp_path) as door:
        for header, is_taken in [
            (f"00-{TRACE}-b7ad6b7169203331-01", True),
            (f"00-{TRACE}-b7ad6b7169203331-01\r".strip() + "x", False),
            ("nonsense", False),
        ]:
            response = await door.client.get("/health", headers={"traceparent": header})
            assert (response.headers["x-request-id"] == TRACE) is is_taken
