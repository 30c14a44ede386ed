"""The gallery: every component in every state, with what it is for. Designers look at it, tests photograph it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tidu.look.fields import CHECKBOXES, DATE, FIGURE, LONG, RADIO, SELECT, Choice, Field
from tidu.look.states import STATES

TODAY = date(2024, 5, 6)
"""The gallery stands still, so that its pictures can be compared."""

COLOURS = (
    ("brand", "主色", "链接、按钮、当前位置"),
    ("good", "松绿", "符合、可享、按时"),
    ("near", "赭黄", "差一点、将到期、未核实"),
    ("open", "藤紫", "待补充、需人工判断"),
    ("bad", "朱红", "不符合、逾期、填写有误"),
    ("none", "灰", "不适用、已完成、已失效"),
)
CHOICES = (
    Choice("yes", "是"),
    Choice("no", "否"),
    Choice("unsure", "不清楚", "按“待补充”处理，不会当作“否”"),
)
FIELDS = (
    Field("g-name", "企业名称", hint="营业执照上的全称"),
    Field("g-revenue", "2023年营业收入", FIGURE, "见年度利润表第一行", "万元", ("3,250.5",)),
    Field("g-ratio", "主导产品全国细分市场占有率", FIGURE, "", "%", ("3.5",), short=True),
    Field("g-day", "成立日期", DATE, "", "", ("2016-03-01",), optional=True),
    Field("g-wrong", "2023年研发费用", FIGURE, "见研发费用辅助账", "万元", ("约三百万",), error="“约三百万”不是数字。请只填写数字，例如 300。"),
    Field("g-unsure", "是否列入经营异常名录", RADIO, "", "", ("no",), CHOICES),
    Field(
        "g-titles", "已有哪些有效的认定？", CHECKBOXES, "可以多选", "", ("a", "c"),
        (Choice("a", "科技型中小企业"), Choice("b", "高新技术企业"), Choice("c", "创新型中小企业"), Choice("d", "以上都没有")),
    ),
    Field("g-street", "所属街道", SELECT, "", "", ("2",), (Choice("1", "蔡甸街道"), Choice("2", "张湾街道"))),
    Field("g-words", "补充说明", LONG, "最多 500 字", optional=True),
)  # fmt: skip


def _entry(text: str, href: str = "#", **more: Any) -> dict[str, Any]:
    return {"text": text, "href": href, **more}


SIDE = (
    ("工作台", (_entry("我的待办", here=True, count=12), _entry("将超期", count=3))),
    ("企业", (_entry("企业库"), _entry("培育库"), _entry("数据导入"))),
    ("兑现", (_entry("申报审核", count=7), _entry("公示管理"), _entry("资金兑现"))),
)
TASKS = (
    ("基本情况", "企业名称、行业、登记状态", "done"),
    ("研发与知识产权", "还有 2 项没有填", "doing"),
    ("证明材料", "缺技术合同登记证明", "lacking"),
    ("承诺书", "填完以上各节后签署", "blocked"),
)
RUNGS = (
    ("科技型中小企业", "held", "2024年3月入库，有效期至 2024-12-31"),
    ("高新技术企业", "met", "各项条件都符合，可以申报"),
    ("创新型中小企业", "near", "还差 6 分：研发强度再高 0.8 个百分点"),
    ("专精特新中小企业", "unknown", "还缺 3 项数据才能判断"),
    ("专精特新小巨人", "unmet", "先要成为专精特新中小企业"),
)
EVENTS = (
    (date(2024, 5, 6), "区科经局受理", "受理编号 2024-0017", False),
    (date(2024, 4, 30), "企业补正后重新提交", "更正 2 项", False),
    (date(2024, 4, 24), "经办人内部批注：核对合同登记号", "只有办理部门可见", True),
    (date(2024, 4, 22), "企业提交申报", "", False),
)


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """组件陈列."""
    context = {
        "colours": COLOURS, "states": STATES, "fields": FIELDS, "side": SIDE, "tasks": TASKS, "rungs": RUNGS, "events": EVENTS,
        "today": TODAY, "deadlines": (date(2024, 5, 6), date(2024, 5, 11), date(2024, 6, 28), date(2024, 4, 30)),
        "steps": (_entry("选择文件", done=True), _entry("核对列名", here=True), _entry("改正错误"), _entry("确认导入")),
        "page": {"number": 2, "count": 7, "total": 3012, "before": "?page=1", "after": "?page=3"},
        "problems": (_entry("2023年研发费用：“约三百万”不是数字", "#g-wrong"), _entry("成立日期：不能晚于今天", "#g-day")),
    }  # fmt: skip
    return render(request, "look/gallery.html", context)


@require_safe
def guidance(request: HttpRequest) -> HttpResponse:
    """写法与用法."""
    return render(request, "look/guidance.html", {"today": TODAY})
