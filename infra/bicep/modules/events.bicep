// Topics. Private endpoints need the Premium tier.
param location string
param tags object
param token string
param isPrivate bool

@description('App id of who consumes the usage events.')
param usageConsumer string

var topicNames = ['usage', 'budgets', 'audit-anchors', 'directory', 'health']

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: 'sb-${token}'
  location: location
  tags: tags
  sku: isPrivate ? { name: 'Premium', tier: 'Premium', capacity: 1 } : { name: 'Standard', tier: 'Standard' }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
  }
}

resource topics 'Microsoft.ServiceBus/namespaces/topics@2024-01-01' = [for name in topicNames: {
  parent: namespace
  name: name
  properties: { defaultMessageTimeToLive: 'P14D' }
}]

resource deadLetters 'Microsoft.ServiceBus/namespaces/topics@2024-01-01' = [for name in topicNames: {
  parent: namespace
  name: '${name}-dlq'
  properties: { defaultMessageTimeToLive: 'P14D' }
}]

resource usage 'Microsoft.ServiceBus/namespaces/topics/subscriptions@2024-01-01' = {
  parent: topics[0]
  name: usageConsumer
  properties: { maxDeliveryCount: 10, lockDuration: 'PT1M', deadLetteringOnMessageExpiration: true }
}

// A topic without a subscription keeps nothing, and dead letters are there to be looked at.
resource review 'Microsoft.ServiceBus/namespaces/topics/subscriptions@2024-01-01' = [for (name, i) in topicNames: {
  parent: deadLetters[i]
  name: 'review'
}]

output namespaceId string = namespace.id
output namespaceName string = namespace.name
output host string = '${namespace.name}.servicebus.windows.net'
