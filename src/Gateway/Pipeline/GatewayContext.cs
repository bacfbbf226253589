using System.Runtime.CompilerServices;
using Gateway.Admission;
using Gateway.Configuration;
using Gateway.Dialects;
using Gateway.Errors;
using Gateway.Metering;
using Gateway.Protocol;
using Gateway.Providers.Credentials;
using Gateway.Routing;
using Gateway.Routing.Attempts;
using Gateway.Routing.Rescue;
using Gateway.Transport;

namespace Gateway.Pipeline;

/// <summary>
/// One request on its way: what came in, and typed slots through which stages speak. A slot that says what the request is
/// (<see cref="Key"/>, <see cref="Route"/>…) can be written once.
/// </summary>
internal sealed class GatewayContext(IClientExchange client, GatewaySnapshot snapshot, Operation operation, IDialect dialect, string requestId, TimeProvider time) : IDisposable
{
    private VirtualKey? _key;
    private RouteSnapshot? _route;
    private PooledBuffer? _body;
    private MultipartUpload? _upload;
    private LedgerEntry? _entry;
    private Attempt[] _attempts = []; // never changed but replaced: one may be added while another writes headers
    private ReplyFacts? _ownReply;
    private OpenStages _open;
    private int _openCount;

    /// <summary>The client's side.</summary>
    public IClientExchange Client { get; } = client;

    /// <summary>The configuration this request holds to its end.</summary>
    public GatewaySnapshot Snapshot { get; } = snapshot;

    /// <summary>What is asked.</summary>
    public Operation Operation { get; } = operation;

    /// <summary>The client's wire format.</summary>
    public IDialect Dialect { get; } = dialect;

    /// <summary>The id of this request, accepted from the client or made.</summary>
    public string RequestId { get; } = requestId;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>Arrival, as <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long Began { get; } = time.GetTimestamp();

    /// <summary>Arrival, UTC.</summary>
    public DateTimeOffset Arrived { get; } = time.GetUtcNow();

    /// <summary>W3C trace context for the upstream, or null.</summary>
    public string? TraceParent { get; set; }

    /// <summary>W3C <c>tracestate</c> for the upstream, or null.</summary>
    public string? TraceState { get; set; }

    /// <summary>Who calls; set by admission.</summary>
    public VirtualKey? Key { get => _key; set => Once(ref _key, value); }

    /// <summary>The request body; set by intake and owned by the context.</summary>
    public PooledBuffer? Body { get => _body; set => Once(ref _body, value); }

    /// <summary>The request body where it is multipart: then <see cref="Body"/> is null. Set by intake and owned by the context.</summary>
    public MultipartUpload? Upload { get => _upload; set => Once(ref _upload, value); }

    /// <summary>What the request says; meaningful once <see cref="Body"/> or <see cref="Upload"/> is set.</summary>
    public RequestFacts Request { get; } = new();

    /// <summary>Whether the surface has found the model in the path, and set it in <see cref="Request"/>.</summary>
    public bool IsModelInPath { get; init; }

    /// <summary>What is asked of stored files or batches; null for other requests.</summary>
    public StoredCall? Stored { get; init; }

    /// <summary>The socket that the client asks for, or null.</summary>
    public IClientSocket? Socket { get; init; }

    /// <summary>
    /// Whether the client has been given its socket. What passed there has been recorded, and the socket closed, by the stage that opened it.
    /// </summary>
    public bool IsUpgraded { get; set; }

    /// <summary>Where the request may go; set by routing.</summary>
    public RouteSnapshot? Route { get => _route; set => Once(ref _route, value); }

    /// <summary>What it holds of its caller's limits, or null when there are none; set by the budget stage, settled by metering.</summary>
    public IReservation? Reservation { get; set; }

    /// <summary>Says how the caller's limits stand; null when it has none.</summary>
    public ILimitHeaders? LimitHeaders { get; set; }

    /// <summary>The output tokens of each choice that the caller's budget is still good for, when that is less than it asked for; set by the budget stage.</summary>
    public long? ClampedOutput { get; set; }

    /// <summary>The calls of providers so far, in the order in which they began.</summary>
    public IReadOnlyList<Attempt> Attempts => _attempts;

    /// <summary>The attempt whose reply the client gets; until that is known, the last one.</summary>
    public Attempt? Attempt { get; private set; }

    /// <summary>The target of <see cref="Attempt"/>.</summary>
    public TargetSnapshot? Target => Attempt?.Target;

    /// <summary>The wire on which <see cref="Attempt"/> speaks to its target.</summary>
    public Operation Wire => Attempt?.Wire ?? Operation;

    /// <summary>How many calls of providers the client allows at most, ≥ 1; null when it does not say. It can only lower what the route allows.</summary>
    public int? MostAttempts { get; set; }

    /// <summary>Why targets were passed over and how one was chosen; null until there is something to tell.</summary>
    public RoutingDecision? Decision { get; set; }

    /// <summary>The request in the canonical model, once an attempt has needed it.</summary>
    public ChatRequest? Chat { get; set; }

