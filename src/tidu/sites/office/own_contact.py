"""联系方式: where one wants to be told outside the system."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.domain.contact import Contact, contact_of, set_contact
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.accounts.models import User
from tidu.apps.messages.channels import channels
from tidu.apps.messages.enums import ChannelName
from tidu.look.fields import CHECKBOXES, Choice, Field
from tidu.sites.office.plain_pages import FormPage, answer_form, attempt, text_of, way


@sensitive_post_parameters("phone", "email")
@page_for(*Role, bare=True)
@require_http_methods(["GET", "HEAD", "POST"])
def account_contact(request: HttpRequest, actor: Actor) -> HttpResponse:
    """联系方式: own only."""
    user, problems = User.objects.get(pk=actor.user), []
    given = contact_of(user)
    if request.method == "POST":
        ways = request.POST.getlist("ways")
        given = Contact(text_of(request, "email", 254), text_of(request, "phone", 40), "email" in ways, "sms" in ways)
        _, problems = attempt(lambda: set_contact(actor=actor, at=timezone.now(), user=user, wanted=given))
        if not problems:
            return HttpResponseRedirect(reverse("account"))
    chosen = tuple(name for name, on in (("email", given.by_email), ("sms", given.by_sms)) if on)
    choices = [
        Choice(name.value, f"消息也发{ChannelName(name).label}", "系统还没有开通，开通后生效" if one.off else "")
        for name, one in channels().items()
    ]
    fields = (
        Field("email", "电子邮箱", values=(given.email,), optional=True),
        Field("phone", "手机号", hint="加密保存，别人看不到", values=(given.phone,), optional=True),
        Field("ways", "站内消息之外", CHECKBOXES, "不选就只在站内收消息", values=chosen, choices=choices, optional=True),
    )
    page = FormPage("联系方式", fields, "保存", crumbs=(way("account", "我的账号"),))
    return answer_form(request, page, problems)
