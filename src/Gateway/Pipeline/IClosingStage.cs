namespace Gateway.Pipeline;

/// <summary>
/// A stage with a last word once the stages within are done, whatever became of them. It is told instead of waiting itself: a stage that awaits costs each
/// request a state machine.
/// </summary>
internal interface IClosingStage : IStage
{
    /// <summary>Has its last word on a request for which it called <see cref="GatewayContext.CloseWith"/>. Does not throw.</summary>
    void Close(GatewayContext context);
}
