using System.Collections.Frozen;
using System.Text;
using Gateway.Admission;
using Gateway.Configuration;
using Gateway.Dialects;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Providers;
using Gateway.Routing;
using Gateway.Routing.Rules;
using Gateway.Routing.Rules.Language;
using Gateway.Transport;

namespace Gateway.Benchmarks.Operations;

/// <summary>A request that goes through a route's rules to the last, of which none matches: no choice is slower.</summary>
internal sealed class RuleOperation : IBudgetUse, IModelDirectory, IDisposable
{
    // Conditions as people write them: some fail at once, some only at their end.
    private static readonly string[] Conditions =
    [
        "request.model.startsWith(\"claude-{0}\") && tokens.input > 8000",
        "tokens.input > 1{0}000000 && !request.hasTools",
        "request.stream && tokens.input > 80{0}00 && \"beta\" in caller.tags",
        "caller.team == \"team-{0}\"",
        "caller.metadata[\"plan\"] == \"plan-{0}\" || caller.customer in [\"a{0}\", \"b{0}\"]",
        "request.headers[\"x-experiment\"] == \"e{0}\"",
        "time.hour >= 24 && time.minute == {0}",
        "request.maxTokens > 1{0}000 ? request.hasImages : request.jsonSchema",
        "budget.used >= 1{0}1",
        "request.model in [\"x{0}\", \"y{0}\", \"z{0}\"]",
    ];

    private readonly DiscardingClient _client = new(new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["x-experiment"] = "none" });
    private readonly GatewayContext _context;
    private readonly RuleSet _rules;

    /// <summary>Compiles the rules.</summary>
    /// <param name="rules">How many.</param>
    public RuleOperation(int rules)
    {
        var names = new RuleNames(_ => null);
        var problems = new List<ExpressionProblem>();
        var arm = new RuleArm(null, 1, []);
        _rules = new RuleSet([.. Enumerable.Range(0, rules).Select(Rule)]);
        if (problems.Count > 0)
            throw new InvalidOperationException(string.Join('\n', problems));
        var snapshot = new GatewaySnapshot { Epoch = 1, Providers = FrozenDictionary<string, ProviderSnapshot>.Empty, Models = this, Limits = new LimitsSnapshot() };
        var dialect = DialectRegistry.For(Operation.ChatCompletions)!;
        _context = new GatewayContext(_client, snapshot, Operation.ChatCompletions, dialect, "0123456789abcdef", TimeProvider.System)
        {
            Key = new VirtualKey { Id = "bench", Name = "bench", Hash = [], Models = ["*"], TeamId = "blue", CustomerId = "acme", Tags = ["alpha"], Metadata = new Dictionary<string, string> { ["plan"] = "gold" } },
            Body = new PooledBuffer(2_048),
        };
        _context.Body.Append(Encoding.UTF8.GetBytes($$"""{"model":"gpt-4o","stream":true,"messages":[{"role":"user","content":"{{new string('x', 900)}}"}]}"""));
        dialect.ReadRequest(_context.Body.WrittenSpan, _context.Request);

        Rule Rule(int index)
        {
            var text = Conditions[index % Conditions.Length].Replace("{0}", (index / Conditions.Length).ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
            return new Rule($"rule-{index}") { When = ExpressionCompiler.Compile(text, names, problems)?.Holds, Arms = [arm] };
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<RouteSnapshot> Listed => [];

    /// <summary>Goes through the rules once.</summary>
    /// <returns>False when one of them matched.</returns>
    public bool Run()
    {
        var facts = new RuleFacts(_context, this);
        _rules.Decide(ref facts, out var decided, out _);
        return decided is null;
    }

    /// <summary>Looks through the request's body once, which the first rule that asks for it does.</summary>
    public int Scan() => BodyScan.Read(_context.Body!.WrittenSpan).TextBytes;

    /// <inheritdoc/>
    public double Percent(GatewayContext context, string? name) => 50;

    /// <inheritdoc/>
    public RouteSnapshot? Resolve(string model) => null;

    public void Dispose() => _context.Dispose();
}
