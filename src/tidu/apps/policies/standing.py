"""Whether a policy that pays is in force today, and which one ended last where none is."""

from __future__ import annotations

from datetime import date

from tidu.kernel.awards import Policy
from tidu.kernel.packs import PackSet


def ended_policy(packs: PackSet, day: date) -> Policy | None:
    """The policy that ended last on or before ``day``; None while one is in force or none has ended."""
    policies = packs.book.policies if packs.book is not None else ()
    if any(policy.in_force.holds(day) for policy in policies):
        return None
    ended = [(policy.in_force.end, policy) for policy in policies if policy.in_force.end is not None and policy.in_force.end <= day]
    return max(ended, key=lambda pair: pair[0])[1] if ended else None
