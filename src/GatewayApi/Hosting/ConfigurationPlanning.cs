using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Gateway.Admission;
using Gateway.Admission.Directory;
using Gateway.Audit;
using Gateway.Configuration;
using Gateway.Configuration.Entities;
using Gateway.Configuration.Plans;
using Gateway.Metering;
using Gateway.Providers.Catalogue;
using Gateway.State.Embedded;
using Gateway.State.Journal;
using Microsoft.Extensions.Logging.Abstractions;

namespace GatewayApi.Hosting;

/// <summary><c>--plan</c>: what a configuration would change, found beside a gateway that runs, without changing anything.</summary>
internal static class ConfigurationPlanning
{
    /// <summary>Prints the plan, or what is wrong.</summary>
    /// <returns>The exit code: 0 nothing would change, 2 something would, 1 the configuration could not be taken up.</returns>
    public static async Task<int> RunAsync(GatewayStartup startup)
    {
        var build = ConfigurationBuild.FromFile(startup.ConfigurationPath, startup.ConfigurationIsOptional, new CompileInputs
        {
            Environment = startup.Environment,
            Catalogue = ModelCatalogue.Load(),
            // Hashes are only compared with each other here, and with none that is stored.
            HashKey = static value => SHA256.HashData(Encoding.UTF8.GetBytes(value)),
            Simulator = static () => new Uri("http://127.0.0.1:1/v1"),
            IndexStores = SemanticIndexes.Stores,
        });
        foreach (var problem in build.Problems) startup.Output.WriteLine(problem);
        if (build.Snapshot is not { } snapshot) return 1;

        var data = Path.GetFullPath(build.Config!.Server.DataDirectory);
        var conflicts = await ConflictsAsync(data, snapshot.Entities, startup.Time);
        foreach (var conflict in conflicts) startup.Output.WriteLine(conflict);
        if (conflicts.Count > 0) return 1;

        var before = AppliedConfiguration.Read(Path.Combine(data, AppliedConfiguration.FileName));
        if (before is null) startup.Output.WriteLine($"No gateway has run with the data in {data}: all of it is new.");
        var changes = ConfigurationPlan.Compare(before, EffectiveConfiguration.Write(build.Config!, build.Providers));
        ConfigurationPlan.Print(changes, startup.Output);
        return changes.Count == 0 ? 0 : 2;
    }

    /// <summary>What stands in the way in the directory that lies in the data directory.</summary>
    private static async Task<IReadOnlyList<string>> ConflictsAsync(string data, IReadOnlyList<EntityRecord> declared, TimeProvider time)
    {
        var path = LedgerPaths.Database(data);
        if (!File.Exists(path)) return [];
        try
        {
            using var database = SqliteDatabase.Open(path);
            using var state = new SqliteStateStore(database, time);
            await using var directory = new DirectoryService(
                new StateJournal(state, AuditLog.JournalName, time), state, new EntityFormat(), time, NullLogger<DirectoryService>.Instance);
            await directory.NudgeAsync();
            return directory.Health.Fault is { } fault ? [$"The directory in {data} can't be read: {fault}"] : directory.ProblemsWith(declared);
        }
        catch (Exception e) when (e is DbException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return [$"The directory in {data} can't be read: {e.Message}"];
        }
    }
}
