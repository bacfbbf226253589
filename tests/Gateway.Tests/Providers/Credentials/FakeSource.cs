using Gateway.Providers.Credentials;

namespace Gateway.Tests.Providers.Credentials;

/// <summary>A source that answers when and what the test says.</summary>
internal sealed class FakeSource(TimeProvider time)
{
    private TaskCompletionSource _gate = Opened();

    /// <summary>How often it was asked.</summary>
    public int Calls { get; private set; }

    /// <summary>How long what it gives is valid.</summary>
    public TimeSpan Life { get; set; } = TimeSpan.FromHours(1);

    /// <summary>What it throws instead of answering, or null.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Makes it wait.</summary>
    public void Close() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets it answer.</summary>
    public void Open() => _gate.TrySetResult();

    public async Task<Temporary<string>> FetchAsync(CancellationToken cancellation)
    {
        var call = ++Calls;
        await _gate.Task.WaitAsync(cancellation);
        return Failure is null ? new Temporary<string>($"value-{call}", time.GetUtcNow() + Life) : throw Failure;
    }

    private static TaskCompletionSource Opened()
    {
        var gate = new TaskCompletionSource();
        gate.SetResult();
        return gate;
    }
}
