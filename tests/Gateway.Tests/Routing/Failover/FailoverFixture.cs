using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using FaultUpstream;
using Gateway.Tests.Surfaces;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Routing.Failover;

/// <summary>A gateway with a route for each case of the table, and what came of every case: they run side by side before the first test.</summary>
public sealed class FailoverFixture : IAsyncLifetime
{
    /// <summary>The limit on a whole exchange.</summary>
    internal static readonly TimeSpan Total = TimeSpan.FromSeconds(4);

    /// <summary>The text of the primary's right answer.</summary>
    internal static readonly string PrimaryText = string.Concat(Answer.WordsOf("primary", 12));

    /// <summary>The text of the fallback's.</summary>
    internal static readonly string FallbackText = string.Concat(Answer.WordsOf("fallback", 12));

    /// <summary>The text that both are asked for where one continues the other.</summary>
    internal static readonly string SameText = string.Concat(Answer.WordsOf("same", 12));

    // Nano-dollars at 1 and 2, and at 3 and 4 dollars per million tokens.
    internal const long PrimaryCost = (10 * 1_000) + (12 * 2_000);
    internal const long FallbackCost = (10 * 3_000) + (12 * 4_000);

    private const int AtOnce = 16;

    internal FaultServer Plain { get; private set; } = null!;

    internal FaultServer Fallback { get; private set; } = null!;

    internal GatewayHost Gateway { get; private set; } = null!;

    internal ConcurrentDictionary<string, FailoverResult> Results { get; } = [];

    internal ConcurrentDictionary<string, Exception> Failures { get; } = [];

    /// <summary>Whether everything went as it must and as docs/failover.md says.</summary>
    private bool IsAsItShould => Failures.IsEmpty && Results.Values.All(result => !FailoverRules.Violations(result).Any()) && FailoverPage.IsWritten(Results);

    public async Task InitializeAsync()
    {
        for (var left = 2; ; left--)
        {
            var began = Stopwatch.GetTimestamp();
            await RunAllAsync();
            if (left == 0 || IsAsItShould || !Stalls.Since(began))
                return;
            await DisposeAsync();
        }
    }

