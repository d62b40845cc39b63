"""Declarations from disk to model: the only place that reads stacks/.

Here: YAML by 1.2 rules, Python declarations, the folder of tenants, the project. Not here: what is allowed
(`wpf_infra.policy`), and any engine.
"""
