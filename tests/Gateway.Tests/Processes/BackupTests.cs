using Gateway.Tests.Testing;
using Microsoft.Data.Sqlite;

namespace Gateway.Tests.Processes;

public class BackupTests : ProcessFixture
{
    /// <summary>As docs/operations.md says: the spool first, then the database, while replies go on.</summary>
    [Fact]
    public async Task Backup_WhileServing_RestoresEveryEntryBeforeItOnceAndServesOn()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(WholeReply);
        var configuration = GatewayProcess.WriteConfiguration(Directory, upstream.BaseUri);
        var data = Path.Combine(Directory, "data");
        var backup = System.IO.Directory.CreateDirectory(Path.Combine(Directory, "restored", "data")).FullName;
        var before = new List<string>();
        using (var gateway = await GatewayProcess.StartAsync(Directory, [.. Keys, "--config", configuration]))
        {
            await AskAsync(gateway, before, 20);
            System.IO.Directory.CreateDirectory(Path.Combine(backup, "ledger"));
            foreach (var file in System.IO.Directory.GetFiles(Path.Combine(data, "ledger")))
                CopyShared(file, Path.Combine(backup, "ledger", Path.GetFileName(file)));
            await AskAsync(gateway, [], 20);
            await gateway.LedgerAsync(); // the database is now ahead of the copied spool
            CopyDatabase(Path.Combine(data, "gateway.db"), Path.Combine(backup, "gateway.db"));
        }

        GatewayProcess.WriteConfiguration(Path.GetDirectoryName(backup)!, upstream.BaseUri);
        using var restored = await GatewayProcess.StartAsync(Path.GetDirectoryName(backup)!, Keys);
        await AskAsync(restored, before, 5);
        var entries = await restored.LedgerAsync();
        Assert.Equal(45, entries.Count);
        Assert.Equal(45, entries.DistinctBy(e => e.GetProperty("sequence").GetInt64()).Count());
        Assert.Empty(before.Except(entries.Select(e => e.GetProperty("request_id").GetString()!)));
    }

    private static async Task AskAsync(GatewayProcess gateway, List<string> ids, int times)
    {
        for (var i = 0; i < times; i++)
        {
            using var response = await gateway.PostAsync("/v1/chat/completions", WholeRequest);
            Assert.True(response.IsSuccessStatusCode);
            await response.Content.ReadAsByteArrayAsync();
            ids.Add(response.Headers.GetValues("x-request-id").Single());
        }
    }

    /// <summary>As cp does, which asks for no lock.</summary>
    private static void CopyShared(string from, string to)
    {
        using var copy = System.Diagnostics.Process.Start("cp", [from, to]);
        copy.WaitForExit();
        Assert.Equal(0, copy.ExitCode);
    }

    private static void CopyDatabase(string from, string to)
    {
        using var source = new SqliteConnection($"Data Source={from};Mode=ReadWrite;Pooling=False");
        using var target = new SqliteConnection($"Data Source={to};Pooling=False");
        source.Open();
        target.Open();
        source.BackupDatabase(target);
    }
}
