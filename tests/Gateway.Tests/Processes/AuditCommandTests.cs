using Gateway.Audit;
using Gateway.Metering;
using Gateway.State.Embedded;
using Gateway.State.Journal;

namespace Gateway.Tests.Processes;

public class AuditCommandTests : ProcessFixture
{
    [Fact]
    public async Task Verify_ExportOfTheDataDirectory_IsCleanAndEditsArePinpointed()
    {
        var anchors = Path.Combine(Directory, "anchors.jsonl");
        await File.WriteAllBytesAsync(anchors, (await WriteLogAsync(Directory, 5)).ToJson());
        var (exit, exported, errors) = await GatewayProcess.RunAsync(Directory, "audit", "export");
        Assert.Equal((0, "5 records exported.\n"), (exit, errors));
        var file = Path.Combine(Directory, "audit.jsonl");
        await File.WriteAllTextAsync(file, exported);

        var (clean, says, _) = await GatewayProcess.RunAsync(Directory, "audit", "verify", file, "--anchors", anchors);
        Assert.Equal(0, clean);
        Assert.Contains("Clean: 5 records", says, StringComparison.Ordinal);
        Assert.Contains("1 anchors agree", says, StringComparison.Ordinal);

        await File.WriteAllTextAsync(file, exported.Replace("key/3", "key/4", StringComparison.Ordinal));
        var (edited, pinpoints, _) = await GatewayProcess.RunAsync(Directory, "audit", "verify", file);
        Assert.Equal(1, edited);
        Assert.Contains("line 3", pinpoints, StringComparison.Ordinal);
        Assert.Contains("Records 1 to 2 are in order", pinpoints, StringComparison.Ordinal);

        await File.WriteAllTextAsync(file, string.Concat(exported.Split('\n').Take(3).Select(line => line + "\n")));
        var (cut, missing, _) = await GatewayProcess.RunAsync(Directory, "audit", "verify", file, "--anchors", anchors);
        Assert.Equal(1, cut);
        Assert.Contains("records 4 to 5", missing, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_BrokenLog_SaysWhereAndExitsWithOne()
    {
        await WriteLogAsync(Directory, 3);
        using (var database = SqliteDatabase.Open(LedgerPaths.Database(Path.Combine(Directory, "data"))))
        using (var connection = database.Connect())
            SqliteDatabase.Execute(connection, "UPDATE state SET value = replace(value, 'key/2', 'key/9') WHERE key = 'audit:2'");
        var (exit, _, errors) = await GatewayProcess.RunAsync(Directory, "audit", "export");
        Assert.Equal(1, exit);
        Assert.Contains("Record 2 of the journal audit was edited", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no database", "audit", "export")]
    [InlineData("audit needs", "audit")]
    [InlineData("needs a file", "audit", "verify")]
    [InlineData("Could not find", "audit", "verify", "nowhere.jsonl")]
    public async Task Audit_NothingToRead_ExitsWithTwo(string says, params string[] arguments)
    {
        var (exit, _, errors) = await GatewayProcess.RunAsync(Directory, arguments);
        Assert.Equal(2, exit);
        Assert.Contains(says, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    /// <summary>Fills the audit log of a directory's <c>data</c> and gives the anchor of its head.</summary>
    internal static async Task<AuditAnchor> WriteLogAsync(string directory, int records)
    {
        var data = System.IO.Directory.CreateDirectory(Path.Combine(directory, "data")).FullName;
        using var database = SqliteDatabase.Open(LedgerPaths.Database(data));
        using var store = new SqliteStateStore(database, TimeProvider.System);
        var journal = new StateJournal(store, AuditLog.JournalName, TimeProvider.System);
        JournalRecord? last = null;
        for (var n = 1; n <= records; n++)
        {
            var happened = new AuditEvent("ann", "key.rotate", $"key/{n}", "ok");
            last = await journal.TryAppendAsync(last, happened.Action, AuditBody.Write(happened));
        }

        return AuditAnchor.Of(last!);
    }
}
