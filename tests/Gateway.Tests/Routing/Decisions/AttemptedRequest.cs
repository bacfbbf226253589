using System.Collections.Frozen;
using System.Text;
using Gateway.Admission;
using Gateway.Configuration;
using Gateway.Dialects.OpenAiChat;
using Gateway.Metering;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Providers;
using Gateway.Providers.Credentials;
using Gateway.Routing;
using Gateway.Routing.Attempts;
using Gateway.Routing.Health;
using Gateway.Secrets;
using Gateway.Tests.Pipeline;
using Gateway.Transport;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Routing.Decisions;

/// <summary>A request whose attempts a test writes itself: the key <c>rig</c> asks the route <c>fast</c> over <c>a/m</c> (1 and 10 $ per million tokens) and <c>b/n</c> (2 and 20 $).</summary>
internal sealed class AttemptedRequest : IDisposable
{
    public const string Ask = """{"model":"fast","messages":[{"role":"user","content":"How are you today?"}]}""";

    private readonly MemoryExchange _client = new();

    public AttemptedRequest(bool isNamed = true)
    {
        A = Target("a", "m", new ModelPrice("a:1", 1_000_000_000, 10_000_000_000));
        B = Target("b", "n", new ModelPrice("b:1", 2_000_000_000, 20_000_000_000));
        var snapshot = new GatewaySnapshot { Epoch = 1, Providers = FrozenDictionary<string, ProviderSnapshot>.Empty, Models = null!, Limits = new LimitsSnapshot() };
        var body = new PooledBuffer(256);
        body.Append(Encoding.UTF8.GetBytes(Ask));
        Context = new GatewayContext(_client, snapshot, Operation.ChatCompletions, new OpenAiChatDialect(), "req-1", Time)
        {
            Key = new VirtualKey { Id = "rig", Name = "rig", Hash = new byte[32], Models = ["*"] },
            Body = body,
            Route = new RouteSnapshot { Name = isNamed ? "fast" : "a/m", Groups = [isNamed ? TargetGroup.InOrder(A, B) : TargetGroup.InOrder(A)], Timeouts = A.Provider.Timeouts },
        };
        Context.Request.Model = "fast";
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 8, 1, 12, 0, 0, TimeSpan.Zero));

    public GatewayContext Context { get; }

    public TargetSnapshot A { get; }

    public TargetSnapshot B { get; }

    /// <summary>An attempt that takes a while.</summary>
    /// <param name="target">Who is called.</param>
    /// <param name="reason">Why.</param>
    /// <param name="milliseconds">How long it takes.</param>
    /// <param name="then">What becomes of it, before it is over.</param>
    public Attempt Call(TargetSnapshot target, AttemptReason reason, int milliseconds, Action<Attempt> then)
    {
        var attempt = Context.Begin(target, Operation.ChatCompletions, reason, pause: reason == AttemptReason.Retry ? TimeSpan.FromMilliseconds(250) : default);
        attempt.Key = target.Credentials!.Keys[^1];
        Time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        then(attempt);
        attempt.Ended = Time.GetTimestamp();
        return attempt;
    }

    /// <summary>The client sees content of an attempt.</summary>
    public void Deliver(Attempt attempt, string text)
    {
        attempt.Tap = new TextTap(text);
        attempt.FirstContentAt = Time.GetTimestamp();
        if (Context.FirstContentAt == 0)
            Context.FirstContentAt = attempt.FirstContentAt;
    }

    public void Dispose()
    {
        Context.Dispose();
        _client.Dispose();
    }

    private TargetSnapshot Target(string provider, string model, ModelPrice price) => new()
    {
        Provider = new ProviderSnapshot
        {
            Id = provider,
            Kind = "openai",
            TelemetryName = "openai",
            Endpoints = new OperationMap<ProviderEndpoint>(Enum.GetValues<Operation>().Select(o => KeyValuePair.Create(o, new ProviderEndpoint(new Uri($"http://{provider}.test:81"), "/v1/x")))),
            Credentials = new KeySetCredential([Key("one"), Key("two")]),
            Timeouts = new TimeoutPolicy(),
            ReasoningInOutput = true,
        },
        Model = model,
        ModelJson = Encoding.UTF8.GetBytes($"\"{model}\""),
        State = new TargetState($"{provider}/{model}", Time),
        Price = price,
    };

    private static ProviderKey Key(string id) => new(id, new HeaderCredential("Authorization", new Secret("Bearer sk-canary-" + id)));
}
