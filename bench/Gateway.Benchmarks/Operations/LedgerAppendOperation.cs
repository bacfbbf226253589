using Gateway.Metering;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Benchmarks.Operations;

/// <summary>Recording a reply, with the file system it really writes to.</summary>
internal sealed class LedgerAppendOperation : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gateway-bench-");
    private readonly LedgerEntry _entry = new()
    {
        Time = DateTimeOffset.UnixEpoch.AddYears(56),
        RequestId = "0123456789abcdef0123456789abcdef",
        KeyId = "default",
        Operation = "chat",
        RequestedModel = "bench/model-1",
        TargetModel = "model-1",
        ResponseModel = "model-1",
        Provider = "bench",
        ResponseId = "chatcmpl-1",
        Usage = new TokenUsage(20, 200, CacheRead: 4),
        CostNanoUsd = 123_456,
        PriceVersion = "catalogue:2026-08-01",
        Status = 200,
        FinishReason = "stop",
        DurationMicros = 1_234,
        Attempts = 1,
    };

    private Ledger? _ledger;

    /// <summary>Opens a ledger.</summary>
    public async Task OpenAsync(FsyncMode fsync) => _ledger = await Ledger.OpenAsync(
        new LedgerOptions { DataDirectory = _directory.FullName, Fsync = fsync }, TimeProvider.System, NullLogger.Instance);

    /// <summary>Appends one entry.</summary>
    public ValueTask<long> RunAsync() => _ledger!.AppendAsync(_entry);

    public async ValueTask DisposeAsync()
    {
        if (_ledger is not null)
            await _ledger.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
