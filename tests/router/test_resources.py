from __future__ import annotations

from dataclasses import dataclass, field

from router.resources import Resources


@dataclass(eq=False)
class Pool:
    """Something that has to be closed."""

    size: int = 1
    closed: list[str] = field(default_factory=list)

    def close(self) -> None:
        self.closed.append("closed")


@dataclass(eq=False)
class Client:
    """Something that takes its time to be closed."""

    url: str
    closed: bool = False

    async def close(self) -> None:
        self.closed = True


async def test_what_is_made_in_the_same_way_of_equal_settings_is_taken_over() -> None:
    resources = Resources()
    old, new = resources.lease(), resources.lease()
    pool, client = old.keep(Pool, size=2), old.keep(Client, "redis://a")
    assert new.keep(Pool, size=2) is pool
    assert new.keep(Client, "redis://b") is not client
    await old.leave()
    assert (pool.closed, client.closed) == ([], True)
    await new.leave()
    assert pool.closed == ["closed"]


async def test_nothing_is_closed_while_a_request_is_under_way() -> None:
    lease = Resources().lease()
    pool = lease.keep(Pool)
    lease.enter()
    await lease.leave()
    assert pool.closed == []
    await lease.leave()
    assert pool.closed == ["closed"]


async def test_what_was_closed_is_made_anew() -> None:
    resources = Resources()
    first = resources.lease()
    pool = first.keep(Pool)
    await first.leave()
    assert resources.lease().keep(Pool) is not pool


async def test_one_generation_may_keep_the_same_twice() -> None:
    lease = Resources().lease()
    pool = lease.keep(Pool)
    assert lease.keep(Pool) is pool
    await lease.leave()
    assert pool.closed == ["closed"]
