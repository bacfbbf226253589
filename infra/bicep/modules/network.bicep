// One network: the apps' subnet, and one for private endpoints.
param location string
param tags object
param token string
param addresses string

resource network 'Microsoft.Network/virtualNetworks@2025-01-01' = {
  name: 'vnet-${token}'
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addresses] }
    subnets: [
      {
        name: 'apps'
        properties: {
          addressPrefix: cidrSubnet(addresses, 24, 0)
          delegations: [{ name: 'apps', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      {
        name: 'endpoints'
        properties: { addressPrefix: cidrSubnet(addresses, 24, 1), privateEndpointNetworkPolicies: 'Disabled' }
      }
    ]
  }

  resource apps 'subnets' existing = { name: 'apps' }
  resource endpoints 'subnets' existing = { name: 'endpoints' }
}

output networkName string = network.name
output appsSubnetId string = network::apps.id
output endpointsSubnetId string = network::endpoints.id
