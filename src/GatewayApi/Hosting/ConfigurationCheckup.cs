using System.Security.Cryptography;
using System.Text;
using Gateway.Configuration;
using Gateway.Providers.Catalogue;

namespace GatewayApi.Hosting;

/// <summary>Looks at a configuration without starting anything.</summary>
internal static class ConfigurationCheckup
{
    /// <summary><c>--check</c>.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(GatewayStartup startup) =>
        ConfigurationCheck.Run(startup.ConfigurationPath, startup.ConfigurationIsOptional, startup.Environment, ModelCatalogue.Load(), startup.Output, SemanticIndexes.Stores);

    /// <summary>Everything that is wrong, also what only compiling finds.</summary>
    public static ConfigurationException Exception(GatewayStartup startup)
    {
        var build = ConfigurationBuild.FromFile(startup.ConfigurationPath, startup.ConfigurationIsOptional, new CompileInputs
        {
            Environment = startup.Environment,
            Catalogue = ModelCatalogue.Load(),
            HashKey = static value => SHA256.HashData(Encoding.UTF8.GetBytes(value)),
            Simulator = static () => new Uri("http://127.0.0.1:1/v1"),
            IndexStores = SemanticIndexes.Stores,
        });
        return new ConfigurationException(startup.ConfigurationPath, build.Problems);
    }
}
