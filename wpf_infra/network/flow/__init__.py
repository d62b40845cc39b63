"""Sets of flows and their algebra, exact over the whole header space.

Here: the sets. Not here: which flows are meant, and which pass (`reach`).
"""
