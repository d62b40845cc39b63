"""A vCenter as the backend: what is declared stands there as its own objects.

Here: the contract's calls over SOAP, the mapping both ways beside them as pure functions, one session a process. Not
here: the rules that a vCenter does not keep for us (`wpf_infra.backend.ledger`), and the hardware, which was there
before us. Open it from `wpf_infra.backend.vsphere.backend`.
"""
