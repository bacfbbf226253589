using 'functions.bicep'

// azd sets these: the first ones by itself, the others from the outputs of main.bicep.
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param image = readEnvironmentVariable('SERVICE_FUNCTIONS_IMAGE_NAME')
param registryHost = readEnvironmentVariable('AZURE_CONTAINER_REGISTRY_ENDPOINT')
param appsEnvironment = readEnvironmentVariable('GATEWAY_ENVIRONMENT')
param storageName = readEnvironmentVariable('GATEWAY_FUNCTIONS_STORAGE')
param identityName = readEnvironmentVariable('GATEWAY_FUNCTIONS_IDENTITY')
param sharedIdentityName = readEnvironmentVariable('GATEWAY_SHARED_IDENTITY')
