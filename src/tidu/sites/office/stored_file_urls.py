"""Addresses of the files that were handed in."""

from __future__ import annotations

from django.urls import path

from tidu.sites.office import stored_files

stored_file_paths = [path("files/<int:number>/", stored_files.stored_file, name="stored-file")]
