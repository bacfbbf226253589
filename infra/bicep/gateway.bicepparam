using 'gateway.bicep'

// azd sets these: the first ones by itself, the others from the outputs of main.bicep.
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param image = readEnvironmentVariable('SERVICE_GATEWAY_IMAGE_NAME')
param registryHost = readEnvironmentVariable('AZURE_CONTAINER_REGISTRY_ENDPOINT')
param appsEnvironment = readEnvironmentVariable('GATEWAY_ENVIRONMENT')
param keyVault = readEnvironmentVariable('GATEWAY_KEY_VAULT')
param identityName = readEnvironmentVariable('GATEWAY_IDENTITY')
param sharedIdentityName = readEnvironmentVariable('GATEWAY_SHARED_IDENTITY')

// Set with `azd env set`.
param minReplicas = int(readEnvironmentVariable('GATEWAY_MIN_REPLICAS', '1'))
param maxReplicas = int(readEnvironmentVariable('GATEWAY_MAX_REPLICAS', '10'))
param concurrentRequests = int(readEnvironmentVariable('GATEWAY_CONCURRENT_REQUESTS', '200'))
// "process" where GATEWAY_WITH_FUNCTIONS is false.
param jobsHost = readEnvironmentVariable('GATEWAY_JOBS_HOST', 'functions')
param qdrantEndpoint = readEnvironmentVariable('GATEWAY_QDRANT_ENDPOINT', '') // an output of main.bicep
param qdrantKeyName = readEnvironmentVariable('GATEWAY_QDRANT_KEY_NAME', '')
