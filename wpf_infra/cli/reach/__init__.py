"""`wpf reach`: who may talk to whom, asked, compared, tabled and drawn.

Here: the verb (`command`), where its worlds come from (`worlds`), and the words of what it finds. Not here: the finding
(`wpf_infra.network`).
"""
