using System.Security.Cryptography;
using System.Text;
using Gateway.Providers.Catalogue;

namespace Gateway.Configuration;

/// <summary>What <c>--check</c> does: says everything that is wrong with a configuration, or what it amounts to.</summary>
internal static class ConfigurationCheck
{
    // Nothing is called: the address only stands for the one that the running process would choose.
    private static readonly Uri SimulatorPlace = new("http://127.0.0.1:1/v1");

    /// <summary>Checks a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="optional">True when a missing file stands for an empty one, as for the default path.</param>
    /// <param name="environment">Environment variables.</param>
    /// <param name="catalogue">What is known of models.</param>
    /// <param name="output">Gets one <c>path: message</c> line for each problem, or the effective configuration as JSON. Never a secret.</param>
    /// <param name="indexStores">As <see cref="CompileInputs.IndexStores"/>.</param>
    /// <returns>The exit code: 0 when the gateway would start with it, otherwise 1.</returns>
    public static int Run(
        string path, bool optional, IReadOnlyDictionary<string, string> environment, IModelCatalogue catalogue, TextWriter output,
        IReadOnlyCollection<string>? indexStores = null)
    {
        var build = ConfigurationBuild.FromFile(path, optional, new CompileInputs
        {
            Environment = environment,
            Catalogue = catalogue,
            HashKey = static value => SHA256.HashData(Encoding.UTF8.GetBytes(value)),
            Simulator = static () => SimulatorPlace,
            IndexStores = indexStores ?? [],
        });
        foreach (var problem in build.Problems) output.WriteLine(problem);
        if (build.Snapshot is null) return 1;
        output.WriteLine(Encoding.UTF8.GetString(EffectiveConfiguration.Write(build.Config!, build.Providers)));
        return 0;
    }
}
