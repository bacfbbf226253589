// What the gateway needs on Azure, in a resource group of its own. The apps themselves are gateway.bicep and functions.bicep, which
// `azd deploy` deploys with the image that it has just pushed: before there is an image there is no app.
targetScope = 'subscription'

@minLength(1)
@maxLength(40)
@description('Name of the environment; part of the names of the resource group and of what is in it.')
param environmentName string

@minLength(1)
@description('Region of every resource.')
param location string

@description('Object id of who deploys; may read and write the vault\'s secrets. Empty: nobody is given that right.')
param principalId string = ''

@allowed(['User', 'ServicePrincipal', 'Group'])
@description('What principalId is.')
param principalType string = 'User'

@description('True: a virtual network, private endpoints for everything, and no public access to any of it but the gateway.')
param privateNetwork bool = false

@description('True: the gateway itself is reached from the virtual network only. Needs privateNetwork.')
param internalOnly bool = false

@description('Addresses of the virtual network, at least a /22. The first /24 is the apps\', the second the private endpoints\'.')
param networkAddresses string = '10.40.0.0/22'

@description('True: what the functions app needs (storage, identity, subscription) is made, and it consumes the usage events instead of the gateway.')
param withFunctions bool = true

@description('True: a Qdrant of one replica inside the environment, which the gateway uses. Its data goes with the replica.')
param withQdrant bool = false

@description('Where the gRPC of a Qdrant of your own answers, such as https://qdrant.example:6334; the gateway then uses that one.')
param qdrantUrl string = ''

@minValue(30)
@maxValue(730)
@description('How long logs and traces are kept, in days.')
param retentionDays int = 30

@description('Where alerts are sent; empty: they are only shown in the portal.')
param alertEmail string = ''

@minValue(0)
@description('Monthly budget of the resource group, in the currency of the subscription; 0: none. Needs alertEmail.')
param monthlyBudget int = 0

@description('First day of the month in which the budget began (yyyy-MM-01), so that deploying again does not move it; empty: this month.')
param budgetStart string = ''

@description('This month. Not to be given.')
param thisMonth string = utcNow('yyyy-MM-01')

@description('Whether the vault has the gateway\'s own secrets already. They are made once: with another key-hashing secret all stored keys are void.')
param secretsExist bool = false

@secure()
@description('Admin key of a new environment.')
param newAdminKey string = 'gw-admin-${newGuid()}'

@secure()
@description('Key-hashing secret of a new environment.')
param newKeyHashingSecret string = '${newGuid()}-${newGuid()}'

var token = uniqueString(subscription().id, environmentName, location)
var tags = { 'azd-env-name': environmentName }
var isInternal = privateNetwork && internalOnly
var budgetMonth = empty(budgetStart) ? thisMonth : budgetStart

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identities 'modules/identities.bicep' = {
  scope: group
  params: { location: location, tags: tags, token: token }
}

module network 'modules/network.bicep' = if (privateNetwork) {
  scope: group
  params: { location: location, tags: tags, token: token, addresses: networkAddresses }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: { location: location, tags: tags, token: token, retentionDays: retentionDays }
}

module registry 'modules/registry.bicep' = {
  scope: group
  params: { location: location, tags: tags, token: token, isPrivate: privateNetwork }
}

module vault 'modules/vault.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    isPrivate: privateNetwork
    secretsExist: secretsExist
    newAdminKey: newAdminKey
    newKeyHashingSecret: newKeyHashingSecret
  }
}

module state 'modules/state.bicep' = {
  scope: group
  params: { location: location, tags: tags, token: token, isPrivate: privateNetwork }
}

module events 'modules/events.bicep' = {
  scope: group
  params: { location: location, tags: tags, token: token, isPrivate: privateNetwork, usageConsumer: withFunctions ? 'functions' : 'gateway' }
}

module storage 'modules/storage.bicep' = if (withFunctions) {
  scope: group
  params: { location: location, tags: tags, token: token, isPrivate: privateNetwork }
}

