using System.Security.Cryptography.X509Certificates;
using GatewayApi.Simulator;

namespace GatewayApi.Hosting;

/// <summary>What a gateway is started with. Tests start it with their own environment, clock and output.</summary>
internal sealed record GatewayStartup
{
    /// <summary>Path of gateway.json.</summary>
    public string ConfigurationPath { get; init; } = "gateway.json";

    /// <summary>True when <see cref="ConfigurationPath"/> was not asked for and need not exist.</summary>
    public bool ConfigurationIsOptional { get; init; } = true;

    /// <summary>Environment variables.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the process is the gateway's alone, so that its threads' scheduling may be changed.</summary>
    public bool OwnsProcess { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where the first run's keys are printed.</summary>
    public TextWriter Output { get; init; } = Console.Out;

    /// <summary>The simulator's pace, should it be needed.</summary>
    public SimulatorOptions Simulator { get; init; } = new();

    /// <summary>More ways to prove to the admin API who one is.</summary>
    public IReadOnlyList<IPrincipalSource> PrincipalSources { get; init; } = [];

    /// <summary>What providers' certificates must lead to; null: the machine's own roots.</summary>
    public X509Certificate2Collection? UpstreamRoots { get; init; }

    /// <summary>Between two looks at the configuration file; null: the default of 1 s.</summary>
    public TimeSpan? ReloadInterval { get; init; }
}
