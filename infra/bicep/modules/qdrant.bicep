// A vector index for the semantic cache. Qdrant wants a block device with a POSIX file system, which Container Apps cannot attach (Azure Files
// is a network drive, with NFS too), so its data lives as long as its replica: what it held is a cache and fills again.
param location string
param tags object
param environmentName string
param identityId string

resource environment 'Microsoft.App/managedEnvironments@2025-07-01' existing = { name: environmentName }

resource qdrant 'Microsoft.App/containerApps@2025-07-01' = {
  name: 'qdrant'
  location: location
  tags: tags
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identityId}': {} } }
  properties: {
    environmentId: environment.id
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: { external: false, transport: 'tcp', targetPort: 6334, exposedPort: 6334 }
    }
    template: {
      containers: [
        {
          name: 'qdrant'
          image: 'docker.io/qdrant/qdrant:v1.15.1-unprivileged'
          resources: { cpu: json('0.5'), memory: '1Gi' }
          volumeMounts: [{ volumeName: 'storage', mountPath: '/qdrant/storage' }]
          probes: [
            { type: 'Startup', httpGet: { path: '/livez', port: 6333 }, periodSeconds: 3, failureThreshold: 10 }
            { type: 'Liveness', httpGet: { path: '/livez', port: 6333 }, periodSeconds: 10, failureThreshold: 3 }
            { type: 'Readiness', httpGet: { path: '/readyz', port: 6333 }, periodSeconds: 5, failureThreshold: 3 }
          ]
        }
      ]
      scale: { minReplicas: 1, maxReplicas: 1 }
      volumes: [{ name: 'storage', storageType: 'EmptyDir' }]
    }
  }
}

output endpoint string = 'http://${qdrant.name}:6334'
