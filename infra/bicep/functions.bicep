// The functions, as a container app of kind functionapp, deployed by `azd deploy functions`.
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

@minLength(3)
@description('Name of the storage account: provision with GATEWAY_WITH_FUNCTIONS=true.')
param storageName string

@description('Name of the functions\' own identity: images, storage.')
param identityName string

@description('Name of the identity that the Dapr components name.')
param sharedIdentityName string

@minValue(0)
@description('Timers and events need one that runs.')
param minReplicas int = 1

@minValue(1)
param maxReplicas int = 3

resource environment 'Microsoft.App/managedEnvironments@2025-07-01' existing = { name: appsEnvironment }
resource storage 'Microsoft.Storage/storageAccounts@2025-01-01' existing = { name: storageName }
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = { name: identityName }
resource shared 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = { name: sharedIdentityName }

resource functions 'Microsoft.App/containerApps@2025-07-01' = {
  name: 'functions'
  location: location
  kind: 'functionapp'
  tags: { 'azd-env-name': environmentName, 'azd-service-name': 'functions' }
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.id}': {}, '${shared.id}': {} } }
  properties: {
    environmentId: environment.id
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      // Without ingress the platform does not scale it; nobody outside the environment reaches it.
      ingress: { external: false, targetPort: 8080, transport: 'auto', allowInsecure: false }
      registries: [{ server: registryHost, identity: identity.id }]
      secrets: [
        // Holds no secret: this is how a file comes into a container.
        #disable-next-line use-secure-value-for-secure-inputs
        { name: 'gateway-json', value: loadTextContent('gateway.json') }
      ]
      dapr: { enabled: true, appId: 'functions', appPort: 8080, appProtocol: 'http', logLevel: 'info' }
    }
    template: {
      terminationGracePeriodSeconds: 60
      containers: [
        {
          name: 'functions'
          image: image
          resources: { cpu: json('0.5'), memory: '1Gi' }
          env: [
            { name: 'ASPNETCORE_URLS', value: 'http://+:8080' }
            { name: 'FUNCTIONS_WORKER_RUNTIME', value: 'dotnet-isolated' }
            { name: 'AzureWebJobsStorage__blobServiceUri', value: storage.properties.primaryEndpoints.blob }
            { name: 'AzureWebJobsStorage__queueServiceUri', value: storage.properties.primaryEndpoints.queue }
            { name: 'AzureWebJobsStorage__tableServiceUri', value: storage.properties.primaryEndpoints.table }
            { name: 'AzureWebJobsStorage__credential', value: 'managedidentity' }
            { name: 'AzureWebJobsStorage__clientId', value: identity.properties.clientId }
            { name: 'OTEL_SERVICE_NAME', value: 'functions' }
            // Levels and limits that the file declares are reconciled too.
            { name: 'GATEWAY_CONFIG', value: '/config/gateway.json' }
            { name: 'GATEWAY__STATE__STORE', value: 'dapr' }
            { name: 'GATEWAY__EVENTS__BUS', value: 'dapr' }
            // Each timer's schedule: six fields, UTC. As the jobs declare them for gateways that run them themselves.
            { name: 'JOB_ROLLUP_DAILY_SCHEDULE', value: '0 5 * * * *' }
            { name: 'JOB_ROLLUP_MONTHLY_SCHEDULE', value: '0 20 * * * *' }
            { name: 'JOB_RECONCILE_BUDGETS_SCHEDULE', value: '0 */15 * * * *' }
            { name: 'JOB_RECLAIM_LEASES_SCHEDULE', value: '0 */5 * * * *' }
            { name: 'JOB_ANCHOR_AUDIT_SCHEDULE', value: '0 */10 * * * *' }
            { name: 'JOB_PRICE_STALENESS_SCHEDULE', value: '0 30 3 * * *' }
            { name: 'JOB_PROBE_PROVIDERS_SCHEDULE', value: '*/30 * * * * *' }
          ]
          volumeMounts: [{ volumeName: 'configuration', mountPath: '/config' }]
          probes: [
            { type: 'Startup', tcpSocket: { port: 8080 }, initialDelaySeconds: 1, periodSeconds: 6, failureThreshold: 10 }
            { type: 'Liveness', tcpSocket: { port: 8080 }, periodSeconds: 10, failureThreshold: 3 }
            { type: 'Readiness', tcpSocket: { port: 8080 }, periodSeconds: 5, failureThreshold: 3 }
          ]
        }
      ]
      scale: { minReplicas: minReplicas, maxReplicas: maxReplicas }
      volumes: [{ name: 'configuration', storageType: 'Secret', secrets: [{ secretRef: 'gateway-json', path: 'gateway.json' }] }]
    }
  }
}

output GATEWAY_FUNCTIONS_APP string = functions.name
