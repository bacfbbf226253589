using Gateway.Providers.Catalogue;

namespace Gateway.Configuration;

/// <summary>What compiling needs besides the configuration itself.</summary>
internal sealed record CompileInputs
{
    /// <summary>Environment variables: secrets and conventional provider settings.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>What is known of models.</summary>
    public required IModelCatalogue Catalogue { get; init; }

    /// <summary>Hashes a virtual key under the deployment's secret: 32 bytes.</summary>
    public required Func<string, byte[]> HashKey { get; init; }

    /// <summary>Starts the simulator if need be and says where it answers, e.g. <c>http://127.0.0.1:49152/v1</c>; asked only when a configuration uses it. Null when there is none.</summary>
    public Func<Uri>? Simulator { get; init; }

    /// <summary>The epoch of the snapshot.</summary>
    public long Epoch { get; init; } = 1;
}
