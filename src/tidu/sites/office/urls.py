"""Addresses of the back office."""

from __future__ import annotations

from django.urls import path

from tidu.sites.office import desk, entering, firms, jobs
from tidu.sites.office.administration_urls import administration_paths
from tidu.sites.office.assessment_urls import assessment_paths
from tidu.sites.office.cultivation_urls import cultivation_paths
from tidu.sites.office.fulfilment.case_urls import case_paths
from tidu.sites.office.fulfilment.duty_urls import duty_paths
from tidu.sites.office.fulfilment.notices_urls import notice_paths
from tidu.sites.office.fulfilment.outbox_urls import outbox_paths
from tidu.sites.office.fulfilment.payments_urls import payment_paths
from tidu.sites.office.fulfilment.settlement_urls import settlement_paths
from tidu.sites.office.import_urls import import_paths
from tidu.sites.office.registry_urls import registry_paths
from tidu.sites.office.stored_file_urls import stored_file_paths

urlpatterns = [
    path("login/", entering.enter, name="login"),
    path("logout/", entering.leave, name="logout"),
    path("", desk.desk, name="desk"),
    path("firms/", firms.firm_list, name="firms"),
    path("firms/<str:code>/", firms.firm, name="firm"),
    *registry_paths,
    path("jobs/", jobs.job_list, name="jobs"),
    path("jobs/<int:number>/", jobs.job, name="job"),
    *assessment_paths,
    *case_paths,
    *administration_paths,
    *cultivation_paths,
    *duty_paths,
    *import_paths,
    *notice_paths,
    *outbox_paths,
    *payment_paths,
    *settlement_paths,
    *stored_file_paths,
]
