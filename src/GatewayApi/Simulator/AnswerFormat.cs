namespace GatewayApi.Simulator;

/// <summary>The shape a caller asks the answer's text to have.</summary>
internal enum AnswerFormat
{
    /// <summary>Prose.</summary>
    Text,

    /// <summary>Any JSON object.</summary>
    JsonObject,

    /// <summary>A JSON value valid for a schema.</summary>
    JsonSchema,
}
