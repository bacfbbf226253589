using Gateway.Dialects.OpenAiRealtime;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Routing;
using Microsoft.Extensions.Logging;

namespace Gateway.Metering;

/// <summary>
/// Records each response of one Realtime session, and each transcription of what the client said: one ledger entry, with a request id of its own (<c>ID-1</c>, <c>ID-2</c>…), written before
/// the client hears that the response is done. What the provider did not count is estimated from how much passed; nothing of it is kept.
/// </summary>
internal sealed partial class RealtimeMeter(GatewayContext context, ILedger ledger, IReplyObserver observer, ILogger<RealtimeMeter> logger)
{
    /// <summary>Bytes of text that make a token, roughly.</summary>
    private const long TextBytesPerToken = 4;

    /// <summary>Bytes of base64 that make a token of output: 50 ms of 16-bit samples at 24 kHz.</summary>
    private const long AudioBytesPerOutputToken = 3_200;

    /// <summary>The same of input, where a token is 100 ms.</summary>
    private const long AudioBytesPerInputToken = 6_400;

    private readonly Dictionary<string, OpenResponse> _open = [];
    private long _clientBytes;
    private long _conversationTokens;
    private string? _model;
    private string? _transcriptionModel;
    private int _recorded;
    private volatile bool _hasOpen;
    private volatile bool _isSpent;

    /// <summary>Whether a response is under way. Safe to ask at any time.</summary>
    public bool HasOpen => _hasOpen;

    /// <summary>Whether a limit of the caller is used up: the session should end. Safe to ask at any time.</summary>
    public bool IsSpent => _isSpent;

    /// <summary>Notes that the client sent something. Safe to call at any time.</summary>
    public void OnClientBytes(int bytes) => Interlocked.Add(ref _clientBytes, bytes);

    /// <summary>Takes note of a provider's event, and records the response that it ends. One call at a time.</summary>
    /// <param name="message">The event.</param>
    /// <returns>False when the response could not be recorded: the event must not be delivered.</returns>
    public ValueTask<bool> ObserveAsync(ReadOnlyMemory<byte> message)
    {
        var read = RealtimeEventReader.Read(message.Span);
        if (read.Model is { } model)
            _model = model;
        if (read.TranscriptionModel is { } transcriptionModel)
            _transcriptionModel = transcriptionModel;
        switch (read.Kind)
        {
            case RealtimeEventKind.Created:
                Open(read.ResponseId);
                break;
            case RealtimeEventKind.Text or RealtimeEventKind.Audio:
                Saw(read);
                break;
            case RealtimeEventKind.Done:
                return DoneAsync(read);
            case RealtimeEventKind.Transcribed when read.Usage is not null || read.Seconds is not null:
                return TranscribedAsync(read);
        }

        return new ValueTask<bool>(true);
    }

    /// <summary>Records the responses that will not be done. After the last event.</summary>
    /// <param name="outcome">What became of them.</param>
    /// <param name="errorCode">The stable code of what cut them, or null.</param>
    public async ValueTask CutAsync(LedgerOutcome outcome, string? errorCode)
    {
        foreach (var (id, response) in _open)
            await AppendAsync(Entry(id, response) with { Usage = Estimate(response), Estimated = true, Outcome = outcome, ErrorCode = errorCode }).ConfigureAwait(false);
        _open.Clear();
        _hasOpen = false;
    }

    private OpenResponse Open(string? id)
    {
        var response = new OpenResponse { Time = context.Time.GetUtcNow(), Began = context.Time.GetTimestamp() };
        _open[id ?? ""] = response;
        _hasOpen = true;
        return response;
    }

    private void Saw(RealtimeEvent read)
    {
        if (!_open.TryGetValue(read.ResponseId ?? "", out var response))
            response = Open(read.ResponseId);
        if (response.FirstContentAt == 0)
            response.FirstContentAt = context.Time.GetTimestamp();
        if (read.Kind == RealtimeEventKind.Audio)
            response.AudioBytes += read.DeltaBytes;
        else
            response.TextBytes += read.DeltaBytes;
    }

