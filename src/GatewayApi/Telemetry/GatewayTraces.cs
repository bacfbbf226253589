using System.Diagnostics;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Routing;

namespace GatewayApi.Telemetry;

/// <summary>
/// One span per request, and one for each call of a provider where there were several or one that failed, named and attributed by OpenTelemetry's GenAI conventions, and W3C trace context in and out.
/// Without a listener nothing is allocated and the client's own context is passed on as it came.
/// </summary>
internal sealed class GatewayTraces : IDisposable
{
    /// <summary>Name of the activity source.</summary>
    public const string SourceName = "Gateway";

    private static readonly object[] SmallNumbers = [.. Enumerable.Range(0, 256).Select(number => (object)(long)number)];

    private static readonly string[] Stop = ["stop"];
    private static readonly string[] ToolCalls = ["tool_calls"];

    private readonly ActivitySource _source = new(SourceName);

    /// <summary>Starts the span, if anyone listens, and sets the context's trace headers.</summary>
    public Activity? Start(GatewayContext context)
    {
        var parent = context.Client.Header("traceparent");
        var state = parent is null ? null : context.Client.Header("tracestate");
        if (!_source.HasListeners())
        {
            context.TraceParent = ActivityContext.TryParse(parent, state, out _) ? parent : null;
            context.TraceState = context.TraceParent is null ? null : state;
            return null;
        }

        ActivityContext.TryParse(parent, state, isRemote: true, out var remote);
        var span = _source.StartActivity(context.Operation.Name(), ActivityKind.Client, remote, startTime: context.Arrived);
        // Nothing in here asks for the current activity, and one that is current goes along with every continuation of the request.
        Activity.Current = null;
        context.TraceParent = span?.Id ?? parent;
        context.TraceState = span?.TraceStateString ?? state;
        return span;
    }

    /// <summary>Writes what is known at the end.</summary>
    public void Finish(Activity? span, GatewayContext context)
    {
        if (span is null || !span.IsAllDataRequested)
            return;
        // Each tag is written once: adding is cheaper than setting, which looks through those that are there.
        span.DisplayName = $"{context.Operation.Name()} {context.Request.Model}";
        span.AddTag(GenAiNames.OperationName, context.Operation.Name());
        span.AddTag(GenAiNames.RequestModel, context.Request.Model);
        span.AddTag("gateway.request.id", context.RequestId);
        span.AddTag("gateway.attempts", Boxed(context.Attempts.Count));
        if (context.Request.Stream)
            span.AddTag(GenAiNames.RequestStream, true);
        if (context.Target is { } target)
        {
            var endpoint = target.Provider.Endpoints[context.Wire];
            span.AddTag(GenAiNames.ProviderName, target.Provider.TelemetryName);
            span.AddTag("gateway.provider.id", target.Provider.Id);
            span.AddTag("server.address", endpoint.Host);
            span.AddTag("server.port", Boxed(endpoint.Port));
        }

        if (context.Entry is { } entry)
        {
            if (entry.ResponseId is { } id)
                span.AddTag(GenAiNames.ResponseId, id);
            if (entry.ResponseModel is { } model)
                span.AddTag(GenAiNames.ResponseModel, model);
            if (entry.FinishReason is { } reason)
                span.AddTag(GenAiNames.FinishReasons, ReasonsOf(reason));
            span.AddTag(GenAiNames.InputTokens, Boxed(entry.Usage.Input));
            span.AddTag(GenAiNames.OutputTokens, Boxed(entry.Usage.Output));
            if (entry.Usage.CacheRead > 0)
                span.AddTag(GenAiNames.CacheReadTokens, Boxed(entry.Usage.CacheRead));
            if (entry.Usage.CacheWrite > 0)
                span.AddTag(GenAiNames.CacheWriteTokens, Boxed(entry.Usage.CacheWrite));
            if (entry.Usage.Reasoning > 0)
                span.AddTag(GenAiNames.ReasoningTokens, Boxed(entry.Usage.Reasoning));
            if (entry.TimeToFirstTokenMicros is { } first)
                span.AddTag(GenAiNames.TimeToFirstChunk, first / 1e6);
            span.AddTag("gateway.key.id", entry.KeyId);
            span.AddTag("gateway.cost.nano_usd", Boxed(entry.CostNanoUsd));
            if (entry.Route is { } route)
                span.AddTag("gateway.route", route);
            if (entry.Arm is { } arm)
                span.AddTag("gateway.arm", arm);
        }

        if (context.Error is { } error)
        {
            span.AddTag("error.type", error.Kind.Code);
            span.SetStatus(ActivityStatusCode.Error, error.Kind.Code);
        }

        // One that answered is told by the span of the request, which costs nothing more.
        if (context.Attempts is not ([] or [{ Error: null }]))
            AddAttempts(span, context);
    }

    /// <summary>
    /// A span for each call of a provider, written down when all are over: providers are told the request's own span, which is there before
    /// the first call.
    /// </summary>
    private void AddAttempts(Activity span, GatewayContext context)
    {
        foreach (var attempt in context.Attempts)
        {
            var report = new AttemptReport(context, attempt);
            var (target, operation, began) = (attempt.Target, attempt.Wire.Name(), context.Arrived + report.Start);
            var endpoint = target.Provider.Endpoints[attempt.Wire];
            // A sampler sees these; the rest is added once it wants the span.
            KeyValuePair<string, object?>[] known =
            [
                new(GenAiNames.OperationName, operation),
                new(GenAiNames.ProviderName, target.Provider.TelemetryName),
                new(GenAiNames.RequestModel, target.Model),
                new("server.address", endpoint.Host),
                new("server.port", Boxed(endpoint.Port)),
            ];
            using var child = _source.StartActivity($"{operation} {target.Model}", ActivityKind.Client, span.Context, known, startTime: began);
            if (child is null)
                continue;
            child.AddTag("gateway.provider.id", target.Provider.Id);
            child.AddTag("gateway.attempt.number", Boxed(attempt.Number));
            child.AddTag("gateway.attempt.reason", DecisionWords.Of(attempt.Reason));
            child.AddTag("gateway.attempt.outcome", DecisionWords.Of(report.Outcome));
            if (attempt.Pause > TimeSpan.Zero)
                child.AddTag("gateway.attempt.pause", attempt.Pause.TotalSeconds);
            if (report.FirstToken is { } first)
                child.AddTag(GenAiNames.TimeToFirstChunk, first.TotalSeconds);
            if (report.Status is { } status)
                child.AddTag("http.response.status_code", Boxed(status));
            if (report.ErrorCode is not null)
            {
                child.AddTag("error.type", attempt.Error!.Kind.Code);
                child.SetStatus(ActivityStatusCode.Error, attempt.Error.Kind.Code);
            }

            child.SetEndTime((began + report.Duration).UtcDateTime);
        }
    }

    public void Dispose() => _source.Dispose();

    private static string[] ReasonsOf(string reason) => reason switch
    {
        "stop" => Stop,
        "tool_calls" => ToolCalls,
        _ => [reason],
    };

    /// <summary>Most of a span's numbers are small: those are boxed once for all.</summary>
    private static object Boxed(long number) => (ulong)number < (ulong)SmallNumbers.Length ? SmallNumbers[number] : number;
}
