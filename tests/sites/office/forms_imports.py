"""Valid forms of imports."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.apps.imports.files import code, name, workbook
from tests.apps.imports.importing import checked, mapped, uploaded
from tests.apps.people import District
from tests.sites.office.forms import Sent, form
from tidu.apps.accounts.enums import Role
from tidu.apps.enterprises.models import Source

CONTENT = workbook({
    "名单": [["企业名称", "统一社会信用代码", "主导产品"], [name(1), code(1), "阀门"], ["没有代码的示例有限公司", "", "水泵"]]
})  # fmt: skip


@form("import-new")
def import_new(district: District) -> Sent:
    Source.objects.create(name="市场监管", unit=district.units["bureau"])
    return Sent(Role.BUREAU_CLERK, {"source": "市场监管", "file": SimpleUploadedFile("数据.xlsx", CONTENT)})


@form("import-act")
def import_act(district: District) -> Sent:
    batch = mapped(district, uploaded(district, CONTENT))
    return Sent(Role.BUREAU_CLERK, {"do": "check"}, [batch.pk])


@form("import-sheet")
def import_sheet(district: District) -> Sent:
    batch = uploaded(district, CONTENT)
    return Sent(Role.BUREAU_CLERK, {"do": "save", "kind": "", "registers_firms": "yes", "source": "市场监管"}, [batch.pk, 0])


@form("import-names")
def import_names(district: District) -> Sent:
    batch = checked(district, mapped(district, uploaded(district, CONTENT)))
    match = batch.name_matches.exclude(found="one").get()
    return Sent(Role.BUREAU_CLERK, {"name": str(match.pk), "firm": "other", "code": district.jia.code}, [batch.pk])
