using System.Text;
using Gateway.Errors;
using Gateway.Metering;
using Gateway.Protocol;
using Gateway.Providers;
using Gateway.Routing;
using Gateway.Routing.Attempts;
using Gateway.Routing.Health;
using Gateway.Transport;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Routing.Health;

/// <summary>A target under a clock of the test's, and attempts at it.</summary>
internal sealed class TargetRig
{
    public TargetRig(string model = "m", TargetStates? states = null, FakeTimeProvider? time = null)
    {
        Time = time ?? new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        State = (states ?? new TargetStates(Time, static () => 1)).Of("up/" + model);
        Target = TargetOf(model, State);
    }

    public FakeTimeProvider Time { get; }

    public TargetState State { get; }

    public TargetSnapshot Target { get; }

    public Circuit Circuit => State.Vitals!.Circuit;

    public SkipReason? Obstacle => State.Obstacle(Time.GetTimestamp(), out _);

    public static TargetSnapshot TargetOf(string model, TargetState state, int? maxConcurrency = null, int? ofProvider = null) => new()
    {
        Provider = new ProviderSnapshot { Id = "up", Kind = "openai", TelemetryName = "openai", Endpoints = OperationMap<ProviderEndpoint>.Empty, Timeouts = new TimeoutPolicy(), MaxConcurrency = ofProvider },
        Model = model,
        ModelJson = Encoding.UTF8.GetBytes($"\"{model}\""),
        State = state,
        MaxConcurrency = maxConcurrency,
    };

    /// <summary>Begins an attempt that must be let through.</summary>
    public Attempt Enter()
    {
        Assert.Null(State.TryEnter());
        return Begin();
    }

    /// <summary>An attempt that has been let through.</summary>
    public Attempt Begin() => new(Target, Operation.ChatCompletions, AttemptReason.First, Time.GetTimestamp());

    /// <summary>The attempt is answered whole.</summary>
    public void Succeed(Attempt attempt)
    {
        State.Answered(Time.GetElapsedTime(attempt.Began));
        attempt.Outcome = LedgerOutcome.Completed;
        State.Leave(attempt);
    }

    /// <summary>The attempt fails.</summary>
    public void Fail(Attempt attempt, ErrorKind? kind = null, int? status = null, TimeSpan? retryAfter = null)
    {
        attempt.Error = new GatewayError(kind ?? ErrorKinds.UpstreamFailed, "no") { UpstreamStatus = status, RetryAfter = retryAfter, ProviderRetryAfter = retryAfter };
        attempt.StayAway = retryAfter;
        State.Leave(attempt);
    }

    /// <summary>The client leaves.</summary>
    public void Abort(Attempt attempt)
    {
        attempt.Outcome = LedgerOutcome.Aborted;
        State.Leave(attempt);
    }

    /// <summary>Calls that fail one after the other, a tenth of a second each.</summary>
    public void FailTimes(int count, ErrorKind? kind = null)
    {
        for (var i = 0; i < count; i++)
        {
            var attempt = Enter();
            Time.Advance(TimeSpan.FromMilliseconds(100));
            Fail(attempt, kind);
        }
    }
}
