// Where the apps run. Their OTLP goes to an agent of the environment's, which sends it on to Application Insights.
param location string
param tags object
param token string
param workspaceName string
param insightsName string

@description('The apps\' subnet; empty: no network of one\'s own.')
param subnetId string

@description('True: nothing of the environment is reachable from outside the network.')
param isInternal bool

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = { name: workspaceName }
resource insights 'Microsoft.Insights/components@2020-02-02' existing = { name: insightsName }

resource environment 'Microsoft.App/managedEnvironments@2025-10-02-preview' = {
  name: 'cae-${token}'
  location: location
  tags: tags
  properties: {
    workloadProfiles: [{ name: 'Consumption', workloadProfileType: 'Consumption' }]
    vnetConfiguration: empty(subnetId) ? null : { infrastructureSubnetId: subnetId, internal: isInternal }
    publicNetworkAccess: isInternal ? 'Disabled' : 'Enabled'
    peerTrafficConfiguration: { encryption: { enabled: true } }
    appLogsConfiguration: { destination: 'azure-monitor' }
    appInsightsConfiguration: { connectionString: insights.properties.ConnectionString }
    openTelemetryConfiguration: { tracesConfiguration: { destinations: ['appInsights'], includeDapr: true } }
  }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'logs'
  scope: environment
  properties: { workspaceId: workspace.id, logs: [{ categoryGroup: 'allLogs', enabled: true }] }
}

output name string = environment.name
output domain string = environment.properties.defaultDomain
output address string = environment.properties.staticIp
