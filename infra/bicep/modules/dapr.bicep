// components/azure as resources of the environment: the files are the source, and ${name} in them is filled in here.
param environmentName string
param withFunctions bool
param cosmosUrl string
param serviceBusHost string
param keyVaultName string
param sharedClientId string
param gatewayClientId string

var values = {
  cosmosUrl: cosmosUrl
  serviceBusHost: serviceBusHost
  keyVaultName: keyVaultName
  sharedClientId: sharedClientId
  gatewayClientId: gatewayClientId
}

func fill(text string, values object) string => reduce(items(values), text, (done, value) => replace(done, '\${${value.key}}', value.value))

resource environment 'Microsoft.App/managedEnvironments@2025-10-02-preview' existing = { name: environmentName }

resource statestore 'Microsoft.App/managedEnvironments/daprComponents@2025-10-02-preview' = {
  parent: environment
  name: 'statestore'
  properties: json(fill(string(loadYamlContent('../../../components/azure/statestore.yaml')), values))

  resource resiliency 'resiliencyPolicies' = {
    name: 'statestore'
    properties: loadYamlContent('../../../components/azure/statestore-resiliency.yaml')
  }
}

resource pubsub 'Microsoft.App/managedEnvironments/daprComponents@2025-10-02-preview' = {
  parent: environment
  name: 'pubsub'
  properties: json(fill(string(loadYamlContent('../../../components/azure/pubsub.yaml')), values))

  resource resiliency 'resiliencyPolicies' = {
    name: 'pubsub'
    properties: loadYamlContent('../../../components/azure/pubsub-resiliency.yaml')
  }
}

resource secrets 'Microsoft.App/managedEnvironments/daprComponents@2025-10-02-preview' = {
  parent: environment
  name: 'secrets'
  properties: json(fill(string(loadYamlContent('../../../components/azure/secrets.yaml')), values))
}

resource usage 'Microsoft.App/managedEnvironments/daprSubscriptions@2025-10-02-preview' = if (withFunctions) {
  parent: environment
  name: 'usage'
  properties: loadYamlContent('../../../components/azure/usage-subscription.yaml')
  dependsOn: [pubsub]
}
