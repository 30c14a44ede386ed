"""Texts that administrators may word: what each is for, which placeholders it has, and how it reads at first.

A placeholder is a Chinese name in braces, ``{姓名}``. A text with an unknown placeholder, an open brace, or without one that
it must carry is not saved.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tidu.kernel.errors import Problems, TiduError

LONGEST = 4000
_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")


@dataclass(frozen=True)
class Placeholder:
    """One placeholder: its name, what stands for it, an example; ``must`` where the text makes no sense without it."""

    name: str
    meaning: str
    example: str
    must: bool = False


@dataclass(frozen=True)
class MessageText:
    """One text: its key, its name, when it is used, its placeholders, its first wording."""

    key: str
    name: str
    used: str
    placeholders: tuple[Placeholder, ...]
    default: str

    def check(self, body: str) -> None:
        """Raise what is wrong with a new wording, all of it at once."""
        names = {one.name for one in self.placeholders}
        found = _PLACEHOLDER.findall(body)
        problems = []
        if not body.strip():
            problems.append(TiduError("text-empty", f"“{self.name}”没有内容。请填写。"))
        if len(body) > LONGEST:
            problems.append(TiduError("text-too-long", f"“{self.name}”有 {len(body):,} 字，最多 {LONGEST:,} 字。请删减。"))
        for name in dict.fromkeys(found):
            if name not in names:
                known = "、".join(f"{{{one}}}" for one in sorted(names))
                problems.append(TiduError("unknown-placeholder", f"没有“{{{name}}}”这个占位符。可以用：{known}。"))
        rest = _PLACEHOLDER.sub("", body)
        for line, text in enumerate(rest.splitlines(), 1):
            if "{" in text or "}" in text:
                problems.append(TiduError("open-brace", f"第 {line} 行的花括号没有成对。占位符要写成 {{名称}}。"))
        problems.extend(
            TiduError("placeholder-needed", f"正文里必须有“{{{one.name}}}”（{one.meaning}）。")
            for one in self.placeholders
            if one.must and one.name not in found and body.strip()
        )
        if problems:
            raise Problems("bad-text", problems)

    def filled(self, body: str, values: Mapping[str, str]) -> str:
        """The text for one occasion."""

        def put(found: re.Match[str]) -> str:
            if found[1] not in values:
                raise TiduError("placeholder-missing", f"没有给出“{found[1]}”，“{self.name}”写不成。请联系系统管理员。")
            return values[found[1]]

        return _PLACEHOLDER.sub(put, body)

    def example(self, body: str) -> str:
        """The text with the examples of its placeholders, for a look at it before it is saved."""
        return self.filled(body, {one.name: one.example for one in self.placeholders})


_ACCOUNT = (
    Placeholder("姓名", "账号使用人", "王小明"),
    Placeholder("用户名", "登录时填的名字", "wangxiaoming", must=True),
    Placeholder("初始密码", "只在这一次显示", "Xk7m-Rt2p-9qLw", must=True),
    Placeholder("网站名称", "参数里的网站名称", "梯度"),
    Placeholder("日期", "办理日期", "2026年11月23日"),
)
_NOTICE = (
    Placeholder("区名", "参数里的区名", "某区"),
    Placeholder("批次", "会审批次的名称", "2026 年第一批", must=True),
    Placeholder("件数", "名单里有几项", "12"),
    Placeholder("金额", "名单合计，单位元", "3,600,000.00"),
    Placeholder("工作日", "公示几个工作日", "5"),
)
TEXTS: dict[str, MessageText] = {
    one.key: one
    for one in (
        MessageText(
            "account-opened", "账号开通告知单", "系统管理员开立账号时显示一次，可以打印交给本人。", _ACCOUNT,
            "{姓名}：\n您在{网站名称}的账号已经开通。\n用户名：{用户名}\n初始密码：{初始密码}\n"
            "首次登录须修改密码。请本人保管，不要转告他人。\n{日期}",
        ),
        MessageText(
            "password-reset", "密码重置告知单", "密码重置经复核同意时显示一次，可以打印交给本人。", _ACCOUNT,
            "{姓名}：\n您在{网站名称}的密码已经重置。\n用户名：{用户名}\n临时密码：{初始密码}\n"
            "下次登录须修改密码。如果不是您本人申请的，请马上告诉安全管理员。\n{日期}",
        ),
        MessageText(
            "public-notice", "公示正文", "起草公示时填入正文，可以再改。名单、公示期和怎样提出异议由系统接在后面。", _NOTICE,
            "根据{区名}有关奖补政策规定，经部门审核、会审研究，现将{批次}拟支持名单予以公示，接受社会监督。\n"
            "名单共 {件数} 项，合计 {金额} 元，公示 {工作日} 个工作日。",
        ),
    )
}  # fmt: skip


def text_of(key: str) -> MessageText:
    """A text by key; raises ``no-such-text``."""
    if key not in TEXTS:
        raise TiduError("no-such-text", f"没有“{key}”这个模板。请从“模板”页面进入。", key=key)
    return TEXTS[key]
