namespace TestSidecar;

/// <summary>What a sidecar is started with.</summary>
public sealed record SidecarOptions
{
    /// <summary>Port of the HTTP API on 127.0.0.1; 0: any free one.</summary>
    public int HttpPort { get; init; }

    /// <summary>Port of the gRPC API on 127.0.0.1; 0: any free one.</summary>
    public int GrpcPort { get; init; }

    /// <summary><c>memory</c>, or <c>redis://HOST:PORT</c>.</summary>
    public string Store { get; init; } = "memory";

    /// <summary>Applications that events are delivered to.</summary>
    public IReadOnlyList<AppAddress> Apps { get; init; } = [];

    /// <summary>The token sent to applications as <c>dapr-api-token</c>; null: none.</summary>
    public string? AppToken { get; init; }

    /// <summary>A JSON file with secrets: names to a text, or to an object of texts; null: none.</summary>
    public string? SecretsFile { get; init; }

    /// <summary>What precedes <c>||</c> in stored keys.</summary>
    public string KeyPrefix { get; init; } = "gateway";

    /// <summary>Name of the state component.</summary>
    public string StateComponent { get; init; } = "statestore";

    /// <summary>Name of the pub/sub component.</summary>
    public string PubSubComponent { get; init; } = "pubsub";

    /// <summary>Name of the secrets component.</summary>
    public string SecretsComponent { get; init; } = "secrets";

    /// <summary>The runtime's version, as metadata says it. Before 1.17 bulk publishing is there under its alpha name only.</summary>
    public string RuntimeVersion { get; init; } = "1.18.3";

    /// <summary>Between a delivery that was not accepted and the next.</summary>
    public TimeSpan RedeliverAfter { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The clock of times to live.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
