// Logs, traces, and a workbook over both.
param location string
param tags object
param token string
param retentionDays int

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' = {
  name: 'log-${token}'
  location: location
  tags: tags
  properties: { sku: { name: 'PerGB2018' }, retentionInDays: retentionDays }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: 'appi-${token}'
  location: location
  tags: tags
  kind: 'web'
  properties: { Application_Type: 'web', WorkspaceResourceId: workspace.id, RetentionInDays: retentionDays }
}

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'gateway-workbook')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'AI gateway'
    category: 'workbook'
    sourceId: workspace.id
    serializedData: string(loadJsonContent('../workbook.json'))
  }
}

output workspaceName string = workspace.name
output insightsName string = insights.name
