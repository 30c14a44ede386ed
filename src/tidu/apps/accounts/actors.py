"""Who acts: a person with the posts held at that moment, as a plain value that domain functions take."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from tidu.apps.accounts.decisions import YES, Decision, no
from tidu.apps.accounts.enums import FIRM_ROLES, OFFICIALS, READS_ONLY, SEES_ALL_FIRMS, Role


@dataclass(frozen=True, slots=True)
class Held:
    """One post: a role in a unit (its id and path) or in a firm (its id)."""

    role: Role
    unit: int | None = None
    unit_path: str = ""
    enterprise: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """A person who acts; ``user`` is None for the system itself (nightly work)."""

    user: int | None
    name: str
    posts: tuple[Held, ...] = ()

    @property
    def roles(self) -> frozenset[Role]:
        """All roles held."""
        return frozenset(post.role for post in self.posts)

    @property
    def is_system(self) -> bool:
        """Whether no person acts."""
        return self.user is None

    @property
    def is_official(self) -> bool:
        """Whether the person works for the district."""
        return self.is_system or bool(self.roles & OFFICIALS)

    @property
    def sees_all_firms(self) -> bool:
        """Whether every firm of the district may be seen."""
        return self.is_system or bool(self.roles & SEES_ALL_FIRMS)

    @property
    def firms(self) -> frozenset[int]:
        """Firms in which the person has a place."""
        return frozenset(post.enterprise for post in self.posts if post.role in FIRM_ROLES and post.enterprise is not None)

    def firms_as(self, *roles: Role) -> frozenset[int]:
        """Firms in which one of the roles is held."""
        return frozenset(post.enterprise for post in self.posts if post.role in roles and post.enterprise is not None)

    def paths(self, *roles: Role) -> tuple[str, ...]:
        """Paths of the units in which one of the roles is held."""
        return tuple(sorted({post.unit_path for post in self.posts if post.role in roles and post.unit_path}))

    def has(self, *roles: Role) -> bool:
        """Whether one of the roles is held; the system has all."""
        return self.is_system or bool(self.roles & set(roles))

    def may_write(self, *roles: Role) -> Decision:
        """Whether one of the roles that may do something is held."""
        if self.has(*roles):
            return YES
        wanted = "、".join(role.label for role in roles)
        if self.roles and self.roles <= READS_ONLY:
            return no(f"您的岗位只能查看。要办理，请找{wanted}。", "reads-only")
        return no(f"这一步由{wanted}办理，您没有这个岗位。", "wrong-role")


SYSTEM = Actor(None, "系统")


def posts_on(posts: Collection[tuple[Held, date | None, date | None]], day: date) -> tuple[Held, ...]:
    """The posts held on a day, of posts with their first day and the first day no longer held."""
    return tuple(held for held, since, until in posts if (since is None or since <= day) and (until is None or day < until))
