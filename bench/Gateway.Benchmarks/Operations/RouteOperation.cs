using System.Collections.Frozen;
using System.IO.Pipelines;
using System.Net;
using Gateway.Admission;
using Gateway.Configuration;
using Gateway.Dialects;
using Gateway.Dialects.OpenAiChat;
using Gateway.Metering;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Routing;
using Gateway.Routing.Affinity;
using Gateway.Routing.Attempts;
using Gateway.Routing.Policies;
using Gateway.Routing.Strategies;
using Gateway.Transport;

namespace Gateway.Benchmarks.Operations;

/// <summary>All that routing does for a request which the first target answers: what keeps it anywhere, the plan, the attempt, its end.</summary>
internal sealed class RouteOperation : IClientExchange, IModelDirectory, IDisposable
{
    private static readonly IDialect Dialect = new OpenAiChatDialect();

    private readonly GatewaySnapshot _snapshot;
    private readonly VirtualKey _key = new() { Id = "k", Name = "k", Hash = [], Models = ["*"] };
    private readonly RouteSnapshot _route;
    private readonly PooledBuffer _body = new(1_024);

    /// <param name="strategy">The strategy's name.</param>
    /// <param name="targets">How many targets the route has.</param>
    /// <param name="affinity">What keeps requests together.</param>
    public RouteOperation(string strategy, int targets, AffinityPolicy affinity = AffinityPolicy.None)
    {
        _snapshot = new GatewaySnapshot { Epoch = 1, Providers = FrozenDictionary<string, Gateway.Providers.ProviderSnapshot>.Empty, Models = this, Limits = new LimitsSnapshot() };
        _route = new RouteSnapshot
        {
            Name = "r",
            Groups = [new TargetGroup(RoutingTargets.Create(targets), TargetStrategies.Create(strategy)!)],
            Timeouts = new TimeoutPolicy(),
            Affinity = affinity,
        };
        _body.Append(Samples.Request(1_024));
    }

    /// <inheritdoc/>
    public CancellationToken Gone => default;

    /// <inheritdoc/>
    public KeyHashMemo? KeyMemo => null;

    /// <inheritdoc/>
    public IPAddress? RemoteAddress => null;

    /// <inheritdoc/>
    public long? BodyLength => null;

    /// <inheritdoc/>
    public Stream RequestBody => Stream.Null;

    /// <inheritdoc/>
    public bool HasStarted => false;

    /// <inheritdoc/>
    public PipeWriter Body => throw new NotSupportedException();

    /// <inheritdoc/>
    public IReadOnlyList<RouteSnapshot> Listed => [];

    /// <summary>A request without any routing: what a run costs by itself.</summary>
    public bool RunBare() => Request().Route is not null;

    /// <summary>Routes a request.</summary>
    public bool Run()
    {
        var context = Request();
        var question = new RouteQuestion(context.Time.GetTimestamp(), AffinityKey.Of(context), _body.Length / 4, 0);
        var plan = new AttemptPlan(context, question, Random.Shared.NextDouble);
        if (plan.Next() is not { } step || step.Target.State.TryEnter() is not null)
            return false;
        var attempt = context.Begin(step.Target, Operation.ChatCompletions, step.Reason, null, step.Pause, plan.RefusedKeys);
        step.Target.State.Answered(TimeSpan.FromMilliseconds(300));
        attempt.Outcome = LedgerOutcome.Completed;
        plan.Note(attempt, AttemptEnd.Final);
        step.Target.State.Leave(attempt);
        return plan.Next() is null;
    }

    /// <inheritdoc/>
    public string? Header(string name) => null;

    /// <inheritdoc/>
    public string? Query(string name) => null;

    /// <inheritdoc/>
    public ValueTask<PooledBuffer?> ReadBodyAsync(long maxBytes) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void SetStatus(int status)
    {
    }

    /// <inheritdoc/>
    public void SetHeader(string name, string value)
    {
    }

    public void SetLength(long bytes)
    {
    }

    /// <inheritdoc/>
    public ValueTask StartAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask CompleteAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public void Break()
    {
    }

    /// <inheritdoc/>
    public RouteSnapshot? Resolve(string model) => _route;

    public void Dispose() => _body.Dispose();

    private GatewayContext Request() => new(this, _snapshot, Operation.ChatCompletions, Dialect, "r", TimeProvider.System) { Key = _key, Route = _route, Body = _body };
}
