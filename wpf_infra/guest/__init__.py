"""What a guest is told at its first boot: cloud-init for Linux, cloudbase-init for Windows (FAQ 1, 18, 19, 21).

Here: rendering, pure but for the templates' files. Not here: handing it over (`wpf_infra.backend`).
"""
