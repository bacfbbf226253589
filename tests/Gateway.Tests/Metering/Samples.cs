using Gateway.Metering;

namespace Gateway.Tests.Metering;

/// <summary>Entries to test with.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Epoch = new(2026, 8, 1, 12, 0, 0, TimeSpan.Zero);

    public static LedgerEntry Entry(int index, string key = "key_1") => new()
    {
        Time = Epoch.AddMilliseconds(index),
        RequestId = $"req_{index}",
        KeyId = key,
        Operation = "chat",
        RequestedModel = "openai/gpt-4o",
        TargetModel = "gpt-4o",
        ResponseModel = "gpt-4o-2024-11-20",
        Provider = "openai",
        ResponseId = $"chatcmpl-{index}",
        Usage = new TokenUsage(Input: 100 + index, Output: 20, CacheRead: 50),
        CostNanoUsd = 1_000 + index,
        PriceVersion = "catalogue:2026-08-01",
        Status = 200,
        FinishReason = "stop",
        Streamed = true,
        TimeToFirstTokenMicros = 250_000,
        DurationMicros = 900_000,
        Attempts = 1,
    };

    /// <summary>An entry with every field set to something unlike its default, awkward characters included.</summary>
    public static LedgerEntry Full() => Entry(1) with
    {
        CustomerId = "acme",
        TeamId = "red \"team\"",
        UserId = "ada",
        RequestId = "req \"quoted\"\\ \u0001 é 😀",
        ResponseModel = null,
        RequestedModel = "=cmd|' /C calc'!A0,\"x\"\r\n",
        Usage = new TokenUsage(7, 6, 5, 4, 3, 2, 1),
        Estimated = true,
        Outcome = LedgerOutcome.Aborted,
        ErrorCode = "stream_interrupted",
        FinishReason = null,
        Streamed = false,
        TimeToFirstTokenMicros = 0,
        Status = 499,
        Attempts = 3,
        ProviderKey = "eu-1",
        Route = "fast",
        Rule = "night",
        Arm = "b",
        WastedNanoUsd = 17,
        AttemptList = Attempts,
    };

    /// <summary>Two attempts, awkward characters included.</summary>
    public static AttemptList Attempts { get; } = new(
    [
        new AttemptEntry { Provider = "a", Model = "m é\"", Key = "k1", Reason = "first", Outcome = "failed", Status = 503, ErrorCode = "provider_overloaded", DurationMicros = 12 },
        new AttemptEntry
        {
            Provider = "b", Model = "n", Reason = "fallback", Outcome = "completed", Status = 200, StartMicros = 5, DurationMicros = 6, TimeToFirstTokenMicros = 0, PauseMicros = 7,
            Usage = new TokenUsage(7, 6, 5), Estimated = true, CostNanoUsd = 1_001, WastedNanoUsd = 17, PriceVersion = "catalogue:2026-08-01",
        },
    ]);

    /// <summary>An entry as the spool holds it.</summary>
    public static byte[] Line(LedgerEntry entry)
    {
        var batch = new SpoolBatch();
        batch.Add(entry, entry.Replica, entry.Sequence);
        Assert.Equal(SpoolFrameState.Whole, SpoolFrame.Read(batch.Lines, out var json, out _));
        return json.ToArray();
    }
}
