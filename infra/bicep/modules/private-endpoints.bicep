// An address in the network for each service, and the names that lead there.
param location string
param tags object
param networkName string
param subnetId string

@description('What gets an endpoint: its resource, the group of its endpoint, and the zone its name is in.')
param services { name: string, id: string, groupId: string, zone: string }[]

resource network 'Microsoft.Network/virtualNetworks@2025-01-01' existing = { name: networkName }

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [for service in services: {
  name: service.zone
  location: 'global'
  tags: tags
}]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [for (service, i) in services: {
  parent: zones[i]
  name: networkName
  location: 'global'
  tags: tags
  properties: { registrationEnabled: false, virtualNetwork: { id: network.id } }
}]

resource endpoints 'Microsoft.Network/privateEndpoints@2025-01-01' = [for service in services: {
  name: 'pe-${service.name}'
  location: location
  tags: tags
  properties: {
    subnet: { id: subnetId }
    privateLinkServiceConnections: [
      // The rule does not see that an item of a parameter is one.
      #disable-next-line use-resource-id-functions
      { name: service.name, properties: { privateLinkServiceId: service.id, groupIds: [service.groupId] } }
    ]
  }
}]

resource groups 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-01-01' = [for (service, i) in services: {
  parent: endpoints[i]
  name: 'default'
  properties: { privateDnsZoneConfigs: [{ name: service.name, properties: { privateDnsZoneId: zones[i].id } }] }
}]
