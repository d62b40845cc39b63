"""Infrastructure as code for a closed-network, multi-tenant water platform. A map, top to bottom:

testing    asserts for a team's own tests
cli        the `wpf` command                       loading   tenant files and the catalogue, from disk to model
declare    catalogue to Pulumi resources           policy    every rule a declaration can break
onboarding application forms to tenants' files     network   allowances to rules
provider   the Pulumi provider: gRPC in, model out
backend    observe and change: simulator, vSphere  plan      observed against desired: changes and disturbances
template   letters and forms from templates/       model     what people declare; pure values
toolchain  finds or builds the engine's command    calendar  dates as the platform means them
errors, language  what is said to people, in two languages

Nothing is imported here: each command pays for what it uses.
"""
