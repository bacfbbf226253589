// What someone should look at: failing replies, dead letters, a state store that turns calls away, replicas that do not stay up.
param location string
param tags object
param workspaceName string
param eventsNamespaceName string
param stateAccountName string

@description('Empty: nobody is written to.')
param email string

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = { name: workspaceName }
resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = { name: eventsNamespaceName }
resource account 'Microsoft.DocumentDB/databaseAccounts@2025-04-15' existing = { name: stateAccountName }

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(email)) {
  name: 'gateway-people'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'gateway'
    enabled: true
    emailReceivers: [{ name: 'people', emailAddress: email, useCommonAlertSchema: true }]
  }
}

resource deadLetters 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'gateway-dead-letters'
  location: 'global'
  tags: tags
  properties: {
    description: 'Events that could not be dealt with wait in a dead letter topic.'
    severity: 2
    enabled: true
    scopes: [namespace.id]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'waiting'
          criterionType: 'StaticThresholdCriterion'
          metricName: 'ActiveMessages'
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          dimensions: [{ name: 'EntityName', operator: 'Include', values: ['usage-dlq', 'budgets-dlq', 'audit-anchors-dlq', 'directory-dlq', 'health-dlq'] }]
          operator: 'GreaterThan'
          threshold: 0
          timeAggregation: 'Maximum'
        }
      ]
    }
    actions: empty(email) ? [] : [{ actionGroupId: people.id }]
  }
}

resource brokerDeadLetters 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'gateway-broker-dead-letters'
  location: 'global'
  tags: tags
  properties: {
    description: 'The broker itself set events aside: delivered too often, or expired.'
    severity: 2
    enabled: true
    scopes: [namespace.id]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'set-aside'
          criterionType: 'StaticThresholdCriterion'
          metricName: 'DeadletteredMessages'
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          operator: 'GreaterThan'
          threshold: 0
          timeAggregation: 'Maximum'
        }
      ]
    }
    actions: empty(email) ? [] : [{ actionGroupId: people.id }]
  }
}

resource throttled 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'gateway-state-throttled'
  location: 'global'
  tags: tags
  properties: {
    description: 'The state store turns calls away (429): leases are not renewed in time.'
    severity: 2
    enabled: true
    scopes: [account.id]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'turned-away'
          criterionType: 'StaticThresholdCriterion'
          metricName: 'TotalRequests'
          metricNamespace: 'Microsoft.DocumentDB/databaseAccounts'
          dimensions: [{ name: 'StatusCode', operator: 'Include', values: ['429'] }]
          operator: 'GreaterThan'
          threshold: 50
          timeAggregation: 'Count'
        }
      ]
    }
    actions: empty(email) ? [] : [{ actionGroupId: people.id }]
  }
}

var queries = [
  {
    name: 'gateway-replies-failing'
    description: 'More than a twentieth of the replies failed.'
    query: 'AppDependencies | where AppRoleName == "gateway" | summarize failed = countif(Success == false), total = count() | where total > 20 and failed > total / 20.0'
  }
  {
    name: 'gateway-replicas-failing'
    description: 'Replicas of the gateway do not start or do not stay up.'
    query: 'ContainerAppSystemLogs | where ContainerAppName == "gateway" and Reason in ("ContainerCrashing", "ContainerTerminated", "ProbeFailed", "ReplicaUnhealthy") and Type != "Normal" | summarize events = count() | where events > 3'
  }
]

resource logAlerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for item in queries: {
  name: item.name
  location: location
  tags: tags
  properties: {
    displayName: item.description
    description: item.description
    severity: 1
    enabled: true
    scopes: [workspace.id]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      allOf: [
        {
          query: item.query
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
        }
      ]
    }
    autoMitigate: true
    // The tables come with the first row.
    skipQueryValidation: true
    actions: empty(email) ? {} : { actionGroups: [people.id] }
  }
}]
