using System.Diagnostics.Metrics;
using Gateway.Metering;
using GatewayApi.Telemetry;

namespace Gateway.Tests.Telemetry;

public class GatewayMetricsTests
{
    private const string Provider = "only-of-this-test";

    [Fact]
    public void Replies_WhileSomeoneListens_AreObservedAsSumsBySeries()
    {
        using var metrics = new GatewayMetrics();
        var observers = new ReplyObservers(metrics, new PrometheusMetrics());
        var seen = new Dictionary<(string Instrument, string? Outcome), long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, me) =>
            {
                if (instrument.Meter.Name == GatewayMetrics.MeterName)
                    me.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var told = tags.ToArray().ToDictionary(t => t.Key, t => t.Value as string);
            if (instrument.IsObservable && told["gateway.provider.id"] == Provider)
                seen[(instrument.Name, told.GetValueOrDefault("gateway.outcome") ?? told["gateway.attempt.outcome"])] = value;
        });
        listener.Start();

        var good = new LedgerEntry
        {
            Time = DateTimeOffset.UnixEpoch, RequestId = "r", KeyId = "k", Operation = "chat", RequestedModel = "fast", TargetModel = "m", Provider = Provider, Attempts = 1,
            Outcome = LedgerOutcome.Completed, CostNanoUsd = 7,
        };
        observers.OnReply(good, "openai");
        observers.OnReply(good, "openai");
        observers.OnReply(good with { Outcome = LedgerOutcome.Interrupted }, "openai");
        listener.RecordObservableInstruments();

        Assert.Equal(14, seen[("gateway.cost", "completed")]);
        Assert.Equal(7, seen[("gateway.cost", "interrupted")]);
        Assert.Equal(2, seen[("gateway.attempts", "completed")]);
        Assert.Equal(2, seen[("gateway.target.attempts", "completed")]);
        Assert.Equal(1, seen[("gateway.target.attempts", "interrupted")]);
    }
}
