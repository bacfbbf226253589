namespace Gateway.Pipeline;

/// <summary>The rest of the pipeline.</summary>
internal delegate ValueTask StageDelegate(GatewayContext context);
