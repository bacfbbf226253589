namespace Gateway.Providers.Credentials;

/// <summary>
/// Keeps what a source gives until shortly before its end. However many ask, there is one fetch at a time; while the old value is valid
/// nobody waits for it, and when it fails the old value stays in use.
/// </summary>
/// <param name="origin">Whose and from where.</param>
/// <param name="fetch">Asks the source. Its token is the cache's own: one impatient request does not end it for the others.</param>
/// <param name="services">The clock and the log.</param>
/// <param name="policy">When to fetch again; the defaults when null.</param>
internal sealed class RefreshingCache<T>(
    CredentialOrigin origin, Func<CancellationToken, Task<Temporary<T>>> fetch, CredentialServices services, RefreshPolicy? policy = null)
    where T : class
{
    private readonly RefreshPolicy _policy = policy ?? new RefreshPolicy();
    private readonly Lock _lock = new();
    private volatile Kept? _kept;
    private Task? _fetching;
    private CredentialException? _failure;
    private DateTimeOffset _notBefore = DateTimeOffset.MinValue;

    /// <summary>The fetch that is under way, or null.</summary>
    internal Task? Fetching
    {
        get
        {
            lock (_lock) return _fetching;
        }
    }

    /// <summary>The last value, valid or not, or null.</summary>
    public T? Last => _kept?.Value;

    /// <summary>A valid value.</summary>
    /// <param name="cancellation">Stops this caller's waiting, not the fetch.</param>
    /// <exception cref="CredentialException">The source failed and nothing valid is left.</exception>
    public ValueTask<T> GetAsync(CancellationToken cancellation)
    {
        var now = services.Time.GetUtcNow();
        if (_kept is { } kept && now < kept.RefreshAt)
            return ValueTask.FromResult(kept.Value);
        return WaitAsync(now, cancellation);
    }

    /// <summary>The value was refused: the next caller gets a new one, unless this one is so new that another would be no better.</summary>
    public void Refused()
    {
        lock (_lock)
        {
            if (_kept is { } kept && services.Time.GetUtcNow() - kept.FetchedAt >= _policy.LeastAge)
                _kept = kept with { RefreshAt = DateTimeOffset.MinValue, Refused = true };
        }
    }

    private ValueTask<T> WaitAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        Task fetching;
        lock (_lock)
        {
            if (_kept is { } kept && now < kept.RefreshAt)
                return ValueTask.FromResult(kept.Value);
            var usable = _kept is { } old && now < old.Expires ? old : null;
            if (_fetching is null && now < _notBefore)
                return usable is not null ? ValueTask.FromResult(usable.Value) : ValueTask.FromException<T>(Again(_failure!));
            fetching = _fetching ??= Start();
            if (usable is { Refused: false })
                return ValueTask.FromResult(usable.Value);
        }

        return FetchedAsync(fetching, cancellation);
    }

    private async ValueTask<T> FetchedAsync(Task fetching, CancellationToken cancellation)
    {
        await fetching.WaitAsync(cancellation).ConfigureAwait(false);
        CredentialException? failure;
        lock (_lock)
        {
            if (_kept is { } kept && services.Time.GetUtcNow() < kept.Expires)
                return kept.Value;
            failure = _failure;
        }

        throw failure is null ? origin.Failed("gave something that has already expired") : Again(failure);
    }

    // The task is kept until it has ended, and its outcome is state: nothing is lost with it.
    private Task Start()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = FetchAsync(done);
        return done.Task;
    }

    private async Task FetchAsync(TaskCompletionSource done)
    {
        await Task.Yield(); // out of the caller's lock
        Temporary<T>? fetched = null;
        CredentialException? failure = null;
        try
        {
            using var limit = new CancellationTokenSource(_policy.FetchLimit, services.Time);
            fetched = await fetch(limit.Token).ConfigureAwait(false);
        }
        catch (CredentialException e)
        {
            failure = e;
        }
        catch (OperationCanceledException)
        {
            failure = origin.Failed($"did not answer within {_policy.FetchLimit.TotalSeconds:0.###} s");
        }
        catch (Exception e)
        {
            // Of an exception that is not ours only the type is told: its text may quote what was received.
            failure = origin.Failed($"failed ({e.GetType().Name})");
        }

        Settle(fetched, failure);
        done.SetResult();
    }

    private void Settle(Temporary<T>? fetched, CredentialException? failure)
    {
        var now = services.Time.GetUtcNow();
        bool stillValid;
        lock (_lock)
        {
            _fetching = null;
            _failure = failure;
            stillValid = _kept is { } old && now < old.Expires;
            if (fetched is not null)
                _kept = new Kept(fetched.Value, now, RefreshAt(now, fetched.Expires), fetched.Expires ?? DateTimeOffset.MaxValue);
            else
                _notBefore = now + (stillValid ? _policy.RetryAhead : _policy.RetryEmpty);
            if (failure is not null && stillValid)
                _kept = _kept! with { RefreshAt = _notBefore, Refused = false };
        }

        if (failure is not null)
            CredentialLog.FetchFailed(services.Logger, failure.Message, stillValid);
    }

    private DateTimeOffset RefreshAt(DateTimeOffset now, DateTimeOffset? expires)
    {
        if (expires is not { } end)
            return DateTimeOffset.MaxValue;
        var lead = _policy.Lead + (_policy.Jitter * Random.Shared.NextDouble());
        var half = (end - now) / 2;
        return end - (lead < half ? lead : half);
    }

    // Each caller throws an exception of its own: a shared one would gather their stacks.
    private static CredentialException Again(CredentialException failure) => new(failure.Message);

    private sealed record Kept(T Value, DateTimeOffset FetchedAt, DateTimeOffset RefreshAt, DateTimeOffset Expires)
    {
        public bool Refused { get; init; }
    }
}
