"""The embedded simulator: a world in one SQLite file that behaves as a vCenter does, and keeps what happened in it.

Here: hosts, RAID groups, servers and what befalls them. Not here: declarations, plans, Pulumi; nothing is a mock, and
nothing knows why it is asked. A map, top to bottom:

backend       the contract                     hand          what people and bad luck do to the world
build, steps, removal   a server's life        hardware      hosts and disks that fail and come back
platform, room, firewall  everything else      status        the whole world, to look at
observation   rows to model                    faults        what a test wants to go wrong
capacity      placement and HA, on rows        placement, availability, storage   the decisions, pure
file, schema  the file                         journal       what really happened to people
"""
