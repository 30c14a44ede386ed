"""Kinds of units."""

from __future__ import annotations

from django.db.models import TextChoices


class UnitKind(TextChoices):
    """What a unit is; a subdistrict sees the firms that lie in it."""

    DISTRICT = "district", "区"
    BUREAU = "bureau", "牵头局"
    DEPARTMENT = "department", "部门"
    SUBDISTRICT = "subdistrict", "街道（乡镇）"
    ZONE = "zone", "开发区、园区"
    BANK = "bank", "银行、金融机构"
    PROVIDER = "provider", "服务机构"
