"""The registry: users of the portal, lines, monitoring, maintenance; notices, erasure records and the audit trail.

Here: the carrier of what no vCenter has a word for, in a database of its own. Not here: portals, mail, Zabbix.
"""
