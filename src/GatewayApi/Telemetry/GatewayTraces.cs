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
        context.TraceParent = span?.Id ?? parent;
        context.TraceState = span?.TraceStateString ?? state;
        return span;
    }

    /// <summary>Writes what is known at the end.</summary>
    public static void Finish(Activity? span, GatewayContext context)
    {
        if (span is null || !span.IsAllDataRequested)
            return;
        span.DisplayName = $"{context.Operation.Name()} {context.Request.Model}";
        span.SetTag(GenAiNames.OperationName, context.Operation.Name());
        span.SetTag(GenAiNames.RequestModel, context.Request.Model);
        span.SetTag("gateway.request.id", context.RequestId);
        span.SetTag("gateway.attempts", context.Attempts);
        if (context.Request.Stream)
            span.SetTag(GenAiNames.RequestStream, true);
        if (context.Target is { } target)
        {
            var endpoint = target.Provider.Endpoints[context.Wire];
            span.SetTag(GenAiNames.ProviderName, target.Provider.TelemetryName);
            span.SetTag("gateway.provider.id", target.Provider.Id);
            span.SetTag("server.address", endpoint.Host);
            span.SetTag("server.port", endpoint.Port);
        }

        if (context.Entry is { } entry)
        {
            span.SetTag(GenAiNames.ResponseId, entry.ResponseId);
            span.SetTag(GenAiNames.ResponseModel, entry.ResponseModel);
            if (entry.FinishReason is { } reason)
                span.SetTag(GenAiNames.FinishReasons, new[] { reason });
            span.SetTag(GenAiNames.InputTokens, entry.Usage.Input);
            span.SetTag(GenAiNames.OutputTokens, entry.Usage.Output);
            if (entry.Usage.CacheRead > 0)
                span.SetTag(GenAiNames.CacheReadTokens, entry.Usage.CacheRead);
            if (entry.Usage.CacheWrite > 0)
                span.SetTag(GenAiNames.CacheWriteTokens, entry.Usage.CacheWrite);
            if (entry.Usage.Reasoning > 0)
                span.SetTag(GenAiNames.ReasoningTokens, entry.Usage.Reasoning);
            if (entry.TimeToFirstTokenMicros is { } first)
                span.SetTag(GenAiNames.TimeToFirstChunk, first / 1e6);
            span.SetTag("gateway.key.id", entry.KeyId);
            span.SetTag("gateway.cost.nano_usd", entry.CostNanoUsd);
        }

        if (context.Error is { } error)
        {
            span.SetTag("error.type", error.Kind.Code);
            span.SetStatus(ActivityStatusCode.Error, error.Kind.Code);
        }
    }

    public void Dispose() => _source.Dispose();
}
