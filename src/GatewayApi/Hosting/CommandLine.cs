using Gateway.Hosting;

namespace GatewayApi.Hosting;

/// <summary>The arguments of the process.</summary>
/// <param name="Startup">What to start with.</param>
/// <param name="CheckOnly">True for <c>--check</c>: validate, print and exit.</param>
/// <param name="Problem">What is wrong with the arguments, or null.</param>
internal sealed record CommandLine(GatewayStartup Startup, bool CheckOnly, string? Problem)
{
    /// <summary>Shown for <c>--help</c> and wrong arguments.</summary>
    public const string Usage = """
        Usage: GatewayApi [--config PATH] [--check | --plan]
               GatewayApi audit export [--config PATH]
               GatewayApi audit verify FILE [--anchors FILE]

          --config PATH   configuration file (default: gateway.json, if there is one)
          --check         validate the configuration, print what it comes to with secrets masked, and exit (0: valid, 1: not)
          --plan          print what the configuration would change in the gateway that runs, or ran last, with secrets masked, and exit
                          (0: nothing, 2: something, 1: it has problems)
          --help          show this

          audit export    write the audit log of the data directory to standard output, one record a line (0: done, 1: the log is broken, 2: cannot be read)
          audit verify    check an exported audit log, offline (0: clean, 1: edited, incomplete or out of order, 2: cannot be read)
          --anchors FILE  also hold it against anchors that were kept, one a line
        """;

    /// <summary>True for <c>--plan</c>: print what the configuration would change and exit.</summary>
    public bool PlanOnly { get; init; }

    /// <summary>What to do with an audit log instead of starting; null: start.</summary>
    public AuditCommand? Audit { get; init; }

    /// <summary>Reads arguments and environment.</summary>
    public static CommandLine Parse(string[] args)
    {
        var startup = new GatewayStartup { Environment = ProcessVariables.All() };
        if (startup.Environment.TryGetValue("GATEWAY_CONFIG", out var path))
            startup = startup with { ConfigurationPath = path, ConfigurationIsOptional = false };
        if (args is ["audit", .. var rest])
            return AuditCommand.Parse(startup, rest);
        var (checkOnly, planOnly) = (false, false);
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--check":
                    checkOnly = true;
                    break;
                case "--plan":
                    planOnly = true;
                    break;
                case "--config" when i + 1 < args.Length:
                    startup = startup with { ConfigurationPath = args[++i], ConfigurationIsOptional = false };
                    break;
                case "--config":
                    return new CommandLine(startup, false, "--config needs a path");
                case "--help" or "-h":
                    return new CommandLine(startup, false, "");
                default:
                    return new CommandLine(startup, false, $"unknown argument '{args[i]}'");
            }
        }

        return checkOnly && planOnly
            ? new CommandLine(startup, false, "--check and --plan don't go together")
            : new CommandLine(startup, checkOnly, null) { PlanOnly = planOnly };
    }
}