module endpoints 'modules/private-endpoints.bicep' = if (privateNetwork) {
  scope: group
  params: {
    location: location
    tags: tags
    networkName: network!.outputs.networkName
    subnetId: network!.outputs.endpointsSubnetId
    services: concat(
      [
        { name: 'vault', id: vault.outputs.id, groupId: 'vault', zone: 'privatelink.vaultcore.azure.net' }
        { name: 'state', id: state.outputs.accountId, groupId: 'Sql', zone: 'privatelink.documents.azure.com' }
        { name: 'events', id: events.outputs.namespaceId, groupId: 'namespace', zone: 'privatelink.servicebus.windows.net' }
        { name: 'registry', id: registry.outputs.id, groupId: 'registry', zone: 'privatelink.azurecr.io' }
      ],
      withFunctions
        ? map(['blob', 'queue', 'table'], kind => {
            name: kind
            id: storage!.outputs.id
            groupId: kind
            zone: 'privatelink.${kind}.${environment().suffixes.storage}'
          })
        : []
    )
  }
}

module roles 'modules/rbac.bicep' = {
  scope: group
  params: {
    registryName: registry.outputs.name
    vaultName: vault.outputs.name
    stateAccountName: state.outputs.accountName
    eventsNamespaceName: events.outputs.namespaceName
    storageName: withFunctions ? storage!.outputs.name : ''
    sharedPrincipalId: identities.outputs.shared.principalId
    gatewayPrincipalId: identities.outputs.gateway.principalId
    functionsPrincipalId: identities.outputs.functions.principalId
    deployerId: principalId
    deployerType: principalType
  }
}

module apps 'modules/environment.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    workspaceName: monitoring.outputs.workspaceName
    insightsName: monitoring.outputs.insightsName
    subnetId: privateNetwork ? network!.outputs.appsSubnetId : ''
    isInternal: isInternal
  }
}

module appNames 'modules/app-names.bicep' = if (isInternal) {
  scope: group
  params: {
    tags: tags
    networkName: network!.outputs.networkName
    domain: apps.outputs.domain
    address: apps.outputs.address
  }
}

module dapr 'modules/dapr.bicep' = {
  scope: group
  params: {
    environmentName: apps.outputs.name
    withFunctions: withFunctions
    cosmosUrl: state.outputs.url
    serviceBusHost: events.outputs.host
    keyVaultName: vault.outputs.name
    sharedClientId: identities.outputs.shared.clientId
    gatewayClientId: identities.outputs.gateway.clientId
  }
  // A sidecar whose component may not read its service does not start.
  dependsOn: [roles]
}

module qdrant 'modules/qdrant.bicep' = if (withQdrant) {
  scope: group
  params: { location: location, tags: tags, environmentName: apps.outputs.name, identityId: identities.outputs.qdrant.id }
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    workspaceName: monitoring.outputs.workspaceName
    eventsNamespaceName: events.outputs.namespaceName
    stateAccountName: state.outputs.accountName
    email: alertEmail
  }
}

module cost 'modules/cost.bicep' = if (monthlyBudget > 0 && !empty(alertEmail)) {
  scope: group
  params: { amount: monthlyBudget, start: budgetMonth, email: alertEmail }
}

// What azd keeps for `azd deploy` and for the next `azd provision`. None of it is a secret.
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_CONTAINER_REGISTRY_ENDPOINT string = registry.outputs.host
output GATEWAY_ENVIRONMENT string = apps.outputs.name
output GATEWAY_KEY_VAULT string = vault.outputs.name
output GATEWAY_IDENTITY string = identities.outputs.gateway.name
output GATEWAY_SHARED_IDENTITY string = identities.outputs.shared.name
output GATEWAY_FUNCTIONS_IDENTITY string = identities.outputs.functions.name
output GATEWAY_FUNCTIONS_STORAGE string = withFunctions ? storage!.outputs.name : ''
output GATEWAY_QDRANT_ENDPOINT string = !empty(qdrantUrl) ? qdrantUrl : withQdrant ? qdrant!.outputs.endpoint : ''
output GATEWAY_SECRETS_EXIST bool = true
output GATEWAY_BUDGET_START string = budgetMonth
