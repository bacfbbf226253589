using System.Data.Common;
using Gateway.Audit;
using Gateway.Configuration;
using Gateway.Metering;
using Gateway.State.Embedded;
using Gateway.State.Journal;

namespace GatewayApi.Hosting;

/// <summary><c>audit export</c> and <c>audit verify</c>.</summary>
/// <param name="File">The log to verify; null: export.</param>
/// <param name="Anchors">The file of anchors, or null.</param>
internal sealed record AuditCommand(string? File, string? Anchors)
{
    private const int Broken = 1;
    private const int Unreadable = 2;

    /// <summary>Reads the arguments after <c>audit</c>.</summary>
    public static CommandLine Parse(GatewayStartup startup, ReadOnlySpan<string> args) => args switch
    {
        ["export"] => new CommandLine(startup, false, null) { Audit = new AuditCommand(null, null) },
        ["export", "--config", var path] => new CommandLine(startup with { ConfigurationPath = path, ConfigurationIsOptional = false }, false, null) { Audit = new AuditCommand(null, null) },
        ["verify", var file, "--anchors", var anchors] => new CommandLine(startup, false, null) { Audit = new AuditCommand(file, anchors) },
        ["verify", "--anchors", var anchors, var file] => new CommandLine(startup, false, null) { Audit = new AuditCommand(file, anchors) },
        ["verify", var file] when !file.StartsWith("--", StringComparison.Ordinal) => new CommandLine(startup, false, null) { Audit = new AuditCommand(file, null) },
        ["verify", ..] => new CommandLine(startup, false, "audit verify needs a file, and may be given --anchors FILE"),
        ["export", ..] => new CommandLine(startup, false, "audit export takes nothing but --config PATH"),
        ["--help" or "-h"] => new CommandLine(startup, false, ""),
        _ => new CommandLine(startup, false, "audit needs 'export' or 'verify FILE'"),
    };

    /// <summary>Runs it.</summary>
    /// <returns>The exit code: 0 in order, 1 the log is not, 2 something could not be read.</returns>
    public async Task<int> RunAsync(GatewayStartup startup, TextWriter output, TextWriter errors)
    {
        try
        {
            return File is null ? await ExportAsync(startup, errors) : await VerifyAsync(File, output);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DbException or InvalidDataException)
        {
            await errors.WriteLineAsync(e.Message);
            return Unreadable;
        }
    }

    private static async Task<int> ExportAsync(GatewayStartup startup, TextWriter errors)
    {
        var loaded = ConfigurationLoader.Load(startup.ConfigurationPath, startup.Environment, startup.ConfigurationIsOptional);
        if (loaded.Config is not { } config)
        {
            foreach (var problem in loaded.Problems)
                await errors.WriteLineAsync(problem.ToString());
            return Unreadable;
        }

        var path = LedgerPaths.Database(Path.GetFullPath(config.Server.DataDirectory));
        if (!System.IO.File.Exists(path))
            throw new FileNotFoundException($"There is no database {path}: no gateway has run with this data directory.", path);
        using var database = SqliteDatabase.Open(path);
        using var store = new SqliteStateStore(database, startup.Time);
        await using var output = Console.OpenStandardOutput();
        try
        {
            var count = await AuditExport.WriteAsync(new StateJournal(store, AuditLog.JournalName, startup.Time), output);
            await errors.WriteLineAsync($"{count} records exported.");
            return 0;
        }
        catch (InvalidDataException e)
        {
            await errors.WriteLineAsync(e.Message + " The records before it are exported.");
            return Broken;
        }
    }

    private async Task<int> VerifyAsync(string file, TextWriter output)
    {
        var anchors = AuditAnchors.None;
        if (Anchors is not null)
        {
            await using var kept = System.IO.File.OpenRead(Anchors);
            anchors = await AuditAnchors.ReadAsync(kept);
        }

        await using var log = System.IO.File.OpenRead(file);
        var report = await AuditVerifier.VerifyAsync(log, anchors);
        if (report.Finding is { } finding)
        {
            await output.WriteLineAsync($"NOT CLEAN: {finding.Message}.");
            await output.WriteLineAsync(report.Records == 0 ? "No record before it is in order." : $"Records 1 to {report.Records} are in order.");
            return Broken;
        }

        await output.WriteLineAsync(report.Head is { } head
            ? $"Clean: {report.Records} records. Head: {head.Sequence} {Convert.ToBase64String(head.Hash)} {JournalSeal.FormatTime(head.Time)}"
            : "Clean: no records.");
        if (Anchors is not null)
            await output.WriteLineAsync($"{report.Anchors} anchors agree.");
        return 0;
    }
}
