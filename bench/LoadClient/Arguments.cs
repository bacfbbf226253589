using System.Globalization;

namespace LoadClient;

/// <summary>The command line.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _values = [];

    private Arguments(string mode) => Mode = mode;

    public string Mode { get; }

    public List<Target> Targets { get; } = [];

    /// <summary>What stands without an option's name, such as the URL of <c>ready</c>.</summary>
    public List<string> Plain { get; } = [];

    /// <summary>What follows <c>--</c>.</summary>
    public string[] Command { get; private set; } = [];

    public string Key => _values.GetValueOrDefault("--key", "none");

    /// <summary>A whole number of at least 1, or the default.</summary>
    public int Number(string option, int otherwise) =>
        !_values.TryGetValue(option, out var text) ? otherwise
        : int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
        : throw new UsageException(option + " wants a number of at least 1");

    public static Arguments Parse(string[] args)
    {
        var parsed = new Arguments(args.FirstOrDefault() ?? throw new UsageException("no mode"));
        for (var i = 1; i < args.Length; i++)
        {
            if (args[i] == "--")
            {
                parsed.Command = args[(i + 1)..];
                break;
            }

            if (args[i] == "--target" && i + 3 < args.Length)
            {
                parsed.Targets.Add(new(args[i + 1], new(args[i + 2]), args[i + 3]));
                i += 3;
            }
            else if (args[i].StartsWith("--", StringComparison.Ordinal))
            {
                parsed._values[args[i]] = i + 1 < args.Length ? args[++i] : throw new UsageException(args[i] + " wants a value");
            }
            else
            {
                parsed.Plain.Add(args[i]);
            }
        }

        return parsed;
    }
}
