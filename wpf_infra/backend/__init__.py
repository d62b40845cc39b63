"""Backends: what carries the platform. One contract (`contract`), one choice (`select`), one package each.

Here: observing and changing the world. Not here: deciding anything; that is `wpf_infra.plan`.
"""
