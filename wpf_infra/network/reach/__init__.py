"""What is meant, what passes, and what passes though nobody meant it; questions about it, and differences.

Here: a world of sets, and answers as values. Not here: their words (`wpf_infra.cli`), their drawings (`picture`).
"""
