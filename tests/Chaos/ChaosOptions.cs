using System.Globalization;

namespace Chaos;

/// <summary>What to run.</summary>
internal sealed record ChaosOptions
{
    /// <summary>Shown for wrong arguments.</summary>
    public const string Usage = """
        usage: Chaos [--replicas 1,3,5] [--seconds 60] [--store memory|redis] [--seed N] [--clients 32] [--outage-seconds 60]
                     [--scenarios storm,revocation,rotation,outage] [--save FILE] [--short] [--calm] [--keep]

          --short   three replicas over Redis, 8 s of faults and 6 s without sidecars
          --calm    no faults: what the load alone does
          --keep    leave the directories of all processes, with what they printed, when an invariant was violated
          --save    also write the figures to a file
        """;

    private static readonly string[] All = ["storm", "revocation", "rotation", "outage"];

    /// <summary>A run for each number of replicas.</summary>
    public IReadOnlyList<int> Replicas { get; private init; } = [1, 3, 5];

    /// <summary>How long there are faults.</summary>
    public TimeSpan Storm { get; private init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long sidecars are away in the outage.</summary>
    public TimeSpan Outage { get; private init; } = TimeSpan.FromSeconds(60);

    /// <summary>memory or redis.</summary>
    public string Store { get; private init; } = "redis";

    /// <summary>Decides the faults and the load, but for the machine's own timing.</summary>
    public int Seed { get; private init; } = Random.Shared.Next(1, 1_000_000);

    /// <summary>Concurrent clients.</summary>
    public int Clients { get; private init; } = 32;

    /// <summary>What to run, in order.</summary>
    public IReadOnlyList<string> Scenarios { get; private init; } = All;

    /// <summary>Whether there are no faults.</summary>
    public bool IsCalm { get; private init; }

    /// <summary>Whether the directories stay when something was violated.</summary>
    public bool Keeps { get; private init; }

    /// <summary>Where to write the figures; null: nowhere.</summary>
    public string? Save { get; private init; }

    /// <summary>Reads arguments.</summary>
    /// <exception cref="FormatException">They are wrong.</exception>
    public static ChaosOptions Parse(string[] args)
    {
        var options = new ChaosOptions();
        for (var i = 0; i < args.Length; i++)
        {
            options = args[i] == "--short" ? options.Short()
                : args[i] == "--calm" ? options with { IsCalm = true }
                : args[i] == "--keep" ? options with { Keeps = true }
                : i + 1 < args.Length ? options.With(args[i], args[++i])
                : throw new FormatException($"{args[i]} is not an option, or lacks its value.");
        }

        return options;
    }

    private ChaosOptions Short() => this with { Replicas = [3], Storm = TimeSpan.FromSeconds(8), Outage = TimeSpan.FromSeconds(6), Store = "redis", Clients = 24 };

    private ChaosOptions With(string name, string value) => name switch
    {
        "--replicas" => this with { Replicas = [.. value.Split(',').Select(Number)] },
        "--seconds" => this with { Storm = TimeSpan.FromSeconds(Number(value)) },
        "--outage-seconds" => this with { Outage = TimeSpan.FromSeconds(Number(value)) },
        "--store" when value is "memory" or "redis" => this with { Store = value },
        "--seed" => this with { Seed = Number(value) },
        "--clients" => this with { Clients = Number(value) },
        "--scenarios" when value.Split(',').All(All.Contains) => this with { Scenarios = value.Split(',') },
        "--save" => this with { Save = value },
        _ => throw new FormatException($"{name} {value} is not an option."),
    };

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
