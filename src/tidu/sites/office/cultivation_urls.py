"""Addresses of the ladder, the pools, the monthly table, the warnings and the materials."""

from __future__ import annotations

from django.urls import path

from tidu.sites.office import (
    cultivation_acts,
    cultivation_ladder,
    cultivation_materials,
    cultivation_pools,
    cultivation_revenue,
    cultivation_warnings,
)  # fmt: skip

cultivation_paths = [
    path("ladder/", cultivation_ladder.funnel, name="ladder"),
    path("ladder/firms/", cultivation_ladder.ladder_firms, name="ladder-firms"),
    path("ladder/expiring/", cultivation_ladder.expiring, name="ladder-expiring"),
    path("firms/<str:code>/ladder/", cultivation_ladder.firm_ladder, name="firm-ladder"),
    path("pools/", cultivation_pools.overview, name="pools"),
    path("pools/compute/", cultivation_acts.compute_now, name="cultivation-compute"),
    path("pools/<str:key>/", cultivation_pools.pool, name="pool"),
    path("pools/<str:key>/candidates/", cultivation_pools.candidates, name="pool-candidates"),
    path("pools/<str:key>/exits/", cultivation_pools.exits, name="pool-exits"),
    path("pools/<str:key>/unknown/", cultivation_pools.unknown, name="pool-unknown"),
    path("pools/<str:pool>/act/", cultivation_acts.act, name="pool-act"),
    path("revenue/", cultivation_revenue.table, name="revenue"),
    path("warnings/", cultivation_warnings.warning_list, name="warnings"),
    path("warnings/claim/", cultivation_warnings.claim, name="warning-claim"),
    path("warnings/<int:number>/", cultivation_warnings.warning, name="warning"),
    path("warnings/<int:number>/act/", cultivation_warnings.act, name="warning-act"),
    path("materials/", cultivation_materials.catalogue, name="materials"),
    path("materials/<str:key>/", cultivation_materials.material, name="material"),
]
