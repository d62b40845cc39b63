"""The issuer: the platform's certificate authority, with a store of its own (FAQ 3).

Here: the carrier of the authority, of certificates and of vendors' anchors. Not here: X.509 itself (`wpf_infra.pki`).
"""
