// Shared state. Serverless: idle, it costs what is stored. Strong consistency, because what one replica wrote the next one must see.
param location string
param tags object
param token string
param isPrivate bool

resource account 'Microsoft.DocumentDB/databaseAccounts@2025-04-15' = {
  name: 'cosmos-${token}'
  location: location
  tags: tags
  kind: 'GlobalDocumentDB'
  properties: {
    databaseAccountOfferType: 'Standard'
    capabilities: [{ name: 'EnableServerless' }]
    consistencyPolicy: { defaultConsistencyLevel: 'Strong' }
    locations: [{ locationName: location, failoverPriority: 0, isZoneRedundant: false }]
    disableLocalAuth: true
    disableKeyBasedMetadataWriteAccess: true
    minimalTlsVersion: 'Tls12'
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    backupPolicy: { type: 'Continuous', continuousModeProperties: { tier: 'Continuous7Days' } }
  }

  resource database 'sqlDatabases' = {
    name: 'gateway'
    properties: { resource: { id: 'gateway' } }

    resource container 'containers' = {
      name: 'state'
      properties: {
        resource: {
          id: 'state'
          partitionKey: { kind: 'Hash', paths: ['/partitionKey'], version: 2 }
          // On, without a default: values go when they say so.
          defaultTtl: -1
          // Values are read by their key only.
          indexingPolicy: { indexingMode: 'none', automatic: false }
        }
      }
    }
  }
}

output accountId string = account.id
output accountName string = account.name
output url string = account.properties.documentEndpoint
