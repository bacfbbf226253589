using System.Security.Cryptography;
using System.Text;
using Gateway.Configuration;
using Gateway.Providers;
using Gateway.Providers.Credentials;

namespace Gateway.Tests.Configuration;

/// <summary>Builds configurations from text.</summary>
internal static class Configured
{
    public static CompileInputs Inputs(params (string Name, string Value)[] environment) => new()
    {
        Environment = environment.ToDictionary(e => e.Name, e => e.Value),
        Catalogue = FakeCatalogue.Instance,
        HashKey = Hash,
        Simulator = static () => new Uri("http://127.0.0.1:49152/v1"),
    };

    public static byte[] Hash(string value) => HMACSHA256.HashData("test"u8, Encoding.UTF8.GetBytes(value));

    public static ConfigurationBuild Build(string json, params (string Name, string Value)[] environment) =>
        ConfigurationBuild.FromBytes(Encoding.UTF8.GetBytes(json), Inputs(environment));

    /// <summary>Builds what must be good.</summary>
    public static GatewaySnapshot Snapshot(string json, params (string Name, string Value)[] environment)
    {
        var build = Build(json, environment);
        Assert.Empty(build.Problems);
        return build.Snapshot!;
    }

    /// <summary>The header that carries a provider's only key.</summary>
    public static (string Header, string Value) Header(ProviderSnapshot provider)
    {
        var credential = Assert.IsType<HeaderCredential>(Assert.Single(provider.Credentials!.Keys).Credential);
        return (credential.Header, credential.Value.Reveal());
    }

    /// <summary>Builds what must have exactly one problem.</summary>
    public static ConfigProblem Problem(string json, params (string Name, string Value)[] environment)
    {
        var build = Build(json, environment);
        Assert.Null(build.Snapshot);
        return Assert.Single(build.Problems);
    }
}
