"""The embedded simulator: a world in one SQLite file that behaves as a vCenter does, and keeps what happened in it.

Here: the file, its transactions, and what people and bad luck do to it. Not here: the rules of the world
(`wpf_infra.backend.ledger`), declarations, plans, Pulumi; nothing is a mock, and nothing knows why it is asked.

backend       the contract                     hand          what people and bad luck do to the world
file          the file, its transactions       batch         many threads' changes in one commit
faults        what a test wants to go wrong    damage        files that are none
status        the whole world, to look at
"""
