using System.Text.Json;

namespace Chaos.Judging;

/// <summary>What the run looks at of a ledger entry.</summary>
internal sealed record LedgerLine(
    string RequestId, string KeyId, DateTimeOffset Time, long Tokens, long CostNanoUsd, int Attempts, int Status, string Outcome, string Identity)
{
    /// <summary>Reads one of <c>GET /admin/ledger</c>.</summary>
    public static LedgerLine Read(JsonElement entry) => new(
        entry.GetProperty("request_id").GetString()!,
        entry.GetProperty("key_id").GetString()!,
        entry.GetProperty("time").GetDateTimeOffset(),
        entry.GetProperty("input_tokens").GetInt64() + entry.GetProperty("output_tokens").GetInt64(),
        entry.GetProperty("cost_nano_usd").GetInt64(),
        entry.GetProperty("attempts").GetInt32(),
        entry.GetProperty("status").GetInt32(),
        entry.GetProperty("outcome").GetString()!,
        $"{entry.GetProperty("replica").GetString()}/{entry.GetProperty("sequence").GetInt64()}");
}
