"""The Pulumi resource provider: gRPC in, model out; the plan decides, the backend acts.

Here: `wire` (the only module that sees protobuf), `handlers` (the core), `session` (backend, time and language of one
process), `schema`, `server`. Not here: what a change means (`wpf_infra.plan`) or how it is made (`wpf_infra.backend`).
"""
