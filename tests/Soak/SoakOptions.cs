using System.Globalization;

namespace Soak;

/// <summary>What to run.</summary>
internal sealed record SoakOptions
{
    /// <summary>Shown for wrong arguments.</summary>
    public const string Usage = """
        usage: Soak [--streams 1000] [--minutes 10 | --seconds N] [--faults 20] [--seed N] [--save FILE] [--short] [--keep]
               Soak --flap [--save FILE]

          --streams  streams at once
          --faults   percent of the calls of each provider that go wrong
          --short    what the test command runs: 200 streams for 12 s
          --keep     leave the gateway's directory, with what it printed
          --flap     instead: one request every 4 s while the first provider is away for a minute, in real time
        """;

    /// <summary>Streams at once.</summary>
    public int Streams { get; private init; } = 1_000;

    /// <summary>How long.</summary>
    public TimeSpan Time { get; private init; } = TimeSpan.FromMinutes(10);

    /// <summary>Percent of calls that go wrong.</summary>
    public int Faults { get; private init; } = 20;

    /// <summary>Decides which calls do.</summary>
    public int Seed { get; private init; } = Random.Shared.Next(1, 1_000_000);

    /// <summary>Where to write the report; null: nowhere.</summary>
    public string? Save { get; private init; }

    /// <summary>Whether memory and connections are not judged, for which the time is too short.</summary>
    public bool IsShort { get; private init; }

    /// <summary>Whether the gateway's directory stays.</summary>
    public bool Keeps { get; private init; }

    /// <summary>Whether to run the outage instead.</summary>
    public bool IsFlap { get; private init; }

    /// <summary>Between two samples.</summary>
    public TimeSpan Interval => Time < TimeSpan.FromMinutes(1) ? TimeSpan.FromSeconds(2) : TimeSpan.FromSeconds(10);

    /// <summary>Reads arguments.</summary>
    /// <exception cref="FormatException">They are wrong.</exception>
    public static SoakOptions Parse(string[] args)
    {
        var options = new SoakOptions();
        for (var i = 0; i < args.Length; i++)
        {
            options = args[i] == "--short" ? options with { Streams = 200, Time = TimeSpan.FromSeconds(12), IsShort = true }
                : args[i] == "--keep" ? options with { Keeps = true }
                : args[i] == "--flap" ? options with { IsFlap = true }
                : i + 1 < args.Length ? options.With(args[i], args[++i])
                : throw new FormatException($"{args[i]} is not an option, or lacks its value.");
        }

        return options;
    }

    private SoakOptions With(string name, string value) => name switch
    {
        "--streams" => this with { Streams = Number(value) },
        "--minutes" => this with { Time = TimeSpan.FromMinutes(Number(value)) },
        "--seconds" => this with { Time = TimeSpan.FromSeconds(Number(value)) },
        "--faults" => this with { Faults = Number(value) },
        "--seed" => this with { Seed = Number(value) },
        "--save" => this with { Save = value },
        _ => throw new FormatException($"{name} {value} is not an option."),
    };

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
