using CsCheck;
using Gateway.Configuration;

namespace Gateway.Tests.Configuration;

public class ConfigurationFuzzTests
{
    private static readonly byte[] Example = File.ReadAllBytes(RepositoryFiles.Path("gateway.example.json"));

    [Fact]
    public void Build_AnyBytes_GivesASnapshotOrProblemsAndNeverThrows() =>
        Gen.Byte.Array[0, 60].Sample(Holds);

    [Fact]
    public void Build_DamagedFile_GivesASnapshotOrProblemsAndNeverThrows() =>
        Gen.Select(Gen.Int[0, Example.Length - 1], Gen.Byte, Gen.Int[0, 40]).Sample((at, value, cut) =>
        {
            var damaged = Example.ToList();
            damaged.RemoveRange(at, Math.Min(cut, damaged.Count - at));
            damaged.Insert(at, value);
            Holds([.. damaged]);
        });

    [Fact]
    public void Build_AnyValueAnywhere_GivesASnapshotOrProblemsAndNeverThrows()
    {
        string[] values = ["null", "1", "-1e400", "\"x\"", "\"a/b\"", "[]", "[null]", "[{}]", "{}", "{\"a\":null}", "{\"a/b\":{}}", "{\"a\":{\"targets\":[\"a/b\"]}}", "true", "\"\\ud800\""];
        string[] names = ["server", "limits", "timeouts", "providers", "simulator", "routes", "models", "unknownPrice", "customers", "teams", "users", "keys", "ledger", "logging", "telemetry", "$schema"];
        Gen.Select(Gen.OneOf([.. names.Select(Gen.Const)]), Gen.OneOf([.. values.Select(Gen.Const)]), Gen.OneOf([.. names.Select(Gen.Const)]), Gen.OneOf([.. values.Select(Gen.Const)]))
            .Sample((a, x, b, y) => Holds(System.Text.Encoding.UTF8.GetBytes($$"""{ "{{a}}": {{x}}, "{{b}}": {{y}} }""")));
    }

    private static void Holds(byte[] json)
    {
        var build = ConfigurationBuild.FromBytes(json, Configured.Inputs());
        Assert.True(build.Snapshot is null == build.Problems.Count > 0);
        Assert.All(build.Problems, p => Assert.DoesNotContain('\n', p.ToString()));
    }
}
