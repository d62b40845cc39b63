"""From an application form to a tenant's file.

    form, form_file     what a form is, and reading one (YAML; `workbook` for Excel)
    held, allocation    what others hold, and the lowest free network, VLAN and addresses; pure
    existing            a form whose tenant is there already: alike, or where it differs
    judging             the whole catalogue with the newcomers in it
    enrolment           one form, or several that need each other, from reading the catalogue to writing, under one lock
    placing             new files on disk, all of them or none
    rule                what a form is held to, by name
    batch               the order of a folder of forms
    next_step           what people do next

Not here: the rules (`wpf_infra.policy`), a tenant's file as text (`wpf_infra.loading`), what is printed
(`wpf_infra.cli.onboard`).
"""
