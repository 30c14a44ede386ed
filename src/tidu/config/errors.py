"""Pages for what went wrong: what happened and what to do next, in Chinese, with a stable code; as JSON where asked for."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from tidu.apps.administration.queries import values_of
from tidu.config.security import MOST_FIELDS
from tidu.kernel.errors import Problems, TiduError

TITLES = {
    400: "提交的内容有问题",
    403: "没有权限打开这个页面",
    404: "没有找到这个页面",
    405: "不能这样打开这个页面",
    411: "提交的内容没有注明长度",
    413: "提交的内容太大",
    500: "系统出错了",
}


def wants_json(request: HttpRequest) -> bool:
    """Whether the answer is to be JSON: the same address with ``?format=json``."""
    return request.GET.get("format") == "json"


def problem_page(request: HttpRequest, error: TiduError, *, status: int) -> HttpResponse:
    """The page of one error (or several found together)."""
    listed = error.problems if isinstance(error, Problems) else [error]
    if wants_json(request):
        problems = [{"code": one.code, "message": one.message} for one in listed]
        return JsonResponse({"error": error.code, "problems": problems}, status=status, json_dumps_params={"ensure_ascii": False})
    context = {"title": TITLES[status], "sentences": [one.message for one in listed], "code": error.code}
    return HttpResponse(render_to_string("look/error.html", context, request), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own refusals of a request, said in Chinese."""
    if isinstance(exception, TooManyFieldsSent | TooManyFilesSent):
        error = TiduError("too-many-fields", f"提交的项目超过 {MOST_FIELDS} 个，没有处理。请从页面上重新填写后提交。")
    elif isinstance(exception, RequestDataTooBig):
        error = TiduError("form-too-large", "填写的文字超过 1 MB，没有处理。请删减后再提交；整张表请用“上传工作簿”。")
    else:
        error = TiduError("bad-request", "系统看不懂这次提交，没有处理。请回到页面重新操作。")
    return problem_page(request, error, status=400)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, with the sentence of the page that did not find something, where it has one."""
    told = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    sentence = told or "网址可能写错了，或者页面已经移走。请从首页或导航进入。"
    return problem_page(request, TiduError("page-not-found", sentence), status=404)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """403."""
    return problem_page(request, TiduError("permission-denied", "您的岗位不能打开这个页面。需要时请联系系统管理员。"), status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: ours to mend; nothing the visitor entered is repeated."""
    return problem_page(request, TiduError("server-error", "这是系统的问题，不是您填写的问题，已经记录。请稍后再试。"), status=500)


def bad_form_token(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """A form without its token."""
    return problem_page(request, TiduError("form-expired", "页面停留太久，表单已经过期，没有处理。请刷新页面后重新提交。"), status=403)


def locked_out(request: HttpRequest, *given: object, **named: object) -> HttpResponse:
    """Too many wrong passwords."""
    del given, named
    policy = values_of(("login.lock-after", "login.lock-minutes"))
    sentence = (
        f"连续输错 {policy['login.lock-after']} 次，账号已锁定 {policy['login.lock-minutes']} 分钟。请稍后再试；忘记密码请找系统管理员。"
    )
    return problem_page(request, TiduError("locked-out", sentence), status=403)
