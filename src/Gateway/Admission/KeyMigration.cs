using Gateway.Admission.Directory;
using Microsoft.Extensions.Logging;

namespace Gateway.Admission;

/// <summary>Carries the keys of the embedded database's own table into the directory, once.</summary>
internal sealed partial class KeyMigration(KeyStore store, IDirectory directory, ILogger<KeyMigration> logger)
{
    private const string DoneSetting = "keys_in_directory";
    private const string Actor = "gateway";

    /// <summary>Carries them over, unless that was done before.</summary>
    /// <exception cref="IOException">The state store cannot be reached; the next start goes on.</exception>
    public async Task RunAsync(CancellationToken cancellation = default)
    {
        if (store.GetSetting(DoneSetting) is not null)
            return;
        foreach (var key in store.LoadAll())
        {
            var entity = new KeyEntity { Id = key.Id, Name = key.Name, Models = key.Models, Disabled = key.Disabled, Hashes = [new KeyHash(key.Hash)] };
            // One that is there already was carried over before this was interrupted, or is declared in a file.
            var result = await directory.ChangeAsync(new DirectoryChange(EntityKind.Key, key.Id, entity, Actor) { IfVersion = 0 }, cancellation).ConfigureAwait(false);
            if (result.Outcome == DirectoryOutcome.Invalid)
                LogLeft(key.Id, string.Join("; ", result.Problems.Select(p => $"{p.Key} {p.Value}")));
        }

        store.SetSetting(DoneSetting, [1]);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The key {Id} was left out of the directory and is refused from now on: {Reason}")]
    private partial void LogLeft(string id, string reason);
}
