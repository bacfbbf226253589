using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Gateway.Events;

namespace Gateway.Budgets;

/// <summary>Tells the bus what happened to limits.</summary>
internal sealed class LimitEventPublisher(IEventBus bus) : ILimitEvents
{
    /// <inheritdoc/>
    public async ValueTask RaiseAsync(LimitEvent raised, CancellationToken cancellation)
    {
        // An overrun or a drift may come again: its amount tells one from another. The rest happens once in a period.
        var id = string.Create(CultureInfo.InvariantCulture, $"{raised.Period.Key}:{raised.Kind}:{raised.Percent}:{(raised.Kind >= LimitEventKind.Overrun ? raised.Amount : 0)}");
        await bus.PublishAsync(Topics.Budgets, [new BusEvent(id, TypeOf(raised.Kind), Write(raised))], cancellation).ConfigureAwait(false);
    }

    private static string TypeOf(LimitEventKind kind) => kind switch
    {
        LimitEventKind.ThresholdPassed => "gateway.limit.threshold.v1",
        LimitEventKind.Exhausted => "gateway.limit.exhausted.v1",
        LimitEventKind.Drift => "gateway.limit.drift.v1",
        _ => "gateway.limit.overrun.v1",
    };

    private static ReadOnlyMemory<byte> Write(LimitEvent raised)
    {
        var output = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("limit"u8, raised.Limit.Id);
        json.WriteString("name"u8, raised.Limit.Name);
        json.WriteString("scope"u8, raised.Limit.Scope switch { LimitScope.Customer => "customer"u8, LimitScope.Team => "team"u8, LimitScope.User => "user"u8, LimitScope.Rule => "rule"u8, _ => "key"u8 });
        json.WriteString("owner"u8, raised.Limit.OwnerId);
        json.WriteString("unit"u8, raised.Limit.Unit switch { LimitUnit.NanoUsd => "nano_usd"u8, LimitUnit.Tokens => "tokens"u8, LimitUnit.Bytes => "bytes"u8, _ => "requests"u8 });
        json.WriteNumber("limit_amount"u8, raised.Limit.Amount);
        json.WriteNumber("percent"u8, raised.Percent);
        json.WriteNumber("amount"u8, raised.Amount);
        if (raised.Period.Ends)
        {
            json.WriteString("window_start"u8, raised.Period.Start);
            json.WriteString("window_end"u8, raised.Period.End);
        }

        json.WriteEndObject();
        json.Flush();
        return output.WrittenMemory;
    }
}
