// Who the apps are. A Dapr component names one identity for all apps that load it, so what they share has an identity of its own; the
// rights that only one of them needs are with that one's.
param location string
param tags object
param token string

resource shared 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-shared-${token}'
  location: location
  tags: tags
}

resource gateway 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-gateway-${token}'
  location: location
  tags: tags
}

resource functions 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-functions-${token}'
  location: location
  tags: tags
}

// Has no rights.
resource qdrant 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-qdrant-${token}'
  location: location
  tags: tags
}

type identity = { id: string, name: string, clientId: string, principalId: string }

output shared identity = { id: shared.id, name: shared.name, clientId: shared.properties.clientId, principalId: shared.properties.principalId }
output gateway identity = { id: gateway.id, name: gateway.name, clientId: gateway.properties.clientId, principalId: gateway.properties.principalId }
output functions identity = { id: functions.id, name: functions.name, clientId: functions.properties.clientId, principalId: functions.properties.principalId }
output qdrant identity = { id: qdrant.id, name: qdrant.name, clientId: qdrant.properties.clientId, principalId: qdrant.properties.principalId }
