"""Fulfilment towards files: the table for finance, what finance reports back."""
