namespace Gateway.Pipeline;

/// <summary>One step of every request. Stages never reference each other: they speak through the context.</summary>
internal interface IStage
{
    /// <summary>Does its part and calls <paramref name="next"/>, or sets <see cref="GatewayContext.Error"/> and does not.</summary>
    ValueTask RunAsync(GatewayContext context, StageDelegate next);
}
