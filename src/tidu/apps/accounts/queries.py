"""Questions to the accounts."""

from __future__ import annotations

from datetime import date

from tidu.apps.accounts.actors import Actor, Held, posts_on
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import User


def actor_of(user: User, day: date) -> Actor:
    """The person with the posts held on a day; one query."""
    posts = [
        (Held(Role(post.role), post.unit_id, post.unit.path if post.unit else "", post.enterprise_id), post.since, post.until)
        for post in user.posts.select_related("unit")
    ]
    return Actor(user.pk, user.name, posts_on(posts, day) if user.is_active else ())
