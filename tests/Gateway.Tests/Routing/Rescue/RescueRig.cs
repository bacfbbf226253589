using System.Buffers;
using System.Collections.Frozen;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Gateway.Admission;
using Gateway.Configuration;
using Gateway.Dialects;
using Gateway.Metering;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Protocol.Parts;
using Gateway.Providers;
using Gateway.Providers.Credentials;
using Gateway.Routing;
using Gateway.Routing.Attempts;
using Gateway.Routing.Health;
using Gateway.Routing.Policies;
using Gateway.Secrets;
using Gateway.Surfaces;
using Gateway.Tests.Pipeline;
using Gateway.Tests.Testing;
using Gateway.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Routing.Rescue;

/// <summary>The whole pipeline in memory over a route of several targets, each of its own wire, under a clock that moves only when told.</summary>
internal sealed class RescueRig : HttpMessageHandler, ILedger, IReplyObserver
{
    /// <summary>Wires whose clients know streams.</summary>
    public static readonly Operation[] Wires =
    [
        Operation.ChatCompletions, Operation.Responses, Operation.Messages, Operation.GenerateContent, Operation.Converse, Operation.InvokeModel, Operation.CohereChat, Operation.OllamaChat,
    ];

    private static readonly TokenEstimator Estimator = new();

    private readonly UpstreamClients _clients;
    private readonly RequestPipeline _pipeline;
    private readonly GatewaySnapshot _snapshot;
    private readonly RescueTarget[] _targets;
    private readonly Dictionary<string, int> _numbers = [];

    public RescueRig(params RescueTarget[] targets)
        : this(RescuePolicy.Resume, AttemptPolicy.Default, targets)
    {
    }

    public RescueRig(RescuePolicy rescue, AttemptPolicy attempts, params RescueTarget[] targets)
    {
        _targets = targets;
        _clients = new UpstreamClients(_ => new HttpMessageInvoker(this, disposeHandler: false));
        Route = new RouteSnapshot
        {
            Name = "r",
            Groups = [TargetGroup.InOrder([.. targets.Select(Compile)])],
            Timeouts = new TimeoutPolicy(),
            Rescue = rescue,
            Attempts = attempts,
        };
        _snapshot = new GatewaySnapshot { Epoch = 1, Providers = FrozenDictionary<string, ProviderSnapshot>.Empty, Models = new OneRoute(Route), Limits = new LimitsSnapshot() };
        var hasher = new KeyHasher([1, 2, 3]);
        var keys = new KeyRingHolder(new KeyRing(hasher, [new VirtualKey { Id = "rig", Name = "rig", Hash = hasher.Hash(PipelineRig.Key), Models = ["*"] }]));
        _pipeline = new RequestPipeline(
            new DeliveryStage(NullLogger<DeliveryStage>.Instance),
            new OverloadStage(),
            new AdmissionStage(keys),
            new MeteringStage(this, Estimator, this, NullLogger<MeteringStage>.Instance),
            new IntakeStage(),
            new RoutingStage(),
            new AccessStage(),
            new AttemptStage(_clients, new Translation(new MediaInliner(new MediaFetcher())), Estimator, static () => 0));
    }

    public TimerWatch Time { get; } = new();

    /// <summary>The route.</summary>
    public RouteSnapshot Route { get; }

    /// <summary>What upstreams answer.</summary>
    public Func<RescueCall, Task<HttpResponseMessage>> Upstream { get; set; } = _ => Task.FromResult(new HttpResponseMessage(HttpStatusCode.InternalServerError));

    /// <summary>The requests that upstreams got, in order.</summary>
    public List<RescueCall> Calls { get; } = [];

    /// <summary>What was recorded.</summary>
    public List<LedgerEntry> Entries { get; } = [];

    /// <summary>The state of a target.</summary>
    public TargetState StateOf(string id) => Route.Targets.First(t => t.Provider.Id == id).State;

    /// <summary>A chat with one question.</summary>
    public static ChatRequest Ask(Action<ChatRequest>? change = null)
    {
        var chat = new ChatRequest { Model = "r", Stream = true };
        chat.Messages.Add(new ChatMessage { Role = ChatRole.User, Parts = [new TextPart("Tell me something.")] });
        change?.Invoke(chat);
        return chat;
    }

