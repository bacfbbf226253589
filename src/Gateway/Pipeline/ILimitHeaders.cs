namespace Gateway.Pipeline;

/// <summary>Writes how a caller's limits stand into the headers of its reply.</summary>
internal interface ILimitHeaders
{
    /// <summary>Sets the headers; before the reply starts.</summary>
    void Write(GatewayContext context);
}
