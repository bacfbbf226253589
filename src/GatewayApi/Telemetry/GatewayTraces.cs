using System.Diagnostics;
using Gateway.Pipeline;
using Gateway.Protocol;

namespace GatewayApi.Telemetry;

/// <summary>
/// One span per request, named and attributed by OpenTelemetry's GenAI conventions, and W3C trace context in and out.
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
        var span = _source.StartActivity(context.Operation.Name(), ActivityKind.Client, remote);
        // Nothing in here asks for the current activity, and one that is current goes along with every continuation of the request.
        Activity.Current = null;
        context.TraceParent = span?.Id ?? parent;
        context.TraceState = span?.TraceStateString ?? state;
        return span;
    }

    /// <summary>Writes what is known at the end.</summary>
    public static void Finish(Activity? span, GatewayContext context)
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
        }

        if (context.Error is { } error)
        {
            span.AddTag("error.type", error.Kind.Code);
            span.SetStatus(ActivityStatusCode.Error, error.Kind.Code);
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
