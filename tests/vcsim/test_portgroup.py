"""DistributedVirtualPortgroup.ReconfigureDVPortgroup_Task: merge, versions, traffic rules."""

from __future__ import annotations

from typing import Any

import pytest
from pyVmomi import vim

from tests.vcsim.client import Client, card, change

_Setting = vim.dvs.VmwareDistributedVirtualSwitch.VmwarePortConfigPolicy
_Spec: Any = vim.dvs.DistributedVirtualPortgroup.ConfigSpec


@pytest.fixture
def portgroup(client: Client) -> Any:
    vlan = vim.dvs.VmwareDistributedVirtualSwitch.VlanIdSpec(vlanId=100, inherited=False)
    return client.add_portgroups("wpf-vlan-0100", numPorts=8, defaultPortConfig=_Setting(vlan=vlan))


def rules(*descriptions: str) -> Any:
    accept: Any = vim.dvs.TrafficRule.AcceptAction
    ruleset = vim.dvs.TrafficRuleset(
        enabled=True,
        rules=[
            vim.dvs.TrafficRule(description=text, sequence=10 * at, direction="both", action=accept())
            for at, text in enumerate(descriptions, 1)
        ],
    )
    filters = [
        vim.dvs.DistributedVirtualPort.TrafficFilterConfig(agentName="dvfilter-generic-vmware", trafficRuleset=ruleset)
    ]
    return _Setting(filterPolicy=vim.dvs.DistributedVirtualPort.FilterPolicy(filterConfig=filters, inherited=False))


def held(portgroup: Any) -> Any:
    return portgroup.config.defaultPortConfig.filterPolicy.filterConfig[0].trafficRuleset


def test_what_is_unset_stays(client: Client, portgroup: Any) -> None:
    """DVPortgroupConfigSpec: VLAN and ports outlive traffic rules, and those outlive a new description."""
    for spec in (_Spec(defaultPortConfig=rules("one", "two")), _Spec(description="of hill")):
        spec.configVersion = portgroup.config.configVersion
        client.wait(portgroup.ReconfigureDVPortgroup_Task(spec))
    config = portgroup.config
    assert config.defaultPortConfig.vlan.vlanId == 100 and config.numPorts == 8
    assert [rule.description for rule in held(portgroup).rules] == ["one", "two"]
    assert (config.description, config.name) == ("of hill", "wpf-vlan-0100")


def test_rules_get_keys_and_are_replaced_as_a_set(client: Client, portgroup: Any) -> None:
    """DvsTrafficRule.key is given by the server; a rule set takes the place of another."""
    for descriptions in (("one", "two"), ("three",)):
        spec = _Spec(configVersion=portgroup.config.configVersion, defaultPortConfig=rules(*descriptions))
        client.wait(portgroup.ReconfigureDVPortgroup_Task(spec))
        keys = [rule.key for rule in held(portgroup).rules]
        assert all(keys) and len(set(keys)) == len(descriptions)
    assert [rule.description for rule in held(portgroup).rules] == ["three"]


def test_stale_version(client: Client, portgroup: Any) -> None:
    """DVPortgroupConfigSpec.configVersion: it changes with the configuration; ConcurrentAccess for one that is stale or
    missing."""
    version = portgroup.config.configVersion
    client.wait(portgroup.ReconfigureDVPortgroup_Task(_Spec(configVersion=version, description="first")))
    assert portgroup.config.configVersion != version
    for stale in (version, None):
        with pytest.raises(vim.fault.ConcurrentAccess):
            client.wait(portgroup.ReconfigureDVPortgroup_Task(_Spec(configVersion=stale, description="second")))
    assert portgroup.config.description == "first"


def test_a_card_on_a_port(client: Client, portgroup: Any) -> None:
    """VirtualEthernetCardDistributedVirtualPortBackingInfo.port: the server gives the port; a portgroup or switch that
    is not there is InvalidDeviceSpec."""
    switch = client.find(vim.DistributedVirtualSwitch, "platform")
    vm = client.cloned("app-1")
    nic = card(vm)

    def plug(**port: str) -> None:
        backing: Any = vim.vm.device.VirtualEthernetCard.DistributedVirtualPortBackingInfo
        nic.backing = backing(port=vim.dvs.PortConnection(**port))
        client.reconfigure(vm, deviceChange=[change("edit", nic)])

    address = nic.macAddress
    plug(switchUuid=switch.uuid, portgroupKey=portgroup.key)
    assert card(vm).backing.port.portKey and card(vm).macAddress == address
    for wrong in (
        {"switchUuid": switch.uuid, "portgroupKey": "dvportgroup-0"},
        {"switchUuid": "0", "portgroupKey": portgroup.key},
    ):
        with pytest.raises(vim.fault.InvalidDeviceSpec):
            plug(**wrong)
