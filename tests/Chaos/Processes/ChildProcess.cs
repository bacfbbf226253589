using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Chaos.Processes;

/// <summary>A program that the run has started, can signal, and ends.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int KeptCharacters = 16_000;

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _readyText;
    private readonly StreamWriter _log;

    private ChildProcess(Process process, string readyText, string directory)
    {
        (_process, _readyText) = (process, readyText);
        _log = File.CreateText(Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"output-{process.Id}.log")));
        _log.AutoFlush = true;
        process.OutputDataReceived += (_, e) => OnLine(e.Data);
        process.ErrorDataReceived += (_, e) => OnLine(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Its id.</summary>
    public int Id => _process.Id;

    /// <summary>The last that it said.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Starts one and waits until it says that it is ready.</summary>
    /// <param name="program">A program, or a .dll for <c>dotnet</c>.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="directory">Where it runs.</param>
    /// <param name="variables">Its environment: nothing else of this machine's reaches it but what it takes to run.</param>
    /// <param name="ready">What is in the line that it prints once it is ready.</param>
    /// <exception cref="InvalidOperationException">It ended before.</exception>
    public static async Task<ChildProcess> StartAsync(
        string program, IEnumerable<string> arguments, string directory, IEnumerable<KeyValuePair<string, string>> variables, string ready)
    {
        var isManaged = program.EndsWith(".dll", StringComparison.Ordinal);
        var start = new ProcessStartInfo(isManaged ? "dotnet" : program)
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (isManaged)
            start.ArgumentList.Add(program);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        Clear(start.Environment, directory);
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        var child = new ChildProcess(Process.Start(start)!, ready, directory);
        await Task.WhenAny(child._ready.Task, child._process.WaitForExitAsync()).WaitAsync(TimeSpan.FromMinutes(2));
        if (child._ready.Task.IsCompleted)
            return child;
        await child.KillAsync();
        throw new InvalidOperationException($"{Path.GetFileName(program)} ended before it was ready: {child.Output}");
    }

    /// <summary>Gives it a line to read.</summary>
    public async Task SayAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Sends a signal by name: STOP, CONT, TERM.</summary>
    public void Signal(string name)
    {
        if (_process.HasExited)
            return;
        using var kill = Process.Start("kill", ["-" + name, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Kills it as <c>kill -9</c> does, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop and waits for the end.</summary>
    public async Task StopAsync()
    {
        Signal("TERM");
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
        lock (_output)
            _log.Dispose();
    }

    private static void Clear(IDictionary<string, string?> environment, string directory)
    {
        var kept = environment.Where(v => v.Key is "PATH" or "DOTNET_ROOT" or "TMPDIR").ToList();
        environment.Clear();
        foreach (var (name, value) in kept)
            environment[name] = value;
        environment["HOME"] = directory;
        // Many short lives on few cores: code that is measured while it runs pays off later than they last.
        environment["DOTNET_TieredPGO"] = "0";
    }

    private void OnLine(string? line)
    {
        if (line is null)
            return;
        lock (_output)
        {
            if (_output.Length > KeptCharacters)
                _output.Remove(0, _output.Length - KeptCharacters);
            _output.Append(line).Append('\n');
            if (_log.BaseStream is { CanWrite: true })
                _log.WriteLine(line);
        }

        if (line.Contains(_readyText, StringComparison.Ordinal))
            _ready.TrySetResult();
    }
}
