"""A stack's program: the current stack's part of the catalogue becomes Pulumi resources.

Here: `lowering` (pure), `program` (with the engine), `ending` (what is left out). Not here: rules and plans.
`stacks/__main__.py` calls `wpf_infra.declare.program.run`.
"""
