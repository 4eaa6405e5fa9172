"""Measures what a shopper and an operator wait for: search, embedding, photos, pages, imports.

Timings are never asserted: every figure comes with a baseline of the same run.
"""
