using Gateway.Configuration;

namespace GatewayApi.Hosting;

/// <summary>The gateway can't start with its configuration.</summary>
internal sealed class ConfigurationException(string path, IReadOnlyList<ConfigProblem> problems)
    : StartException($"The configuration {path} has {problems.Count} problem(s):{Environment.NewLine}{string.Join(Environment.NewLine, problems)}")
{
    /// <summary>Everything that is wrong.</summary>
    public IReadOnlyList<ConfigProblem> Problems { get; } = problems;
}
