"""Certificates: an offline root, an issuing CA below it, what they sign, and when it is renewed (FAQ 3).

Here: X.509, with the moment passed in. Not here: where keys and certificates are kept (`wpf_infra.backend.issuer`).
"""
