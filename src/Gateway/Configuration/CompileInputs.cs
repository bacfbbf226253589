using Gateway.Providers.Catalogue;
using Gateway.Providers.Credentials;
using Gateway.Routing.Health;
using Gateway.Secrets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

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

    /// <summary>The vault's secrets, prepared for what the configuration names; null when it is only looked at.</summary>
    public VaultCache? Vault { get; init; }

    /// <summary>Where this build can keep a semantic index, besides memory.</summary>
    public IReadOnlyCollection<string> IndexStores { get; init; } = [];

    /// <summary>What is going on with targets; they are found again by every later snapshot.</summary>
    public TargetStates Targets { get; init; } = new(TimeProvider.System);

    /// <summary>What is going on with providers' keys; they too are found again.</summary>
    public KeyStates Keys { get; init; } = new(TimeProvider.System);

    /// <summary>The clock that temporary credentials follow.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where credential sources log what no request has suffered from.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>The epoch of the snapshot.</summary>
    public long Epoch { get; init; } = 1;
}
