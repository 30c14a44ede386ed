"""Addresses of imports."""

from __future__ import annotations

from django.urls import path

from tidu.sites.office import import_lists, import_sheets, imports

import_paths = [
    path("imports/", imports.import_list, name="imports"),
    path("imports/new/", imports.import_new, name="import-new"),
    path("imports/<int:number>/", imports.import_page, name="import"),
    path("imports/<int:number>/act/", imports.import_act, name="import-act"),
    path("imports/<int:number>/sheets/<int:position>/", import_sheets.import_sheet, name="import-sheet"),
    path("imports/<int:number>/rows/", import_lists.import_rows, name="import-rows"),
    path("imports/<int:number>/problems/", import_lists.import_problems, name="import-problems"),
    path("imports/<int:number>/differences/", import_lists.import_differences, name="import-differences"),
    path("imports/<int:number>/names/", import_lists.import_names, name="import-names"),
    path("imports/<int:number>/annotated/", import_lists.import_annotated, name="import-annotated"),
    path("import-codes/", import_lists.import_codes, name="import-codes"),
]
