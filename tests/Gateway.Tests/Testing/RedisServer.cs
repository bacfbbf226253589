using System.Diagnostics;

namespace Gateway.Tests.Testing;

/// <summary>A Redis of its own on a free loopback port, in memory only.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private readonly Process _process;

    private readonly Task<string> _rest;

    // What it goes on to say is read, or it would stop once the pipe is full.
    private RedisServer(Process process, int port) => (_process, Port, _rest) = (process, port, process.StandardOutput.ReadToEndAsync());

    /// <summary>Its port.</summary>
    public int Port { get; }

    /// <summary>As the test sidecar takes it.</summary>
    public string Address => $"redis://127.0.0.1:{Port}";

    /// <summary>Starts one.</summary>
    public static async Task<RedisServer> StartAsync()
    {
        var program = Programs.Find("redis-server")
            ?? throw new InvalidOperationException("These tests need redis-server, which is not on PATH: apt-get install -y redis-server.");
        var port = Programs.FreePort();
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true };
        foreach (var argument in (string[])["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no"])
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!line.Contains("eady to accept connections", StringComparison.Ordinal))
                continue;
            return new RedisServer(process, port);
        }

        await process.WaitForExitAsync();
        throw new InvalidOperationException($"redis-server ended with {process.ExitCode} before it listened on {port}.");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await _rest;
        _process.Dispose();
    }
}