    public async Task DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Plain.DisposeAsync();
        await Fallback.DisposeAsync();
    }

    private async Task RunAllAsync()
    {
        Results.Clear();
        Failures.Clear();
        Plain = FaultServer.Start();
        Fallback = FaultServer.Start(new FaultServerOptions { Name = "fallback", Schedule = Schedules.Never });
        using var certificate = TestCertificate.Create();
        using var closed = new ClosedPort();
        using var stranger = TestCertificate.Create();
        await using var untrusted = FaultServer.Start(new FaultServerOptions { Certificate = stranger });
        // What happens to a connection happens to everything on it, so that none may be shared.
        var http2 = FailoverCase.All.Where(one => one.Fault.Place == FaultPlace.Http2).ToDictionary(one => one.Id, _ => FaultServer.Start(new FaultServerOptions { Certificate = certificate }));
        Gateway = await GatewayHost.StartAsync(Settings(http2, untrusted.BaseUri, closed.BaseUri), roots: new X509Certificate2Collection(certificate));
        await WarmUpAsync();
        await Parallel.ForEachAsync(FailoverCase.All, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (one, _) =>
        {
            try
            {
                Results[one.Id] = await RunAsync(one, http2.GetValueOrDefault(one.Id, Plain));
            }
            catch (Exception e)
            {
                Failures[one.Id] = e;
            }
        });
        foreach (var server in http2.Values)
            await server.DisposeAsync();
    }

    private async Task<FailoverResult> RunAsync(FailoverCase one, FaultServer primary)
    {
        var began = Stopwatch.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Post, one.IsMessages ? "/anthropic/v1/messages" : "/v1/chat/completions")
        {
            Content = new StringContent($$"""{"model":"{{one.Id}}","max_tokens":100,"stream":{{(one.IsStream ? "true" : "false")}},"messages":[{"role":"user","content":"{{one.Prompt}}"}]}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("x-request-id", one.Id);
        var reply = await RawReply.ReadAsync(await Gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));
        var caller = CallerView.Of(reply, one.IsStream, Stopwatch.GetElapsedTime(began));
        var entry = Assert.Single(await Gateway.LedgerAsync("?request_id=" + one.Id));
        var bill = new Bill(
            entry.GetProperty("outcome").GetString()!, entry.GetProperty("attempts").GetInt32(), entry.GetProperty("cost_nano_usd").GetInt64(), entry.GetProperty("estimated").GetBoolean());
        return new FailoverResult(one, caller, primary.Seen(one.Id), Fallback.Seen(one.Id), bill);
    }

    /// <summary>The first requests of a process take longer than any other: limits of a second are not for them.</summary>
    private async Task WarmUpAsync()
    {
        foreach (var (path, model) in new[] { ("/v1/chat/completions", "warm-chat"), ("/v1/chat/completions", "warm-count"), ("/anthropic/v1/messages", "warm-messages") })
        {
            foreach (var stream in new[] { "true", "false" })
                await RawReply.PostAsync(Gateway, path, $$"""{"model":"{{model}}","max_tokens":9,"stream":{{stream}},"messages":[{"role":"user","content":"hi"}]}""");
        }
    }

    private string Settings(Dictionary<string, FaultServer> http2, Uri untrusted, Uri closed)
    {
        var (providers, models, routes) = (new List<string>(), new List<string>(), new List<string>());
        AddProvider("f", Fallback.BaseUri, false);
        AddProvider("fm", Fallback.BaseUri, true);
        AddProvider("w", Plain.BaseUri, false);
        foreach (var (name, target) in (ReadOnlySpan<(string, string)>)[("warm-chat", "f/warm"), ("warm-messages", "fm/warm"), ("warm-count", "w/cut.warm")])
            routes.Add($$""" "{{name}}": { "targets": ["{{target}}"], "timeouts": { "firstToken": 60, "total": 60 } } """);
        foreach (var one in FailoverCase.All)
        {
            AddProvider(one.Primary, http2.TryGetValue(one.Id, out var own) ? own.BaseUri : AddressOf(one.Fault.Place, untrusted, closed), one.IsMessages);
            models.Add($$""" "{{one.Primary}}/{{one.Id}}": { "inputPerMtok": 1, "outputPerMtok": 2, "contextWindow": 8192 } """);
            var fallback = $"{(one.IsMessages ? "fm" : "f")}/{one.Id}";
            if (one.HasFallback)
                models.Add($$""" "{{fallback}}": { "inputPerMtok": 3, "outputPerMtok": 4, "contextWindow": 131072 } """);
            routes.Add($$""" "{{one.Id}}": { "targets": ["{{one.Primary}}/{{one.Id}}"{{(one.HasFallback ? $", \"{fallback}\"" : "")}}]{{(one.Route == FailoverRoute.Resume ? ", \"rescue\": \"resume\"" : "")}} } """);
        }

        return $$"""
            "providers": { {{string.Join(",", providers)}} },
            "models": { {{string.Join(",", models)}} },
            "routes": { {{string.Join(",", routes)}} },
            "limits": { "maxEventBytes": 65536 },
            "timeouts": { "connect": 1, "firstToken": 1, "answer": 3, "idle": 1, "finishGrace": 0.3, "total": {{Total.TotalSeconds}} }
            """;

        void AddProvider(string id, Uri address, bool isMessages) => providers.Add(
            $$""" "{{id}}": { "type": "{{(isMessages ? "anthropic" : "openai")}}", "baseUrl": "{{(isMessages ? address.GetLeftPart(UriPartial.Authority) : address)}}", "apiKey": "env:UP_KEY" } """);
    }

    private Uri AddressOf(FaultPlace place, Uri untrusted, Uri closed) => place switch
    {
        FaultPlace.Untrusted => untrusted,
        FaultPlace.Refused => closed,
        FaultPlace.Unresolved => new Uri("http://no-such-host.invalid/v1"),
        _ => Plain.BaseUri,
    };
}
