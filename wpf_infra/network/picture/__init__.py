"""What passes, between ends with names: tables and drawings.

Here: from sets of flows to names, cells and shapes. Not here: SVG (`templates/report`), the terminal (`wpf_infra.cli`).
"""
