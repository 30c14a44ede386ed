"""The imports of the demonstration: one that stands, one that waits, one just uploaded; and what the pages of a newcomer show of them."""

from __future__ import annotations

import pytest

from tests.apps.imports.files import code, name
from tests.apps.people import AT, firm
from tidu.apps.accounts.models import Post, User
from tidu.apps.enterprises.enums import BatchState
from tidu.apps.enterprises.models import Batch, Event, Source
from tidu.apps.units.enums import UnitKind
from tidu.apps.units.models import Unit
from tidu.config.demonstration_imports import prepare_imports

pytestmark = pytest.mark.django_db


def test_three_files_are_on_their_way() -> None:
    bureau = Unit.objects.create(code="kejing", name="科经局", short_name="科经局", kind=UnitKind.BUREAU, path="/kejing/")
    Source.objects.bulk_create(Source(name=one, unit=bureau) for one in ("知识产权", "统计", "人社"))
    Post.objects.create(user=User.objects.create_user("jingban", "科经局经办"), role="bureau-clerk", unit=bureau)
    for number in range(1, 101):
        firm(code(number), name(number), None)
    assert prepare_imports(at=AT) == 3
    assert [(batch.source.name, batch.state, batch.counts.get("problems")) for batch in Batch.objects.order_by("pk")] == [
        ("知识产权", BatchState.COMMITTED, 0),
        ("统计", BatchState.CHECKED, 3),
        ("人社", BatchState.UPLOADED, None),
    ]
    assert Event.objects.filter(type="商标").count() == 20


def test_an_empty_registry_has_nothing_to_import_for() -> None:
    assert (prepare_imports(at=AT), Batch.objects.count()) == (0, 0)
