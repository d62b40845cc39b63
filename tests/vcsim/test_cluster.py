"""ComputeResource.ReconfigureComputeResource_Task with modify: HA, DRS, rules and overrides merge."""

from __future__ import annotations

from typing import Any

import pytest
from pyVmomi import vim, vmodl

from tests.vcsim.client import Client


@pytest.fixture
def vms(client: Client) -> list[Any]:
    return [client.cloned(f"app-{number}") for number in (1, 2)]


def reconfigure(client: Client, **spec: Any) -> Any:
    cluster = client.cluster()
    client.wait(cluster.ReconfigureComputeResource_Task(vim.cluster.ConfigSpecEx(**spec), True))
    return cluster.configurationEx


def rule(name: str, vms: list[Any], **more: Any) -> Any:
    return vim.cluster.AntiAffinityRuleSpec(**({"name": name, "enabled": True, "mandatory": True, "vm": vms} | more))


def test_ha_and_drs_merge(client: Client) -> None:
    """ReconfigureComputeResource_Task with modify: what is unset stays."""
    config = reconfigure(client, dasConfig=vim.cluster.DasConfigInfo(admissionControlEnabled=True))
    assert config.dasConfig.enabled and config.dasConfig.hostMonitoring == "enabled"
    config = reconfigure(client, drsConfig=vim.cluster.DrsConfigInfo(vmotionRate=2))
    assert config.drsConfig.enabled and config.drsConfig.vmotionRate == 2
    assert config.dasConfig.admissionControlEnabled


def test_admission_control_policies(client: Client) -> None:
    """ClusterDasConfigInfo.admissionControlPolicy: whole hosts, or shares of CPU and memory."""
    hosts = vim.cluster.FailoverLevelAdmissionControlPolicy(failoverLevel=1)
    config = reconfigure(client, dasConfig=vim.cluster.DasConfigInfo(admissionControlPolicy=hosts))
    assert config.dasConfig.admissionControlPolicy.failoverLevel == config.dasConfig.failoverLevel == 1
    shares = vim.cluster.FailoverResourcesAdmissionControlPolicy(
        cpuFailoverResourcesPercent=25, memoryFailoverResourcesPercent=30, autoComputePercentages=False
    )
    config = reconfigure(client, dasConfig=vim.cluster.DasConfigInfo(admissionControlPolicy=shares))
    assert config.dasConfig.admissionControlPolicy.cpuFailoverResourcesPercent == 25


def test_rule_is_added_edited_removed(client: Client, vms: list[Any]) -> None:
    """ClusterRuleSpec: add gives a key, edit names it, remove has it in removeKey; InvalidArgument for what is there
    already or is not."""
    add = vim.cluster.RuleSpec(operation="add", info=rule("apart", vms))
    [held] = reconfigure(client, rulesSpec=[add]).rule
    assert (held.name, held.enabled, held.mandatory, list(held.vm)) == ("apart", True, True, vms)
    with pytest.raises(vmodl.fault.InvalidArgument):
        reconfigure(client, rulesSpec=[add])
    third = client.cloned("app-3")
    edited = rule("apart", [*vms, third], key=held.key)
    [held] = reconfigure(client, rulesSpec=[vim.cluster.RuleSpec(operation="edit", info=edited)]).rule
    assert list(held.vm) == [*vms, third]
    absent = rule("other", vms, key=held.key + 1)
    for spec in (
        vim.cluster.RuleSpec(operation="edit", info=absent),
        vim.cluster.RuleSpec(operation="remove", removeKey=held.key + 1),
    ):
        with pytest.raises(vmodl.fault.InvalidArgument):
            reconfigure(client, rulesSpec=[spec])
    assert not list(reconfigure(client, rulesSpec=[vim.cluster.RuleSpec(operation="remove", removeKey=held.key)]).rule)


def test_a_rule_needs_two_vms_of_the_cluster(client: Client, vms: list[Any]) -> None:
    """ClusterAntiAffinityRuleSpec.vm: at least two; InvalidArgument."""
    elsewhere = client.cloned(
        "far-1",
        location=client.location(
            pool=client.cluster("osaka-1").resourcePool, datastore=client.find(vim.Datastore, "far")
        ),
    )
    for members in (vms[:1], [vms[0], vms[0]], [vms[0], elsewhere]):
        with pytest.raises(vmodl.fault.InvalidArgument):
            reconfigure(client, rulesSpec=[vim.cluster.RuleSpec(operation="add", info=rule("apart", members))])


def test_override_is_added_edited_removed(client: Client, vms: list[Any]) -> None:
    """ClusterDasVmConfigSpec: the same for HA settings of one VM, whose unset fields stay at an edit."""

    def override(priority: str, **more: Any) -> Any:
        settings = vim.cluster.DasVmSettings(restartPriority=priority, **more)
        return vim.cluster.DasVmConfigInfo(key=vms[0], dasSettings=settings)

    add = vim.cluster.DasVmConfigSpec(operation="add", info=override("high", isolationResponse="none"))
    reconfigure(client, dasVmConfigSpec=[add])
    with pytest.raises(vmodl.fault.InvalidArgument):
        reconfigure(client, dasVmConfigSpec=[add])
    edit = vim.cluster.DasVmConfigSpec(operation="edit", info=override("low"))
    [held] = reconfigure(client, dasVmConfigSpec=[edit]).dasVmConfig
    assert (held.key, held.dasSettings.restartPriority, held.dasSettings.isolationResponse) == (vms[0], "low", "none")
    remove = vim.cluster.DasVmConfigSpec(operation="remove", removeKey=vms[0])
    assert not list(reconfigure(client, dasVmConfigSpec=[remove]).dasVmConfig)
    for absent in (edit, remove):
        with pytest.raises(vmodl.fault.InvalidArgument):
            reconfigure(client, dasVmConfigSpec=[absent])


def test_all_or_nothing(client: Client, vms: list[Any]) -> None:
    """ReconfigureComputeResource_Task: a specification with a mistake changes nothing."""
    spec = [
        vim.cluster.RuleSpec(operation="add", info=rule(name, members))
        for name, members in (("a", vms), ("b", vms[:1]))
    ]
    with pytest.raises(vmodl.fault.InvalidArgument):
        reconfigure(client, rulesSpec=spec)
    assert not list(client.cluster().configurationEx.rule)
