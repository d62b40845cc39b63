"""The ledger: a world as rows, and what may be done to it.

Here: the rules that hold on every backend, on SQLite rows: where a server finds room, what stays free for a failed
host, whose address and VLAN it is, what a running server refuses. Not here: where the rows come from. The simulator's
file is a ledger, and is the world; the vSphere backend keeps one in memory, filled from what it observed, and asks it
before it asks vCenter. A map, top to bottom:

calls         the contract's calls, as stages  rehearsal     the same, taken back again
build, steps, removal   a server's life        hardware      hosts and disks that fail and come back
inventory, room, firewall  everything else     strangers     what stands there and is not ours
observation   rows to model                    journal       what really happened to people
capacity      placement and HA, on rows        placement, availability, storage   the decisions, pure
schema, server  rows                           stage         the vocabulary of stages
entry         rows of what was observed elsewhere
"""
