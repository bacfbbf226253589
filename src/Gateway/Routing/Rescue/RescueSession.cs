using Gateway.Dialects;
using Gateway.Errors;
using Gateway.Metering;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Routing.Attempts;

namespace Gateway.Routing.Rescue;

/// <summary>
/// A streamed reply that is gone on with when it breaks off: one encoder writes it, whichever attempts it comes from. One for each request
/// of a route that resumes; attempts follow one another here, but for those that race for the first content.
/// </summary>
internal sealed class RescueSession
{
    /// <summary>How often one reply is gone on with.</summary>
    public const int Most = 2;

    private readonly GatewayContext _context;
    private readonly ChatRequest _chat;
    private readonly TokenEstimator _estimator;
    private readonly List<RescueEncoder> _racing = [];
    private readonly List<TargetSnapshot> _diverged = [];
    private RescueEncoder? _committed;
    private Attempt? _broken;
    private Attempt? _serving;
    private TokenUsage _spent;
    private int _breaks;
    private RescueWay _way;
    private PrefillForm _form;

    private RescueSession(GatewayContext context, ChatRequest chat, TokenEstimator estimator) => (_context, _chat, _estimator) = (context, chat, estimator);

    /// <summary>Whether the reply has broken off, so that attempts from now on go on with it.</summary>
    public bool IsResuming => _broken is not null;

    /// <summary>Whether it may be gone on with at all, by whomever.</summary>
    public bool MayResume => IsResuming && _breaks <= Most && _committed!.Delivered is { IsFinished: false, HasOther: false };

    private bool IsDeterministic => _chat.Temperature == 0 || _chat.Seed is not null;

    /// <summary>Opens one for a request of which the gateway can go on with a reply; null for others, which are served as ever.</summary>
    /// <param name="context">The request, its route known.</param>
    /// <param name="estimator">Counts what a provider had no time to count.</param>
    public static RescueSession? Open(GatewayContext context, TokenEstimator estimator) =>
        RescueEligibility.Read(context) is { } chat ? new RescueSession(context, chat, estimator) : null;

    /// <summary>How a target would go on; null when it can't.</summary>
    public RescueWay? WayOn(TargetSnapshot target)
    {
        if (!MayResume || target.Provider.WireFor(_context.Operation) is not { } wire)
            return null;
        var delivered = _committed!.Delivered;
        var restarts = IsDeterministic && IsMaker(target) && !_diverged.Contains(target);
        if (delivered.Calls.Count > 0)
            return restarts ? RescueWay.Restart : null; // half a call can't be gone on with in words
        if (!delivered.HasText)
            return RescueWay.Afresh;
        if (PrefillSupport.Of(target, wire, _chat) != PrefillForm.None)
            return RescueWay.Prefill;
        if (restarts)
            return RescueWay.Restart;
        return _chat.Format is null ? RescueWay.Turn : null; // a form is not held across two turns
    }

    /// <summary>Whether the target that broke off would go on more truly than the route's others; as a rule those come first.</summary>
    public bool PrefersSame(TargetSnapshot target) =>
        WayOn(target) == RescueWay.Restart && _broken!.Error?.Kind != ErrorKinds.StreamStalled
        && _context.Route!.Targets.All(other => WayOn(other) is not (RescueWay.Prefill or RescueWay.Afresh));

    /// <summary>Decides how a target is asked to go on.</summary>
    /// <param name="target">The target; <see cref="WayOn"/> has a way for it.</param>
    /// <param name="wire">The wire on which it is spoken to.</param>
    /// <returns>The request to write for it; null when it is asked as if it were the first.</returns>
    public ChatRequest? Prepare(TargetSnapshot target, Operation wire)
    {
        if (!IsResuming)
            return null;
        _way = WayOn(target) ?? RescueWay.Afresh;
        _form = PrefillSupport.Of(target, wire, _chat);
        if (_way is not (RescueWay.Prefill or RescueWay.Turn))
            return null;
        var text = _committed!.Delivered.Text;
        var tokens = _chat.MaxOutputTokens is null ? 0 : _estimator.CountText(text.AsSpan());
        return _way == RescueWay.Prefill ? ContinuationRequest.Prefill(_chat, text, tokens, _form) : ContinuationRequest.AskTurn(_chat, text, tokens);
    }

