// Every right there is, in one place, each on the narrowest resource that serves.
param registryName string
param vaultName string
param stateAccountName string
param eventsNamespaceName string

@description('Empty: there is none.')
param storageName string
param sharedPrincipalId string
param gatewayPrincipalId string
param functionsPrincipalId string

@description('Empty: nobody.')
param deployerId string
param deployerType string

var role = {
  registryPull: '7f951dda-4ed3-4680-a7ca-43fe172d538d'
  secretsRead: '4633458b-17de-408a-b874-0445c86b69e6'
  secretsWrite: 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'
  eventsSend: '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'
  eventsReceive: '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'
  blobsOwn: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  queuesWrite: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  tablesWrite: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
}

resource registry 'Microsoft.ContainerRegistry/registries@2025-04-01' existing = { name: registryName }
resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = { name: vaultName }
resource account 'Microsoft.DocumentDB/databaseAccounts@2025-04-15' existing = { name: stateAccountName }
resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = { name: eventsNamespaceName }
resource usage 'Microsoft.ServiceBus/namespaces/topics@2024-01-01' existing = { parent: namespace, name: 'usage' }
resource storage 'Microsoft.Storage/storageAccounts@2025-01-01' existing = if (!empty(storageName)) { name: storageName }

resource gatewayPulls 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(registry.id, gatewayPrincipalId, role.registryPull)
  scope: registry
  properties: { principalId: gatewayPrincipalId, principalType: 'ServicePrincipal', roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.registryPull) }
}

resource gatewayReadsSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, gatewayPrincipalId, role.secretsRead)
  scope: vault
  properties: { principalId: gatewayPrincipalId, principalType: 'ServicePrincipal', roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.secretsRead) }
}

resource sharedSends 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(namespace.id, sharedPrincipalId, role.eventsSend)
  scope: namespace
  properties: { principalId: sharedPrincipalId, principalType: 'ServicePrincipal', roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.eventsSend) }
}

resource sharedReceivesUsage 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(usage.id, sharedPrincipalId, role.eventsReceive)
  scope: usage
  properties: { principalId: sharedPrincipalId, principalType: 'ServicePrincipal', roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.eventsReceive) }
}

// Cosmos DB's own role, Built-in Data Contributor; management roles do not reach its data.
resource sharedWritesState 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments@2025-04-15' = {
  parent: account
  name: guid(account.id, sharedPrincipalId, 'state')
  properties: {
    principalId: sharedPrincipalId
    roleDefinitionId: '${account.id}/sqlRoleDefinitions/00000000-0000-0000-0000-000000000002'
    scope: '${account.id}/dbs/gateway/colls/state'
  }
}

resource functionsPull 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(storageName)) {
  name: guid(registry.id, functionsPrincipalId, role.registryPull)
  scope: registry
  properties: { principalId: functionsPrincipalId, principalType: 'ServicePrincipal', roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.registryPull) }
}

resource functionsUseStorage 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for id in [role.blobsOwn, role.queuesWrite, role.tablesWrite]: if (!empty(storageName)) {
  name: guid(storage.id, functionsPrincipalId, id)
  scope: storage
  properties: { principalId: functionsPrincipalId, principalType: 'ServicePrincipal', roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', id) }
}]

resource deployerWritesSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(deployerId)) {
  name: guid(vault.id, deployerId, role.secretsWrite)
  scope: vault
  properties: { principalId: deployerId, principalType: deployerType, roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.secretsWrite) }
}