    /// <summary>A text as a model tells it: word by word, then usage and the end.</summary>
    public static List<ChatEvent> Told(string text, string id = "id-1", string model = "m-1", FinishReason finish = FinishReason.Stop)
    {
        List<ChatEvent> events = [new(ChatEventKind.Start) { Id = id, Name = model }];
        for (var at = 0; at < text.Length;)
        {
            var next = text.IndexOf(' ', at + 1);
            next = next < 0 ? text.Length : next;
            events.Add(new ChatEvent(ChatEventKind.Text) { Text = text[at..next] });
            at = next;
        }

        events.Add(new ChatEvent(ChatEventKind.Finish) { Finish = finish });
        events.Add(new ChatEvent(ChatEventKind.Usage) { Usage = new TokenUsage(10, 5) });
        return events;
    }

    /// <summary>The stream of a wire.</summary>
    public static byte[] Encode(Operation wire, IEnumerable<ChatEvent> events) =>
        CodecRig.Encode(DialectRegistry.For(wire)!.Codec!, events, CodecRig.Envelope(Ask(), includeUsage: true));

    /// <summary>A streamed reply of a wire.</summary>
    public static HttpResponseMessage Reply(Operation wire, ReadOnlyMemory<byte> stream, ScriptedStreamEnd? end = null)
    {
        var content = new StreamContent(new ScriptedStream(stream, end ?? ScriptedStreamEnd.Close));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(DialectRegistry.For(wire)!.StreamContentType);
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }

    /// <summary>An error.</summary>
    public static HttpResponseMessage Error(int status, string message = "no") => new((HttpStatusCode)status)
    {
        Content = new StringContent("{\"type\":\"error\",\"message\":\"" + message + "\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"" + message + "\"}}", Encoding.UTF8, "application/json"),
    };

    /// <summary>Serves a request of a client.</summary>
    public async Task<MemoryExchange> ServeAsync(Operation wire, ChatRequest? chat = null, IDialect? dialect = null, MemoryExchange? client = null)
    {
        dialect ??= DialectRegistry.For(wire)!;
        var body = new ArrayBufferWriter<byte>();
        chat ??= Ask();
        dialect.Codec!.WriteRequest(body, chat, CodecRig.Target("r"), new DroppedMembers());
        client ??= new MemoryExchange();
        client.RequestBody = body.WrittenSpan.ToArray();
        using var context = new GatewayContext(client, _snapshot, wire, dialect, "req-1", Time);
        (context.Request.Model, context.Request.Stream) = ("r", chat.Stream); // as the surface finds it in the path
        await _pipeline.RunAsync(context).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        return client;
    }

    public ValueTask<long> AppendAsync(LedgerEntry entry)
    {
        Entries.Add(entry);
        return ValueTask.FromResult(1L);
    }

    public void OnReply(LedgerEntry entry, string? telemetryName)
    {
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var target = _targets.First(t => request.RequestUri!.Host == t.Id + ".test");
        var body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
        var chat = DialectRegistry.For(target.Wire)!.Codec!.ReadRequest(body, new RequestFacts { Model = target.Model, Stream = true });
        RescueCall call;
        lock (Calls)
        {
            _numbers[target.Id] = _numbers.GetValueOrDefault(target.Id) + 1;
            Calls.Add(call = new RescueCall(target, _numbers[target.Id], Encoding.UTF8.GetString(body), chat, request.Headers, cancellationToken));
        }

        return await Upstream(call);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _clients.Dispose();
        base.Dispose(disposing);
    }

    private TargetSnapshot Compile(RescueTarget target) => new()
    {
        Provider = new ProviderSnapshot
        {
            Id = target.Id,
            Kind = target.Kind,
            TelemetryName = target.Kind,
            Endpoints = new OperationMap<ProviderEndpoint>([KeyValuePair.Create(target.Wire, new ProviderEndpoint(new Uri($"http://{target.Id}.test"), "/v1/x"))]),
            Credentials = KeySetCredential.Of(new HeaderCredential("Authorization", new Secret("Bearer sk"))),
            Timeouts = new TimeoutPolicy(),
        },
        Model = target.Model,
        ModelJson = Encoding.UTF8.GetBytes($"\"{target.Model}\""),
        State = new TargetState($"{target.Id}/{target.Model}", Time),
        Price = new ModelPrice("test:1", 1_000_000_000, 10_000_000_000),
    };

    private sealed class OneRoute(RouteSnapshot route) : IModelDirectory
    {
        public IReadOnlyList<RouteSnapshot> Listed => [route];

        public RouteSnapshot? Resolve(string model) => model is "r" ? route : null;
    }
}
