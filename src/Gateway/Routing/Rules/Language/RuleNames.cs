using Gateway.Protocol;
using Gateway.Routing.Health;

namespace Gateway.Routing.Rules.Language;

/// <summary>What conditions may name.</summary>
internal sealed class RuleNames
{
    /// <summary>The days of the week as <c>time.weekday</c> has them, Sunday first.</summary>
    public static IReadOnlyList<string> Weekdays { get; } = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

    private static readonly string[] Operations = [.. Enum.GetValues<Operation>().Select(o => o.Name()).Distinct()];

    private readonly FoundPlaces _places = new();

    /// <summary>Makes the names.</summary>
    /// <param name="health">The live state of a <c>provider/model</c>; null when there is no such target.</param>
    public RuleNames(Func<string, TargetState?> health)
    {
        Names = new Dictionary<string, Term>
        {
            ["request"] = Request(),
            ["tokens"] = new ScopeTerm("tokens", new Dictionary<string, Term> { ["input"] = Number<NamedFacts.InputTokens>("tokens.input") }),
            ["caller"] = Caller(),
            ["budget"] = new ScopeTerm("budget", new Dictionary<string, Term> { ["used"] = Number<NamedFacts.BudgetUsed>("budget.used") }),
            ["time"] = Time("time", TimeZoneInfo.Utc),
            ["random"] = Number("random", (ref f) => f.Random),
        };
        Functions = new Dictionary<string, NamedFunction>
        {
            ["duration"] = Durations.Span,
            ["timeOfDay"] = Durations.TimeOfDay,
            ["time"] = InZone,
            ["budget"] = Budget,
            ["health"] = (string address, out string? fault) => Health(address, health(address), out fault),
        };
    }

    /// <summary>Names by name.</summary>
    public IReadOnlyDictionary<string, Term> Names { get; }

    /// <summary>Functions by name.</summary>
    public IReadOnlyDictionary<string, NamedFunction> Functions { get; }

    private ScopeTerm Request() => new("request", new Dictionary<string, Term>
    {
        ["model"] = Text<NamedFacts.Model>("request.model"),
        ["operation"] = Text<NamedFacts.Operation>("request.operation", Operations),
        ["stream"] = Flag("request.stream", (ref f) => f.Stream),
        ["maxTokens"] = Number<NamedFacts.MaxTokens>("request.maxTokens"),
        ["hasTools"] = Flag("request.hasTools", (ref f) => f.Body.HasTools),
        ["hasImages"] = Flag("request.hasImages", (ref f) => f.Body.HasImages),
        ["hasFiles"] = Flag("request.hasFiles", (ref f) => f.Body.HasFiles),
        ["hasAudio"] = Flag("request.hasAudio", (ref f) => f.Body.HasAudio),
        ["jsonSchema"] = Flag("request.jsonSchema", (ref f) => f.Body.HasSchema),
        ["user"] = Text("request.user", (ref f) => f.EndUser),
        ["tags"] = new TypedTerm<IReadOnlyList<string>>(TermType.Texts, "request.tags", (ref f) => f.RequestTags),
        ["headers"] = new MapTerm("request.headers", (ref f, name) => f.Header(name), _places) { IgnoresCase = true },
        ["metadata"] = new MapTerm("request.metadata", (ref f, name) => f.RequestMetadata(name), _places),
    });

    private ScopeTerm Caller() => new("caller", new Dictionary<string, Term>
    {
        ["key"] = Text<NamedFacts.Key>("caller.key"),
        ["user"] = Text<NamedFacts.User>("caller.user"),
        ["team"] = Text<NamedFacts.Team>("caller.team"),
        ["customer"] = Text<NamedFacts.Customer>("caller.customer"),
        ["tags"] = new TypedTerm<IReadOnlyList<string>>(TermType.Texts, "caller.tags", (ref f) => f.CallerTags),
        ["metadata"] = new MapTerm("caller.metadata", (ref f, name) => f.CallerMetadata(name), _places),
    });

    private static ScopeTerm Time(string text, TimeZoneInfo zone) => new(text, new Dictionary<string, Term>
    {
        ["hour"] = Number($"{text}.hour", (ref f) => f.TimeIn(zone).Hour),
        ["minute"] = Number($"{text}.minute", (ref f) => f.TimeIn(zone).Minute),
        ["weekday"] = Text($"{text}.weekday", (ref f) => Weekdays[(int)f.TimeIn(zone).DayOfWeek], Weekdays),
        ["ofDay"] = new TypedTerm<double>(TermType.Duration, $"{text}.ofDay", (ref f) => f.TimeIn(zone).TimeOfDay.TotalSeconds),
    });

    private static ScopeTerm? InZone(string name, out string? fault)
    {
        var isKnown = TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone);
        fault = isKnown ? null : "names a time zone that is not known here; write one such as \"Europe/Berlin\"";
        return isKnown ? Time($"time({Constants.Quoted(name)})", zone!) : null;
    }

    private static ScopeTerm Budget(string name, out string? fault)
    {
        fault = null;
        var text = $"budget({Constants.Quoted(name)})";
        return new ScopeTerm(text, new Dictionary<string, Term> { ["used"] = Number($"{text}.used", (ref f) => f.BudgetUsed(name)) });
    }

    private static ScopeTerm? Health(string address, TargetState? state, out string? fault)
    {
        fault = state is null ? "names a target that does not exist; write the \"provider/model\" address of an enabled provider" : null;
        if (state is null)
            return null;
        var text = $"health({Constants.Quoted(address)})";
        return new ScopeTerm(text, new Dictionary<string, Term>
        {
            ["available"] = Flag($"{text}.available", (ref f) => state.Obstacle(state.Time.GetTimestamp(), out _) is null),
            ["latencyMs"] = Number($"{text}.latencyMs", (ref f) => (state.Latency.FirstTokenMicros ?? 0) / 1_000d),
            ["inFlight"] = Number($"{text}.inFlight", (ref f) => state.InFlight),
        });
    }

    private static TypedTerm<bool> Flag(string text, Evaluation<bool> value) => new(TermType.Flag, text, value);

    private static TypedTerm<double> Number(string text, Evaluation<double> value) => new(TermType.Number, text, value);

    private static NameTerm<double, TFact> Number<TFact>(string text)
        where TFact : struct, IFact<double> => new(TermType.Number, text);

    private static NameTerm<string, TFact> Text<TFact>(string text, IReadOnlyCollection<string>? choices = null)
        where TFact : struct, IFact<string> => new(TermType.Text, text) { Choices = choices };

    private static TypedTerm<string> Text(string text, Evaluation<string> value, IReadOnlyCollection<string>? choices = null) => new(TermType.Text, text, value) { Choices = choices };
}
