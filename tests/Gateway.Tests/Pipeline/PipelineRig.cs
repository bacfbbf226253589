using System.Collections.Frozen;
using System.Net;
using System.Net.Http.Headers;
using Gateway.Admission;
using Gateway.Configuration;
using Gateway.Dialects;
using Gateway.Dialects.OpenAiChat;
using Gateway.Dialects.OpenAiCompletions;
using Gateway.Dialects.OpenAiResponses;
using Gateway.Metering;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Providers;
using Gateway.Providers.Credentials;
using Gateway.Routing;
using Gateway.Routing.Health;
using Gateway.Routing.Attempts;
using Gateway.Secrets;
using Gateway.Surfaces;
using Gateway.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Pipeline;

/// <summary>The whole pipeline in memory: a canned upstream below, a client in memory above, a ledger that remembers or fails.</summary>
internal sealed class PipelineRig : HttpMessageHandler, ILedger, IReplyObserver
{
    public const string Key = "gw-rig-key";

    private static readonly TokenEstimator Estimator = new();

    private readonly UpstreamClients _clients;
    private readonly RequestPipeline _pipeline;
    private readonly GatewaySnapshot _snapshot;
    private readonly RouteSnapshot _route;

    public PipelineRig(bool reasoningInOutput = true, ModelPrice? price = null)
    {
        _clients = new UpstreamClients(_ => new HttpMessageInvoker(this, disposeHandler: false));
        var hasher = new KeyHasher([1, 2, 3]);
        var keys = new KeyRingHolder(new KeyRing(hasher, [new VirtualKey { Id = "rig", Name = "rig", Hash = hasher.Hash(Key), Models = ["*"] }]));
        var provider = new ProviderSnapshot
        {
            Id = "up",
            Kind = "openai",
            TelemetryName = "openai",
            Endpoints = new OperationMap<ProviderEndpoint>(Enum.GetValues<Operation>().Select(o => KeyValuePair.Create(o, new ProviderEndpoint(new Uri("http://upstream.test"), "/v1/x")))),
            Credentials = KeySetCredential.Of(new HeaderCredential("Authorization", new Secret("Bearer sk-canary"))),
            Timeouts = new TimeoutPolicy(),
            ReasoningInOutput = reasoningInOutput,
        };
        var target = new TargetSnapshot { Provider = provider, Model = "m", ModelJson = "\"m\""u8.ToArray(), State = new TargetState("up/m", TimeProvider.System), Price = price ?? new ModelPrice("test:1", 1_000_000_000, 10_000_000_000) };
        _route = new RouteSnapshot { Name = "up/m", Groups = [TargetGroup.InOrder(target)], Timeouts = provider.Timeouts };
        _snapshot = new GatewaySnapshot
        {
            Epoch = 1,
            Providers = FrozenDictionary<string, ProviderSnapshot>.Empty,
            Models = new OneRoute(_route),
            Limits = new LimitsSnapshot(),
        };
        _pipeline = new RequestPipeline(
            new DeliveryStage(NullLogger<DeliveryStage>.Instance),
            new OverloadStage(),
            new AdmissionStage(keys),
            new MeteringStage(this, Estimator, this, NullLogger<MeteringStage>.Instance),
            new IntakeStage(),
            new RoutingStage(),
            new AccessStage(),
            new AttemptStage(_clients, new Translation(new MediaInliner(new MediaFetcher())), Estimator));
    }

    /// <summary>What the upstream answers.</summary>
    public Func<HttpResponseMessage> Upstream { get; set; } = () => new HttpResponseMessage(HttpStatusCode.InternalServerError);

    /// <summary>Thrown by the ledger instead of recording.</summary>
    public Exception? LedgerFailure { get; set; }

    /// <summary>What was recorded.</summary>
    public List<LedgerEntry> Entries { get; } = [];

    /// <summary>What observers were told.</summary>
    public List<LedgerEntry> Observed { get; } = [];

    /// <summary>Whether <see cref="Entries"/> and <see cref="Observed"/> are kept.</summary>
    public bool Remembers { get; set; } = true;

    public static IDialect DialectOf(Operation operation) => operation switch
    {
        Operation.Responses => new OpenAiResponsesDialect(),
        Operation.Completions => new OpenAiCompletionsDialect(),
        _ => new OpenAiChatDialect(),
    };

    /// <summary>A canned whole reply.</summary>
    public static Func<HttpResponseMessage> Whole(string json) => Whole(System.Text.Encoding.UTF8.GetBytes(json));

    /// <summary>A canned whole reply.</summary>
    public static Func<HttpResponseMessage> Whole(byte[] json) => () => Reply(json, "application/json");

    /// <summary>A canned stream.</summary>
    public static Func<HttpResponseMessage> Stream(byte[] events) => () => Reply(events, "text/event-stream");

    /// <summary>Serves one request.</summary>
    public async ValueTask ServeAsync(MemoryExchange client, Operation operation, IDialect dialect)
    {
        using var context = new GatewayContext(client, _snapshot, operation, dialect, "req-1", TimeProvider.System);
        await _pipeline.RunAsync(context);
    }

    /// <summary>Serves one request and gives what the client got.</summary>
    public async Task<MemoryExchange> ServeAsync(string body, Operation operation = Operation.ChatCompletions, Action<MemoryExchange>? prepare = null)
    {
        var client = new MemoryExchange { RequestBody = System.Text.Encoding.UTF8.GetBytes(body) };
        prepare?.Invoke(client);
        await ServeAsync(client, operation, DialectOf(operation));
        return client;
    }

    public ValueTask<long> AppendAsync(LedgerEntry entry)
    {
        if (LedgerFailure is { } failure)
            return ValueTask.FromException<long>(failure);
        if (Remembers)
            Entries.Add(entry);
        return ValueTask.FromResult(1L);
    }

    public void OnReply(LedgerEntry entry, string? telemetryName)
    {
        if (Remembers)
            Observed.Add(entry);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await request.Content!.CopyToAsync(System.IO.Stream.Null, cancellationToken);
        return Upstream();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _clients.Dispose();
        base.Dispose(disposing);
    }

    private static HttpResponseMessage Reply(byte[] body, string type)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }

    private sealed class OneRoute(RouteSnapshot route) : IModelDirectory
    {
        public IReadOnlyList<RouteSnapshot> Listed => [route];

        public RouteSnapshot? Resolve(string model) => model is "up/m" ? route : null;
    }
}
