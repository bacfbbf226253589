using Gateway.Pipeline;
using Gateway.Protocol;

namespace Gateway.Routing.Rules;

/// <summary>
/// What conditions may know of a request. Each fact is read when it is asked for, the body at most once. On the stack of one evaluation, so that nothing of a
/// request can reach another's.
/// </summary>
/// <param name="context">The request, its caller and route known.</param>
/// <param name="budgets">How the caller's budgets stand.</param>
internal ref struct RuleFacts(GatewayContext context, IBudgetUse budgets)
{
    /// <summary>Bytes that make a token of usual text.</summary>
    private const double BytesPerToken = 4;

    private BodyFacts _body;
    private bool _isBodyRead;
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
    public BodyFacts Body
    {
        get
        {
            if (!_isBodyRead)
            {
                _body = context.Body is { } body ? BodyScan.Read(body.WrittenSpan) : BodyFacts.OfUpload(context.Upload is null ? null : context.Operation);
                _isBodyRead = true;
            }

            return _body;
        }
    }

    /// <summary>About how many input tokens there are: the bytes of texts by a usual rate, and a constant for each image, file or piece of audio.</summary>
    public double InputTokens => Math.Ceiling(Body.TextBytes / BytesPerToken) + (Body.Media * (double)Metering.TokenEstimator.TokensPerMedium);

    /// <summary>The end user that the request names; empty when it names none.</summary>
    public string EndUser => BodyScan.TextAt(context.Body, Body.User);

    /// <summary>The tags in <c>x-gateway-tags</c>, separated by commas.</summary>
    public readonly IReadOnlyList<string> RequestTags =>
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
    public readonly double BudgetUsed(string? name) => budgets.Percent(context, name);

    /// <summary>The time of arrival.</summary>
    public readonly DateTimeOffset TimeIn(TimeZoneInfo zone) => ReferenceEquals(zone, TimeZoneInfo.Utc) ? context.Arrived : TimeZoneInfo.ConvertTime(context.Arrived, zone);
}