    /// <summary>What <see cref="Attempt"/> could not tell its target, or null when nothing was translated.</summary>
    public DroppedMembers? Dropped => Attempt?.Dropped;

    /// <summary>What the reply says of itself.</summary>
    public ReplyFacts Reply => Attempt?.Reply ?? (_ownReply ??= new ReplyFacts());

    /// <summary>The tap of <see cref="Attempt"/>, when it streams: what was seen of the answer.</summary>
    public DialectStreamTap? Tap => Attempt?.Tap;

    /// <summary>How it ended. Failed until something better is known.</summary>
    public LedgerOutcome Outcome { get; set; } = LedgerOutcome.Failed;

    /// <summary>What the client is told instead of, or in the middle of, an answer.</summary>
    public GatewayError? Error { get; set; }

    /// <summary>Content type of the reply.</summary>
    public string ContentType { get; set; } = "application/json";

    /// <summary>Whether the reply is bytes of a medium: nothing may be written into it that did not come from the provider.</summary>
    public bool IsBinary { get; set; }

    /// <summary>A whole, non-streamed reply that has not been sent yet; owned by the context.</summary>
    public PooledBuffer? Answer { get; set; }

    /// <summary>The end of a stream, held back until the reply is recorded.</summary>
    public ReadOnlyMemory<byte> Tail { get; set; }

    /// <summary>When the first content event was forwarded, as a timestamp; 0 when none was.</summary>
    public long FirstContentAt { get; set; }

    /// <summary>Time spent waiting for providers before their first byte, and for their leave to call again.</summary>
    public TimeSpan UpstreamTime
    {
        get
        {
            var sum = TimeSpan.Zero;
            foreach (var attempt in _attempts)
                sum += attempt.UpstreamTime + attempt.Pause;
            return sum;
        }
    }

    /// <summary>What the reply cost; set by metering.</summary>
    public LedgerEntry? Entry { get => _entry; set => Once(ref _entry, value); }

    /// <summary>Goes on with a streamed reply that breaks off; null where that is not wanted, or not possible.</summary>
    public RescueSession? Rescue { get; set; }

    /// <summary>What is left to tidy once the client has its reply, such as reading an upstream connection to its end so that it can be used again.</summary>
    public Func<ValueTask>? AfterDelivery { get; set; }

    /// <summary>Begins a call of a provider; it becomes <see cref="Attempt"/>, unless it runs beside one.</summary>
    /// <param name="target">Who is called.</param>
    /// <param name="wire">The wire it is spoken to on.</param>
    /// <param name="reason">Why it is called.</param>
    /// <param name="dropped">What it can't be told.</param>
    /// <param name="pause">How long was waited before, on purpose.</param>
    /// <param name="refusedKeys">Keys not to use again.</param>
    public Attempt Begin(TargetSnapshot target, Operation wire, AttemptReason reason = AttemptReason.First, DroppedMembers? dropped = null, TimeSpan pause = default, ProviderKey[]? refusedKeys = null)
    {
        var attempt = new Attempt(target, wire, reason, Time.GetTimestamp()) { Number = _attempts.Length + 1, Ticket = target.State.Entered, Dropped = dropped, Pause = pause, RefusedKeys = refusedKeys ?? [] };
        _attempts = [.. _attempts, attempt];
        if (reason != AttemptReason.Hedge)
            Attempt = attempt;
        return attempt;
    }

    /// <summary>Makes an attempt the one that the client's reply comes from: whatever it answered, or failed with, is the request's.</summary>
    public void Keep(Attempt attempt)
    {
        Attempt = attempt;
        (Error, Outcome, Tail) = (attempt.Error, attempt.Outcome, attempt.Tail);
        if (attempt.Answer is not { } answer)
            return;
        (Answer, attempt.Answer) = (answer, null);
    }

    /// <summary>Replaces the route by the part of it that the caller may use.</summary>
    public void Narrow(RouteSnapshot allowed) => _route = allowed;

    /// <summary>Time since arrival.</summary>
    public TimeSpan Elapsed => Time.GetElapsedTime(Began);

    /// <summary>Lets a stage have its last word once the stages within are done.</summary>
    public void CloseWith(IClosingStage stage) => _open[_openCount++] = stage;

    /// <summary>The stages that asked for it have their last word, the innermost first; each once.</summary>
    public void Close()
    {
        while (_openCount > 0)
            _open[--_openCount]!.Close(this);
    }

    public void Dispose()
    {
        Close();
        _body?.Dispose();
        _upload?.Dispose();
        Answer?.Dispose();
        foreach (var attempt in _attempts)
            attempt.Dispose();
    }

    private static void Once<T>(ref T? slot, T? value)
        where T : class
    {
        if (slot is not null)
            throw new InvalidOperationException($"The {typeof(T).Name} of a request is set once.");
        slot = value;
    }

    /// <summary>More than there are closing stages in any pipeline.</summary>
    [InlineArray(4)]
    private struct OpenStages
    {
        private IClosingStage? _first;
    }
}
