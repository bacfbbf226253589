using System.Text;
using Gateway.Admission;
using Gateway.Configuration;
using Gateway.Dialects;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Routing.Health;
using Gateway.Routing.Rules;
using Gateway.Routing.Rules.Language;
using Gateway.Tests.Configuration;
using Gateway.Tests.Pipeline;
using Gateway.Transport;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Routing.Rules;

/// <summary>A request in memory, with everything that conditions may ask of it.</summary>
internal sealed class RequestRig : IBudgetUse, IDisposable
{
    private static readonly GatewaySnapshot Empty = Configured.Snapshot("{}");

    /// <summary>A Tuesday, 21:30 in UTC and half past midnight on Wednesday in Nairobi.</summary>
    public static readonly DateTimeOffset Evening = new(2026, 3, 3, 21, 30, 0, TimeSpan.Zero);

    public RequestRig(
        string body = """{"model":"gpt-4o","messages":[]}""",
        VirtualKey? key = null,
        GatewaySnapshot? snapshot = null,
        Operation operation = Operation.ChatCompletions,
        params (string Name, string Value)[] headers)
    {
        Client = new MemoryExchange();
        foreach (var (name, value) in headers)
            Client.With(name, value);
        Snapshot = snapshot ?? Empty;
        Context = new GatewayContext(Client, Snapshot, operation, DialectRegistry.For(operation)!, "req-1", new FakeTimeProvider(Evening))
        {
            Key = key ?? Key(),
            Body = new PooledBuffer(256),
        };
        Context.Body.Append(Encoding.UTF8.GetBytes(body));
        Assert.Null(Context.Dialect.ReadRequest(Context.Body.WrittenSpan, Context.Request));
        Context.Route = Snapshot.Models.Resolve(Context.Request.Model);
    }

    public MemoryExchange Client { get; }

    public GatewaySnapshot Snapshot { get; }

    public GatewayContext Context { get; }

    /// <summary>Percent used by budget; <c>""</c> for the most used.</summary>
    public Dictionary<string, double> Budgets { get; } = [];

    /// <summary>The targets that <c>health(…)</c> knows.</summary>
    public static TargetStates States { get; } = new(TimeProvider.System);

    public static RuleNames Names { get; } = new(address => address.StartsWith("up/", StringComparison.Ordinal) ? States.Of(address) : null);

    public static VirtualKey Key(string id = "k1", string? user = null, params string[] tags) => new()
    {
        Id = id,
        Name = id,
        Hash = [],
        Models = ["*"],
        UserId = user,
        TeamId = "blue",
        CustomerId = "acme",
        Tags = tags,
        Metadata = new Dictionary<string, string> { ["plan"] = "gold" },
    };

    /// <summary>Compiles what must be good.</summary>
    public static Condition Compile(string text)
    {
        var problems = new List<ExpressionProblem>();
        var condition = ExpressionCompiler.Compile(text, Names, problems);
        Assert.True(problems.Count == 0, $"{text}: {string.Join("; ", problems)}");
        return condition!;
    }

    /// <summary>Whether the request meets a condition.</summary>
    public bool Holds(string text) => Holds(Compile(text));

    /// <inheritdoc cref="Holds(string)"/>
    public bool Holds(Condition condition)
    {
        var facts = new RuleFacts(Context, this);
        return condition.Holds(ref facts);
    }

    /// <summary>What a rule set decides.</summary>
    public (Rule? Decided, Rule? Mirrored, string? Arm) Decide(RuleSet rules)
    {
        var facts = new RuleFacts(Context, this);
        rules.Decide(ref facts, out var decided, out var mirrored);
        return (decided, mirrored, decided is { Arms.Count: > 0 } ? decided.Choose(ref facts).Name : null);
    }

    public double Percent(GatewayContext context, string? name) => Budgets.GetValueOrDefault(name ?? "");

    public void Dispose()
    {
        Context.Dispose();
        Client.Dispose();
    }
}
