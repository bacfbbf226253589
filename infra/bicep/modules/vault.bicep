// Secrets: the providers' keys, which you put there, and the gateway's own two, which are made once.
param location string
param tags object
param token string
param isPrivate bool
param secretsExist bool

@secure()
param newAdminKey string

@secure()
param newKeyHashingSecret string

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: 'kv-${token}'
  location: location
  tags: tags
  properties: {
    sku: { family: 'A', name: 'standard' }
    tenantId: tenant().tenantId
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 7
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: { bypass: 'None', defaultAction: isPrivate ? 'Deny' : 'Allow' }
  }

  resource adminKey 'secrets' = if (!secretsExist) {
    name: 'gateway-admin-key'
    properties: { value: newAdminKey, contentType: 'text/plain' }
  }

  resource keyHashingSecret 'secrets' = if (!secretsExist) {
    name: 'gateway-key-hashing-secret'
    properties: { value: newKeyHashingSecret, contentType: 'text/plain' }
  }
}

output id string = vault.id
output name string = vault.name
