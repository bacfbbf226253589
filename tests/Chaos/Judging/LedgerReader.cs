using System.Net.Http.Headers;
using System.Text.Json;
using Chaos.Processes;

namespace Chaos.Judging;

/// <summary>Reads the ledgers of all replicas through their admin API.</summary>
internal static class LedgerReader
{
    /// <summary>Every entry of every replica.</summary>
    public static async Task<List<LedgerLine>> ReadAsync(IEnumerable<Replica> replicas)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(1) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Hierarchy.AdminKey);
        var entries = new List<LedgerLine>();
        foreach (var replica in replicas)
        {
            for (string? cursor = ""; cursor is not null;)
            {
                var page = new Uri(replica.Address, "/admin/ledger?limit=1000" + (cursor.Length == 0 ? "" : "&cursor=" + Uri.EscapeDataString(cursor)));
                using var json = JsonDocument.Parse(await http.GetByteArrayAsync(page));
                entries.AddRange(json.RootElement.GetProperty("data").EnumerateArray().Select(LedgerLine.Read));
                cursor = json.RootElement.GetProperty("next_cursor").GetString();
            }
        }

        return entries;
    }
}
