using System.Diagnostics;
using Gateway.Errors;
using Gateway.Metering;
using Gateway.Routing.Attempts;
using Gateway.Tests.Routing.Decisions;
using GatewayApi.Telemetry;

namespace Gateway.Tests.Telemetry;

public sealed class AttemptTraceTests : IDisposable
{
    [ThreadStatic]
    private static bool _isMine;

    private readonly List<Activity> _stopped = [];
    private readonly ActivityListener _listener;
    private readonly GatewayTraces _traces;

    public AttemptTraceTests()
    {
        // Other tests want nobody to listen: only the source that is made here is heard.
        _listener = new ActivityListener
        {
            ShouldListenTo = source => _isMine && source.Name == GatewayTraces.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _stopped.Add,
        };
        ActivitySource.AddActivityListener(_listener);
        _isMine = true;
        _traces = new GatewayTraces();
        _isMine = false;
    }

    [Fact]
    public void Finish_OneThatAnswered_IsOneSpan()
    {
        using var request = new AttemptedRequest();
        using (var span = _traces.Start(request.Context))
        {
            request.Call(request.A, AttemptReason.First, 10, a => a.Outcome = LedgerOutcome.Completed);
            _traces.Finish(span, request.Context);
        }

        Assert.Equal("chat fast", Assert.Single(_stopped).DisplayName);
    }

    [Fact]
    public void Finish_SeveralAttempts_HaveASpanEach()
    {
        using var request = new AttemptedRequest();
        var (context, told) = (request.Context, "");
        using (var span = _traces.Start(context))
        {
            told = context.TraceParent;
            request.Call(request.A, AttemptReason.First, 10, a => a.Error = new GatewayError(ErrorKinds.UpstreamOverloaded, "x") { UpstreamStatus = 503 });
            request.Call(request.A, AttemptReason.Retry, 20, a => a.Error = new GatewayError(ErrorKinds.UpstreamUnreachable, "x"));
            request.Call(request.B, AttemptReason.Fallback, 40, a => a.Outcome = context.Outcome = LedgerOutcome.Completed);
            _traces.Finish(span, context);
        }

        Assert.Null(Activity.Current);
        var parent = _stopped[^1];
        Assert.Equal(parent.Id, told);
        Assert.Equal(["chat m", "chat m", "chat n"], _stopped[..3].Select(s => s.DisplayName));
        Assert.All(_stopped[..3], s => Assert.Equal((ActivityKind.Client, parent.SpanId, parent.TraceId), (s.Kind, s.ParentSpanId, s.TraceId)));
        Assert.Equal([10, 20, 40], _stopped[..3].Select(s => (int)s.Duration.TotalMilliseconds));
        Assert.Equal(context.Arrived.UtcDateTime.AddMilliseconds(10), _stopped[1].StartTimeUtc);
        Assert.Equal(
            [
                "gen_ai.operation.name=chat", "gen_ai.provider.name=openai", "gen_ai.request.model=m", "server.address=a.test", "server.port=81", "gateway.provider.id=a",
                "gateway.attempt.number=1", "gateway.attempt.reason=first", "gateway.attempt.outcome=failed", "http.response.status_code=503", "error.type=provider_overloaded",
            ],
            _stopped[0].TagObjects.Select(t => $"{t.Key}={t.Value}"));
        Assert.Equal([ActivityStatusCode.Error, ActivityStatusCode.Error, ActivityStatusCode.Unset], _stopped[..3].Select(s => s.Status));
        Assert.Equal(0.25, _stopped[1].GetTagItem("gateway.attempt.pause"));
        Assert.Null(_stopped[1].GetTagItem("http.response.status_code"));
        Assert.Equal("fallback", _stopped[2].GetTagItem("gateway.attempt.reason"));
    }

    [Fact]
    public void Finish_OneThatFailed_HasASpanOfItsOwn()
    {
        using var request = new AttemptedRequest();
        using (var span = _traces.Start(request.Context))
        {
            request.Call(request.A, AttemptReason.First, 10, a => request.Context.Error = a.Error = new GatewayError(ErrorKinds.UpstreamFailed, "x") { UpstreamStatus = 500 });
            _traces.Finish(span, request.Context);
        }

        Assert.Equal(["chat m", "chat fast"], _stopped.Select(s => s.DisplayName));
    }

    public void Dispose()
    {
        _traces.Dispose();
        _listener.Dispose();
    }
}
