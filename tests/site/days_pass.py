"""Days pass for one notice of a site of the tests: ``python -m tests.site.days_pass <notice> <days>``.

A notice runs for five working days and a browser test cannot wait. Its recorded days are moved back instead, in the site's own
database; the site's clock is never touched, and nothing in the product can do this.
"""

from __future__ import annotations

import sys
from datetime import timedelta

import django


def pass_days(notice: int, days: int) -> None:
    """The notice was published so many days earlier, and ends so many days earlier."""
    from tidu.apps.fulfilment.enums import NoticeState
    from tidu.apps.fulfilment.models import Notice

    found = Notice.objects.get(pk=notice, state=NoticeState.PUBLISHED)
    assert found.published_on is not None
    assert found.until is not None
    back = timedelta(days=days)
    Notice.objects.filter(pk=notice).update(published_on=found.published_on - back, until=found.until - back)


if __name__ == "__main__":
    django.setup()
    pass_days(int(sys.argv[1]), int(sys.argv[2]))
