namespace Gateway.Pipeline;

/// <summary>The stages, linked once. The order is the composition root's.</summary>
internal sealed class RequestPipeline
{
    private readonly StageDelegate _first;

    /// <param name="stages">Outermost first.</param>
    public RequestPipeline(params IReadOnlyList<IStage> stages)
    {
        StageDelegate next = static _ => ValueTask.CompletedTask;
        for (var i = stages.Count - 1; i >= 0; i--)
        {
            // Bound once: a call through the interface looks its method up on each request, at one place for all stages.
            Func<GatewayContext, StageDelegate, ValueTask> run = stages[i].RunAsync;
            var rest = next;
            next = context => run(context, rest);
        }

        _first = next;
    }

    /// <summary>Serves one request to its end. Does not throw for anything a client or a provider does.</summary>
    public ValueTask RunAsync(GatewayContext context) => _first(context);
}
