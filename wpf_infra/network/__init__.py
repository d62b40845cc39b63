"""Firewalls: allowances and services, the policies and rules they are compiled to, and what those let pass.

Here: pure functions over the catalogue; the compiler itself (`service`, `resolve`, `filter`, `rules`), and in folders
the sets (`flow`), the questions (`reach`) and the tables and drawings (`picture`), each resting on the one before. Not
here: judging allowances (`wpf_infra.policy`), filters of a backend.
"""
