using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Gateway.Metering;
using Gateway.Pipeline;
using Gateway.Protocol;

namespace Gateway.Routing.Rules;

/// <summary>
/// What conditions may know of a request. Each fact is read when it is asked for; what takes a search is searched for once, however many rules ask. On the
/// stack of one evaluation, so that nothing of a request can reach another's.
/// </summary>
/// <param name="context">The request, its caller and route known.</param>
/// <param name="budgets">How the caller's budgets stand.</param>
internal ref struct RuleFacts(GatewayContext context, IBudgetUse budgets)
{
    /// <summary>Bytes that make a token of usual text.</summary>
    private const double BytesPerToken = 4;

    private BodyFacts _body;
    private double _inputTokens;
    private bool _isBodyRead;
    private string? _endUser;
    private IReadOnlyList<string>? _tags;
    private double? _mostUsed;
    private FoundTexts _found;
    private ulong _draw;

    /// <summary>The request.</summary>
    public readonly GatewayContext Context => context;

    /// <summary>The model as the client wrote it.</summary>
    public readonly string Model => context.Request.Model;

    /// <summary>What is asked, as in the ledger.</summary>
    public readonly string Operation => context.Operation.Name();

    /// <summary>Whether a stream is wanted.</summary>
    public readonly bool Stream => context.Request.Stream;

    /// <summary>The output tokens asked for at most; 0 when the request does not say.</summary>
    public readonly double MaxTokens => context.Request.MaxOutputTokens ?? 0;

    /// <summary>The body, looked through when first asked for.</summary>
    [UnscopedRef]
    public ref readonly BodyFacts Body
    {
        get
        {
            if (!_isBodyRead)
                ReadBody();
            return ref _body;
        }
    }

    /// <summary>Texts that conditions have looked up by name; null where one has not.</summary>
    [UnscopedRef]
    public ref FoundTexts Found => ref _found;

    /// <summary>About how many input tokens there are: the bytes of texts by a usual rate, and a constant for each image, file or piece of audio.</summary>
    public double InputTokens => _isBodyRead ? _inputTokens : ReadBody();

    /// <summary>The end user that the request names; empty when it names none.</summary>
    public string EndUser => _endUser ??= BodyScan.TextAt(context.Body, Body.User);

    /// <summary>The tags in <c>x-gateway-tags</c>, separated by commas.</summary>
    public IReadOnlyList<string> RequestTags => _tags ??=
        context.Client.Header(RuleStage.TagsHeader)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>The id of the key.</summary>
    public readonly string Key => context.Key!.Id;

    /// <summary>The id of the caller's user; empty: none.</summary>
    public readonly string User => context.Key!.UserId ?? "";

    /// <summary>The id of the caller's team; empty: none.</summary>
    public readonly string Team => context.Key!.TeamId ?? "";

    /// <summary>The id of the caller's customer; empty: none.</summary>
    public readonly string Customer => context.Key!.CustomerId ?? "";

    /// <summary>The tags of the key.</summary>
    public readonly IReadOnlyList<string> CallerTags => context.Key!.Tags;

    /// <summary>A number of [0, 100), the same whenever it is asked for during one request.</summary>
    public double Random => Draw.ToPercent();

    /// <summary>Chance: the same whenever it is asked for during one request.</summary>
    public ulong Draw => _draw != 0 ? _draw : _draw = (ulong)System.Random.Shared.NextInt64() | 1UL << 63;

    /// <summary>A header of the request, or null.</summary>
    public readonly string? Header(string name) => context.Client.Header(name);

    /// <summary>A text of the request's <c>metadata</c>, or null.</summary>
    public string? RequestMetadata(string name) => BodyScan.MemberAt(context.Body, Body.Metadata, name);

    /// <summary>A text of the caller's metadata, or null.</summary>
    public readonly string? CallerMetadata(string name) => context.Key!.Metadata.GetValueOrDefault(name);

    /// <inheritdoc cref="IBudgetUse.Percent"/>
    public double BudgetUsed(string? name) => name is null ? _mostUsed ??= budgets.Percent(context, null) : budgets.Percent(context, name);

    /// <summary>The time of arrival.</summary>
    public readonly DateTimeOffset TimeIn(TimeZoneInfo zone) => ReferenceEquals(zone, TimeZoneInfo.Utc) ? context.Arrived : TimeZoneInfo.ConvertTime(context.Arrived, zone);

    /// <summary>Looks through the body.</summary>
    /// <returns>The input tokens, about.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private double ReadBody()
    {
        _body = context.Body is { } body ? BodyScan.Read(body.WrittenSpan) : BodyFacts.OfUpload(context.Upload is null ? null : context.Operation);
        _isBodyRead = true;
        return _inputTokens = Math.Ceiling(_body.TextBytes / BytesPerToken) + (_body.Media * (double)TokenEstimator.TokensPerMedium);
    }
}
