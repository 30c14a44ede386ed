"""A random draw that anyone can repeat: the seed and the population decide it, nothing else.

Each member of the population holds tickets (one, or more where the risk is higher). The number of a ticket is the SM3 digest of
seed, digest of the population, member and ticket; a member's number is that of its lowest ticket, and the lowest numbers are
drawn. No library's generator is used, so the draw comes out the same on every machine and in every year.

>>> [one for one in drawn("种子", [("甲", 1), ("乙", 1), ("丙", 1)], 2)] == drawn("种子", [("丙", 1), ("甲", 1), ("乙", 1)], 2)
True
"""

from __future__ import annotations

from collections.abc import Sequence

from tidu.apps.audit.digests import sm3
from tidu.kernel.errors import TiduError

Member = tuple[str, int]
"""Identity and number of tickets."""


def population_digest(members: Sequence[Member]) -> str:
    """What the population was, in whatever order it is listed."""
    return sm3("\n".join(f"{name}\t{tickets}" for name, tickets in sorted(members)).encode())


def drawn(seed: str, members: Sequence[Member], count: int) -> list[str]:
    """The ``count`` members drawn, in the order in which they come out. Raises ``population-too-small``."""
    if not 0 < count <= len(members):
        raise TiduError("population-too-small", f"范围内有 {len(members)} 项，不能抽取 {count} 项。请调整范围或数量。")
    digest = population_digest(members)
    numbers = [(min(_number(seed, digest, name, ticket) for ticket in range(max(tickets, 1))), name) for name, tickets in members]
    return [name for _, name in sorted(numbers)[:count]]


def _number(seed: str, digest: str, name: str, ticket: int) -> str:
    return sm3(f"{seed}\t{digest}\t{name}\t{ticket}".encode())


def share_of(size: int, per_mille: int) -> int:
    """So many thousandths of a population, rounded up: a share never draws nobody.

    >>> share_of(301, 100)
    31
    """
    return -(-size * per_mille // 1000)
