using StackExchange.Redis;
using TestSidecar.Messages;
using TestSidecar.State;

namespace TestSidecar;

/// <summary>Chooses what state and events are kept in.</summary>
internal static class Stores
{
    private const string RedisScheme = "redis://";

    public static async Task AddAsync(IServiceCollection services, SidecarOptions options)
    {
        if (options.Store == "memory")
        {
            services.AddSingleton<ISidecarStore>(new MemoryStore(options.Time));
            services.AddSingleton<IMessageLog, MemoryLog>();
            return;
        }

        if (!options.Store.StartsWith(RedisScheme, StringComparison.Ordinal))
            throw new ArgumentException($"--store is memory or redis://HOST:PORT, not {options.Store}.");
        var redis = await ConnectionMultiplexer.ConnectAsync($"{options.Store[RedisScheme.Length..]},abortConnect=true,syncTimeout=5000,asyncTimeout=5000");
        services.AddSingleton<IConnectionMultiplexer>(_ => redis);
        services.AddSingleton<ISidecarStore>(new RedisStore(redis.GetDatabase()));
        services.AddSingleton<IMessageLog>(new RedisLog(redis.GetDatabase(), options.KeyPrefix));
    }
}
