"""Who may talk to whom: allowances, and later the rules and flows they are compiled to.

Here: pure functions over the catalogue. Not here: judging allowances (`wpf_infra.policy`), filters of a backend.
"""
