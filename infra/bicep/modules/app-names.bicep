// Inside the network the apps' names lead to the environment's own address.
param tags object
param networkName string
param domain string
param address string

resource network 'Microsoft.Network/virtualNetworks@2025-01-01' existing = { name: networkName }

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: domain
  location: 'global'
  tags: tags

  resource link 'virtualNetworkLinks' = {
    name: networkName
    location: 'global'
    tags: tags
    properties: { registrationEnabled: false, virtualNetwork: { id: network.id } }
  }

  resource apps 'A' = {
    name: '*'
    properties: { ttl: 300, aRecords: [{ ipv4Address: address }] }
  }
}
