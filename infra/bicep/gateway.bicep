// The gateway, deployed by `azd deploy gateway` with the image it has pushed.
@minLength(1)
param environmentName string

param location string = resourceGroup().location

@minLength(1)
@description('The image, with its registry.')
param image string

@description('Host name of the registry.')
param registryHost string

@description('Name of the Container Apps environment.')
param appsEnvironment string

@description('Name of the vault.')
param keyVault string

@description('Name of the gateway\'s own identity: images, secrets, providers that take Entra tokens.')
param identityName string

@description('Name of the identity that the Dapr components name.')
param sharedIdentityName string

@minValue(0)
@description('Replicas that always run. With 0 there are none while no one asks: the first request waits for a start, and jobs and events wait with it.')
param minReplicas int = 1

@minValue(1)
@maxValue(300)
param maxReplicas int = 10

@minValue(1)
@description('Requests under way on a replica above which another one is started.')
param concurrentRequests int = 200

@description('Cores of a replica, its sidecar included; it has twice as many GiB of memory.')
@allowed(['0.5', '1.0', '2.0', '4.0'])
param cores string = '1.0'

@description('Where the gRPC of the Qdrant answers that keeps the semantic index; empty: each replica keeps its own in memory.')
param qdrantEndpoint string = ''

@description('Name of the vault\'s secret that is Qdrant\'s API key; empty: it wants none.')
param qdrantKeyName string = ''

var qdrantIndex = { store: 'qdrant', endpoint: qdrantEndpoint }
var qdrantKey = { apiKey: 'secret:${qdrantKeyName}' }
var semanticIndex = empty(qdrantEndpoint) ? {} : { semanticIndex: empty(qdrantKeyName) ? qdrantIndex : union(qdrantIndex, qdrantKey) }

var memory = { '0.5': '1Gi', '1.0': '2Gi', '2.0': '4Gi', '4.0': '8Gi' }

@allowed(['functions', 'process'])
@description('Who runs jobs and sums up usage: the functions, or the gateway\'s own replicas.')
param jobsHost string = 'functions'

resource environment 'Microsoft.App/managedEnvironments@2025-07-01' existing = { name: appsEnvironment }
resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = { name: keyVault }
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = { name: identityName }
resource shared 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = { name: sharedIdentityName }

resource gateway 'Microsoft.App/containerApps@2025-07-01' = {
  name: 'gateway'
  location: location
  tags: { 'azd-env-name': environmentName, 'azd-service-name': 'gateway' }
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.id}': {}, '${shared.id}': {} } }
  properties: {
    environmentId: environment.id
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      maxInactiveRevisions: 5
      // External means as far as the environment reaches: an internal one is seen from its network only.
      ingress: { external: true, targetPort: 8080, transport: 'auto', allowInsecure: false }
      registries: [{ server: registryHost, identity: identity.id }]
      secrets: [
        { name: 'admin-key', keyVaultUrl: '${vault.properties.vaultUri}secrets/gateway-admin-key', identity: identity.id }
        { name: 'key-hashing-secret', keyVaultUrl: '${vault.properties.vaultUri}secrets/gateway-key-hashing-secret', identity: identity.id }
        // Holds no secret: this is how a file comes into a container.
        #disable-next-line use-secure-value-for-secure-inputs
        { name: 'gateway-json', value: string(union(loadJsonContent('gateway.json'), semanticIndex)) }
      ]
      dapr: { enabled: true, appId: 'gateway', appPort: 8080, appProtocol: 'http', logLevel: 'info' }
    }
    template: {
      // More than drainDelaySeconds and drainSeconds together.
      terminationGracePeriodSeconds: 90
      containers: [
        {
          name: 'gateway'
          image: image
          resources: { cpu: json(cores), memory: memory[cores] }
          env: [
            { name: 'GATEWAY_CONFIG', value: '/config/gateway.json' }
            { name: 'GATEWAY_ADMIN_KEY', secretRef: 'admin-key' }
            { name: 'GATEWAY_KEY_HASHING_SECRET', secretRef: 'key-hashing-secret' }
            { name: 'GATEWAY__SERVER__URLS', value: 'http://0.0.0.0:8080' }
            { name: 'GATEWAY__SERVER__DATADIRECTORY', value: '/data' }
            { name: 'GATEWAY__SERVER__DRAINDELAYSECONDS', value: '12' }
            { name: 'GATEWAY__SERVER__DRAINSECONDS', value: '60' }
            { name: 'GATEWAY__STATE__STORE', value: 'dapr' }
            { name: 'GATEWAY__EVENTS__BUS', value: 'dapr' }
            { name: 'GATEWAY__SECRETS__VAULT', value: 'dapr' }
            { name: 'GATEWAY__JOBS__HOST', value: jobsHost }
            { name: 'OTEL_SERVICE_NAME', value: 'gateway' }
            // Providers whose credential is "entra" take tokens of this identity.
            { name: 'AZURE_CLIENT_ID', value: identity.properties.clientId }
          ]
          volumeMounts: [
            { volumeName: 'data', mountPath: '/data' }
            { volumeName: 'configuration', mountPath: '/config' }
          ]
          probes: [
            // A minute: the gateway waits up to half a minute for its sidecar before it listens.
            { type: 'Startup', httpGet: { path: '/health/live', port: 8080 }, initialDelaySeconds: 1, periodSeconds: 6, failureThreshold: 10, timeoutSeconds: 2 }
            { type: 'Liveness', httpGet: { path: '/health/live', port: 8080 }, periodSeconds: 10, failureThreshold: 3, timeoutSeconds: 5 }
            { type: 'Readiness', httpGet: { path: '/health/ready', port: 8080 }, periodSeconds: 5, failureThreshold: 2, timeoutSeconds: 5 }
          ]
        }
      ]
      scale: {
        minReplicas: minReplicas
        maxReplicas: maxReplicas
        rules: [{ name: 'requests', http: { metadata: { concurrentRequests: string(concurrentRequests) } } }]
      }
      volumes: [
        // A local disk, as the ledger's spool and SQLite want; it goes with the replica.
        { name: 'data', storageType: 'EmptyDir' }
        { name: 'configuration', storageType: 'Secret', secrets: [{ secretRef: 'gateway-json', path: 'gateway.json' }] }
      ]
    }
  }
}

output GATEWAY_URL string = 'https://${gateway.properties.configuration.ingress.fqdn}'
