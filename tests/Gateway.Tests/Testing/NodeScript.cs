using System.Diagnostics;
using Gateway.Tests.Surfaces;
using Xunit.Abstractions;

namespace Gateway.Tests.Testing;

/// <summary>A script of tests/clients in a Node process that ends with its owner.</summary>
internal sealed class NodeScript : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _errors;

    private NodeScript(Process process) => (_process, _errors) = (process, process.StandardError.ReadToEndAsync());

    /// <summary>Starts <c>node</c> in tests/clients.</summary>
    public static NodeScript Start(string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("node", arguments)
        {
            WorkingDirectory = NodeFactAttribute.Suite,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new NodeScript(Process.Start(start)!);
    }

    /// <summary>Runs a suite of Node's test runner and fails unless each of its tests was run and passed.</summary>
    public static async Task RunSuiteAsync(string suite, ITestOutputHelper output, params (string Name, string Value)[] environment)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        await using var node = Start(["--test", "--test-reporter=tap", suite + ".test.mjs"], environment);
        var tap = await node._process.StandardOutput.ReadToEndAsync(limit.Token);
        await node._process.WaitForExitAsync(limit.Token);
        output.WriteLine(tap);
        output.WriteLine(await node._errors);

        Assert.True(node._process.ExitCode == 0, string.Join('\n', tap.Split('\n').Where(line => line.Contains("not ok ", StringComparison.Ordinal) || line.Contains("error:", StringComparison.Ordinal))));
        Assert.Contains("# fail 0", tap);
        Assert.Contains("# skipped 0", tap);
    }

    /// <summary>The next line that it prints; throws what it wrote to standard error when it ends without one. At most 60 s.</summary>
    public async Task<string> ReadLineAsync() =>
        await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience) ?? throw new InvalidOperationException(await _errors);

    /// <summary>Writes a line to its standard input.</summary>
    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
