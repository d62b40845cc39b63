"""Who may talk to whom: allowances, the rules they are compiled to, and what passes, as sets.

Here: pure functions over the catalogue. Not here: judging allowances (`wpf_infra.policy`), filters of a backend.
"""
