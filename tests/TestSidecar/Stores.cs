using TestSidecar.Messages;
using TestSidecar.State;

namespace TestSidecar;

/// <summary>Chooses what state and events are kept in.</summary>
internal static class Stores
{
    public static async Task AddAsync(IServiceCollection services, SidecarOptions options)
    {
        await Task.CompletedTask;
        if (options.Store != "memory")
            throw new ArgumentException($"--store is memory or redis://HOST:PORT, not {options.Store}.");
        services.AddSingleton<ISidecarStore>(new MemoryStore(options.Time));
        services.AddSingleton<IMessageLog, MemoryLog>();
    }
}
