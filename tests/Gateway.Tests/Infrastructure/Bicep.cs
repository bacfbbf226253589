using System.Diagnostics;
using System.Reflection;

namespace Gateway.Tests.Infrastructure;

/// <summary>The Bicep compiler, and what it makes of infra/bicep.</summary>
internal static class Bicep
{
    private static readonly Dictionary<string, Lazy<Task<(string Output, string Errors)>>> Built =
        new[] { "main", "gateway", "functions" }.ToDictionary(name => name, name => new Lazy<Task<(string, string)>>(() => RunAsync([], "build", name + ".bicep", "--stdout")));

    /// <summary>Where it is; null: there is none for this machine.</summary>
    public static string? Path { get; } = typeof(Bicep).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(attribute => attribute.Key == "BicepPath")?.Value?.Replace('\\', '/');

    /// <summary>What the compiler prints for a file: the template, and every warning and error.</summary>
    public static Task<(string Output, string Errors)> BuildAsync(string name) => Built[name].Value;

    /// <summary>The template of a file.</summary>
    public static async Task<ArmTemplate> TemplateAsync(string name) => ArmTemplate.Parse((await BuildAsync(name)).Output);

    /// <summary>Compiles a parameters file with these variables set.</summary>
    public static Task<(string Output, string Errors)> ParametersAsync(string file, params (string Name, string Value)[] variables) =>
        RunAsync(variables, "build-params", file, "--stdout");

    private static async Task<(string Output, string Errors)> RunAsync((string Name, string Value)[] variables, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path!, arguments)
        {
            WorkingDirectory = RepositoryFiles.Path("infra/bicep"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["BICEP_TRACING_ENABLED"] = "false";
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var compiler = Process.Start(start)!;
        var errors = compiler.StandardError.ReadToEndAsync();
        var output = await compiler.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(2));
        await compiler.WaitForExitAsync();
        return (output, await errors);
    }
}