    /// <summary>A tap that writes what an attempt says to the client's reply.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="lane">How its target is spoken to.</param>
    public DialectStreamTap CreateTap(Attempt attempt, Lane lane)
    {
        RescueEncoder encoder;
        if (_committed is { } committed)
        {
            var mark = _context.Dialect.KeepAlive.Equals(IDialect.CommentKeepAlive) ? RescueEncoder.Comment(attempt.Target) : default;
            encoder = new RescueEncoder(attempt, committed.Client, committed.Delivered, Continuation(committed.Delivered), _spent) { Mark = mark };
        }
        else
        {
            encoder = new RescueEncoder(attempt, _context.Dialect.Codec!.CreateStreamEncoder(Envelope(attempt)), new DeliveredReply());
        }

        lock (_racing)
            _racing.Add(encoder);
        return new CodecStreamTap(lane.Dialect.Codec!.CreateStreamDecoder(), attempt.Reply, encoder);
    }

    /// <summary>The attempt's content is about to be written: from now on the reply is what it has begun.</summary>
    public void Commit(Attempt attempt)
    {
        lock (_racing)
            _committed = _racing.Find(e => e.Attempt == attempt) ?? _committed;
    }

    /// <summary>Draws conclusions from the end of an attempt.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="end">How it ended.</param>
    /// <returns>What may follow in the light of what the client has already.</returns>
    public AttemptEnd Conclude(Attempt attempt, AttemptEnd end)
    {
        if (IsResuming && !HasNews(attempt))
            attempt.FirstContentAt = 0; // all of it was known to the client
        if (end == AttemptEnd.Broken)
        {
            Break(attempt);
            return end;
        }

        if (!IsResuming)
            return end;
        if (end == AttemptEnd.OtherWay)
        {
            _diverged.Add(attempt.Target);
            _serving = _broken;
            return end;
        }

        if (attempt.Error is not { } error || error.Kind == ErrorKinds.TotalTimeout || error.Kind == ErrorKinds.ContentFilter)
        {
            _serving = attempt;
            return end;
        }

        _serving = _broken; // what went wrong with an attempt of which nothing came is not what went wrong with the reply
        if (_way == RescueWay.Prefill && error.Kind.Blame == ErrorBlame.Client && error.Kind != ErrorKinds.ContextLength)
        {
            attempt.Target.State.RefusesPrefill = true;
            return AttemptEnd.OtherWay;
        }

        return end == AttemptEnd.Final ? AttemptEnd.TryNext : end;
    }

    /// <summary>The attempt whose end is the reply's: another than the last where that came to nothing.</summary>
    public Attempt Serving(Attempt last) => _serving ?? last;

    private void Break(Attempt attempt)
    {
        if (attempt.FirstContentAt != 0)
            Spend(attempt);
        _serving = _broken = attempt;
        _breaks++;
    }

    /// <summary>Counts what an attempt used before it broke off. A provider says only at the end how much it had said.</summary>
    private void Spend(Attempt attempt)
    {
        var output = attempt.Tap is { } tap ? OutputCounter.CountEscaped(_estimator, tap.SeenText, tap.SeenTextBytes) : 0;
        _spent += attempt.Reply.Usage is { } said
            ? said with { Output = Math.Max(said.Output, output) }
            : new TokenUsage(_estimator.EstimateInput(_context.Body!.WrittenSpan) + _spent.Output, output);
    }

    private bool HasNews(Attempt attempt)
    {
        lock (_racing)
            return _racing.Find(e => e.Attempt == attempt) is { HasNews: true };
    }

    private IContinuation Continuation(DeliveredReply delivered) => _way switch
    {
        RescueWay.Restart => new RestartedReply(delivered),
        RescueWay.Turn => new ContinuedReply(TextSeam.AfterTurn(delivered.Text)),
        _ => new ContinuedReply(TextSeam.AfterPrefill(delivered.Text, _form == PrefillForm.Echoed && _way == RescueWay.Prefill)),
    };

    private ReplyEnvelope Envelope(Attempt attempt) => new()
    {
        RequestId = _context.RequestId,
        Model = attempt.Target.Model,
        Created = _context.Arrived,
        IncludeUsage = _context.Request.WantsStreamUsage,
        Request = _chat,
    };

    /// <summary>Whether what was delivered came from this target.</summary>
    private bool IsMaker(TargetSnapshot target) => ReferenceEquals(_broken!.Target.State, target.State);
}