    private ValueTask<bool> DoneAsync(RealtimeEvent read)
    {
        if (!_open.Remove(read.ResponseId ?? "", out var response))
            response = new OpenResponse { Time = context.Time.GetUtcNow(), Began = context.Time.GetTimestamp() };
        _hasOpen = _open.Count > 0;
        var outcome = read.Status == "failed" ? LedgerOutcome.Failed : LedgerOutcome.Completed;
        var isEstimated = read.Usage is null && response.FirstContentAt != 0;
        var usage = read.Usage is { } said
            ? context.Target!.Provider.ReasoningInOutput ? said : said with { Output = said.Output + said.Reasoning }
            : isEstimated ? Estimate(response) : default;
        if (usage != default)
        {
            _conversationTokens = usage.Input + usage.Output;
            Interlocked.Exchange(ref _clientBytes, 0);
        }

        return AppendAsync(Entry(read.ResponseId, response) with
        {
            Usage = usage,
            Estimated = isEstimated,
            Outcome = outcome,
            ErrorCode = outcome == LedgerOutcome.Failed ? read.ErrorCode ?? "provider_error" : null,
            FinishReason = read.Status switch
            {
                "completed" => "stop",
                "incomplete" => read.Reason == "content_filter" ? "content_filter" : "length",
                _ => read.Status,
            },
        });
    }

    /// <summary>
    /// What a second model wrote down is an entry of its own, at that model's price: where the session does not tell the model, at the session's.
    /// </summary>
    private ValueTask<bool> TranscribedAsync(RealtimeEvent read)
    {
        var heard = read.Seconds is { } seconds ? MediaEstimate.AudioTokens(seconds) : 0;
        var priced = _transcriptionModel is { } model ? context.Snapshot.Models.Resolve($"{context.Target!.Provider.Id}/{model}")?.Targets[0] : context.Target;
        var now = new OpenResponse { Time = context.Time.GetUtcNow(), Began = context.Time.GetTimestamp() };
        var entry = Entry(read.ItemId, now) with
        {
            Operation = Operation.Transcriptions.Name(),
            TargetModel = _transcriptionModel ?? context.Target!.Model,
            ResponseModel = _transcriptionModel,
            Usage = read.Usage ?? new TokenUsage(heard, 0, AudioInput: heard),
            Estimated = read.Usage is null,
            Outcome = LedgerOutcome.Completed,
        };
        return AppendAsync(entry, priced?.Price);
    }

    /// <summary>The conversation so far is the input of every response; what the client sent since is taken for speech, as most of it is.</summary>
    private TokenUsage Estimate(OpenResponse response)
    {
        var spoken = Interlocked.Read(ref _clientBytes) / AudioBytesPerInputToken;
        var audio = Ceiling(response.AudioBytes, AudioBytesPerOutputToken);
        return new TokenUsage(_conversationTokens + spoken, Ceiling(response.TextBytes, TextBytesPerToken) + audio, AudioInput: spoken, AudioOutput: audio);
    }

    private LedgerEntry Entry(string? id, OpenResponse response) => new()
    {
        Time = response.Time,
        RequestId = $"{context.RequestId}-{++_recorded}",
        KeyId = context.Key!.Id,
        CustomerId = context.Key.CustomerId,
        TeamId = context.Key.TeamId,
        UserId = context.Key.UserId,
        Operation = Operation.Realtime.Name(),
        RequestedModel = context.Request.Model,
        TargetModel = context.Target!.Model,
        ResponseModel = _model,
        Provider = context.Target.Provider.Id,
        ResponseId = id,
        Status = 200,
        Streamed = true,
        TimeToFirstTokenMicros = response.FirstContentAt == 0 ? null : (long)context.Time.GetElapsedTime(response.Began, response.FirstContentAt).TotalMicroseconds,
        DurationMicros = (long)context.Time.GetElapsedTime(response.Began).TotalMicroseconds,
        Attempts = 1,
        ProviderKey = EntryRouting.ProviderKeyOf(context.Attempt),
        Route = EntryRouting.RouteOf(context),
        Rule = ToldRoute.DecisionOf(context)?.Rule,
        Arm = ToldRoute.DecisionOf(context)?.Arm,
    };

    private ValueTask<bool> AppendAsync(LedgerEntry entry) => AppendAsync(entry, context.Target!.Price);

    private async ValueTask<bool> AppendAsync(LedgerEntry entry, ModelPrice? charged)
    {
        if (entry.Usage != default && charged is { } price)
            entry = entry with { CostNanoUsd = CostCalculator.Cost(price, entry.Usage), PriceVersion = price.Version };
        if (context.Reservation is { } reservation && !reservation.Charge(entry))
            _isSpent = true;
        var isRecorded = true;
        try
        {
            await ledger.AppendAsync(entry).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            NotRecorded(e, entry.RequestId);
            isRecorded = false;
        }

        observer.OnReply(entry, context.Target!.Provider.TelemetryName);
        return isRecorded;
    }

    private static long Ceiling(long bytes, long each) => (bytes + each - 1) / each;

    [LoggerMessage(Level = LogLevel.Critical, Message = "The response {RequestId} could not be recorded in the ledger")]
    private partial void NotRecorded(Exception exception, string requestId);
}
