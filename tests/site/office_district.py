"""A small fictional district with people, for journeys in the back office: ``python -m tests.site.office_district``."""

from __future__ import annotations

import json
import sys

import django

PASSWORD = "Ceshi-2024-06"
FIRMS = 150


def prepare() -> None:
    """Tables, people of every role, firms, a first assessment."""
    from django.core.management import call_command
    from django.utils import timezone

    from tests.site.announced_years import announce
    from tidu.apps.accounts.models import Post
    from tidu.config.demonstration import prepare_demonstration

    call_command("migrate", verbosity=0)
    announce(timezone.now())
    prepare_demonstration(at=timezone.now(), password=PASSWORD, firms=FIRMS)
    member = Post.objects.select_related("enterprise").get(user__username="qiye")
    clerk = Post.objects.select_related("unit").get(user__username="jiedao")
    told = {
        "member_firm": [member.enterprise.code, member.enterprise.name] if member.enterprise else None,
        "subdistrict": clerk.unit.name if clerk.unit else "",
    }
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    django.setup()
    prepare()
