// Images. Private endpoints need the Premium tier.
param location string
param tags object
@minLength(13)
param token string
param isPrivate bool

resource registry 'Microsoft.ContainerRegistry/registries@2025-04-01' = {
  name: 'cr${token}'
  location: location
  tags: tags
  sku: { name: isPrivate ? 'Premium' : 'Basic' }
  properties: {
    adminUserEnabled: false
    anonymousPullEnabled: false
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
  }
}

output id string = registry.id
output name string = registry.name
output host string = registry.properties.loginServer
