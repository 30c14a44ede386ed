"""Parameters: each with its type, bounds, default and meaning; only what stands here can be set.

A text given by the environment (``TIDU_SITE_NAME`` …) is the default that an administrator may replace.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from tidu.apps.accounts.enums import FIRM_ROLES, Role
from tidu.kernel.errors import TiduError

WHOLE, TEXT, ROLES = "whole", "text", "roles"
SITE, LOGIN, WORK = "网站", "登录策略", "办理"


@dataclass(frozen=True)
class Parameter:
    """One parameter. ``kind`` is a whole number within bounds, a text of bounded length, or a set of roles.

    ``owner`` is the role that sets it.
    """

    key: str
    group: str
    label: str
    meaning: str
    kind: str
    default: Any
    owner: Role
    lowest: int = 0
    highest: int = 0
    unit: str = ""

    @property
    def standing(self) -> Any:
        """The default, worked out."""
        return self.default() if callable(self.default) else self.default

    def bounds(self) -> str:
        """What may be entered, in words."""
        if self.kind == WHOLE:
            return f"{self.lowest}～{self.highest} {self.unit}".strip()
        return f"最多 {self.highest} 字，可以留空" if self.kind == TEXT else "可以多选，也可以不选"

    def read(self, given: Sequence[str]) -> Any:
        """The value of what was entered; raises ``bad-parameter``."""
        if self.kind == ROLES:
            known = [role.value for role in Role if role in SECOND_FACTOR_ROLES]
            wrong = [one for one in given if one not in known]
            if wrong:
                raise TiduError("bad-parameter", f"“{self.label}”里没有“{wrong[0]}”这个岗位。请从列出的岗位里选。", key=self.key)
            return [one for one in known if one in given]
        text = given[0].strip() if given else ""
        if self.kind == TEXT:
            if len(text) > self.highest or any(not letter.isprintable() for letter in text):
                raise TiduError("bad-parameter", f"“{self.label}”最多 {self.highest} 字，不能换行。请删减。", key=self.key)
            return text
        if not (text.isascii() and text.isdigit()) or len(text) > 9 or not self.lowest <= int(text) <= self.highest:
            raise TiduError("bad-parameter", f"“{self.label}”收到“{text}”，要填 {self.bounds()} 之间的整数。", key=self.key)
        return int(text)

    def shown(self, value: Any) -> str:
        """A value in words."""
        if self.kind == ROLES:
            return "、".join(Role(one).label for one in value) or "没有岗位"
        return f"{value} {self.unit}".strip() if self.kind == WHOLE else str(value) or "（空）"


SECOND_FACTOR_ROLES = frozenset(Role) - FIRM_ROLES


def _site(name: str) -> Callable[[], str]:
    return lambda: str(settings.SITE[name])


def _site_text(key: str, name: str, label: str, meaning: str, most: int = 40) -> Parameter:
    return Parameter(key, SITE, label, meaning, TEXT, _site(name), Role.SYSTEM_ADMIN, 0, most)


def _login(key: str, label: str, meaning: str, default: int, lowest: int, highest: int, unit: str) -> Parameter:
    return Parameter(key, LOGIN, label, meaning, WHOLE, default, Role.SECURITY_ADMIN, lowest, highest, unit)


PARAMETERS: dict[str, Parameter] = {
    one.key: one
    for one in (
        _site_text("site.name", "name", "网站名称", "显示在每页左上角和浏览器标题。"),
        _site_text("site.district", "district", "区名", "显示在网站名称下面和公开页面里。"),
        _site_text("site.sponsor", "sponsor", "主办单位", "填了才显示在页脚。", 80),
        _site_text("site.record-number", "record_number", "备案号", "填了才显示在页脚。", 80),
        _site_text("site.site-code", "site_code", "网站标识码", "填了才显示在页脚。"),
        _site_text("site.telephone", "telephone", "咨询电话", "填了才显示在页脚。"),
        _login(
            "login.idle-minutes", "无操作退出时间", "登录后这么久没有任何操作就自动退出。改动对之后的登录生效；要马上生效，请在“在线会话”里结束已有会话。",
            30, 5, 120, "分钟",
        ),
        _login("login.lock-after", "密码连续输错次数", "密码或动态码连续输错到这个次数，账号锁定。", 5, 3, 10, "次"),
        _login("login.lock-minutes", "锁定时间", "锁定后过这么久自动解除；系统管理员可以提前解除。", 15, 5, 1440, "分钟"),
        _login("login.password-length", "密码最短长度", "新设的密码不能更短；已有的密码不受影响。", 10, 8, 32, "位"),
        _login("login.password-kinds", "密码字符种类", "大写字母、小写字母、数字、其他符号四类里，至少要有几类。", 3, 3, 4, "类"),
        _login("login.password-days", "密码使用期限", "密码用了这么久，下次登录须先改密码。0 表示不限。", 90, 0, 365, "天"),
        _login("login.password-history", "不得重复的旧密码", "新密码不能与最近几次用过的密码相同。0 表示不查。", 3, 0, 10, "次"),
        Parameter(
            "login.second-factor-roles", LOGIN, "必须启用二次验证的岗位", "担任这些岗位的人，登录后须先启用动态码（手机验证器），才能打开其他页面。",
            ROLES, (), Role.SECURITY_ADMIN,
        ),
    )
}  # fmt: skip
"""All parameters by key, in the order in which pages list them."""


def parameter(key: str) -> Parameter:
    """A parameter by key; raises ``no-such-parameter``."""
    if key not in PARAMETERS:
        raise TiduError("no-such-parameter", f"没有“{key}”这个参数。请从“参数”页面进入。", key=key)
    return PARAMETERS[key]
