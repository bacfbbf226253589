using Gateway.Caching.Semantic;
using Gateway.Configuration;
#if WITH_QDRANT
using Gateway.Qdrant;
#endif

namespace GatewayApi.Hosting;

/// <summary>The kinds of semantic index in this build, and the one that is configured.</summary>
internal static class SemanticIndexes
{
    private static readonly ISemanticIndexFactory[] Factories =
    [
#if WITH_QDRANT
        new QdrantIndexFactory(),
#endif
    ];

    /// <summary>What <c>semanticIndex.store</c> may say besides <c>embedded</c>.</summary>
    public static IReadOnlyCollection<string> Stores { get; } = [.. Factories.Select(factory => factory.Store)];

    public static void AddSemanticIndex(this IServiceCollection services, GatewayConfig config)
    {
        services.AddSingleton(Create);
        if (!config.SemanticIndex.IsQdrant)
            return;
        services.AddSingleton<SemanticIndexWatch>();
        services.AddHostedService(s => s.GetRequiredService<SemanticIndexWatch>());
    }

    /// <summary>Made when it is first asked for: the key is in the snapshot by then.</summary>
    private static ISemanticIndex Create(IServiceProvider services)
    {
        var config = services.GetRequiredService<GatewayConfig>().SemanticIndex;
        return config.IsQdrant
            ? Factories.Single(factory => factory.Store == SemanticIndexConfig.Qdrant).Create(new SemanticIndexOptions
            {
                Endpoint = config.Endpoint!,
                ApiKey = services.GetRequiredService<SnapshotHolder>().Current.SemanticIndexKey,
                Collection = config.Collection,
                Dimensions = config.Dimensions,
            })
            : new MemorySemanticIndex(new MemoryIndexOptions { Dimensions = config.Dimensions });
    }
}
