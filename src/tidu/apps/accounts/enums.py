"""Roles: what a post in a unit, or a place in a firm, lets a person do."""

from __future__ import annotations

from django.db.models import TextChoices


class Role(TextChoices):
    """A role; three administrators are separate by rule, and nobody may hold two of them."""

    SYSTEM_ADMIN = "system-admin", "系统管理员"
    SECURITY_ADMIN = "security-admin", "安全管理员"
    AUDIT_ADMIN = "audit-admin", "审计管理员"
    BUREAU_CLERK = "bureau-clerk", "牵头局经办"
    BUREAU_HEAD = "bureau-head", "牵头局负责人"
    DEPARTMENT_CLERK = "department-clerk", "部门经办"
    SUBDISTRICT_CLERK = "subdistrict-clerk", "街道经办"
    DISTRICT_LEADER = "district-leader", "区领导"
    AUDITOR = "auditor", "审计、纪检"
    BANK_CLERK = "bank-clerk", "银行经办"
    PROVIDER_CLERK = "provider-clerk", "服务机构经办"
    FIRM_LEGAL = "firm-legal", "企业法定代表人"
    FIRM_CLERK = "firm-clerk", "企业经办"
    FIRM_FINANCE = "firm-finance", "企业财务"
    FIRM_AGENT = "firm-agent", "代办机构"


ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
FIRM_ROLES = frozenset({Role.FIRM_LEGAL, Role.FIRM_CLERK, Role.FIRM_FINANCE, Role.FIRM_AGENT})
FIRM_SIGNERS = FIRM_ROLES - {Role.FIRM_AGENT}
"""Who binds the firm: an agent fills in, and leaves handing in to them."""
OUTSIDE = frozenset({Role.BANK_CLERK, Role.PROVIDER_CLERK})
OFFICIALS = frozenset(Role) - FIRM_ROLES - OUTSIDE
SEES_ALL_FIRMS = frozenset({Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.DEPARTMENT_CLERK, Role.DISTRICT_LEADER, Role.AUDITOR})
HANDLING = (Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.DEPARTMENT_CLERK, Role.SUBDISTRICT_CLERK)
"""Who handles cases, and may name a deputy for that."""

READS_ONLY = frozenset({Role.DISTRICT_LEADER, Role.AUDITOR, Role.AUDIT_ADMIN})


class ReviewState(TextChoices):
    """How far what one administrator asked for has come."""

    ASKED = "asked", "待复核"
    GRANTED = "granted", "已同意"
    REFUSED = "refused", "已退回"
    WITHDRAWN = "withdrawn", "已撤回"


class LoginWay(TextChoices):
    """How somebody logged in."""

    PASSWORD = "password", "密码"
    CODE = "code", "密码和动态码"
    RECOVERY = "recovery", "密码和备用码"
    OUTSIDE = "outside", "统一身份认证"


class SessionEnd(TextChoices):
    """How a session ended; one that only ran out has none of these."""

    LEFT = "left", "本人退出"
    ENDED = "ended", "被结束"
    PASSWORD = "password", "密码已更换"
    OFF = "off", "账号停用"
