using System.Text;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Processes;

/// <summary>In a process of its own, because listening to traces is a matter of the whole process.</summary>
public class OtlpTests : ProcessFixture
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Parent = "00f067aa0ba902b7";

    [Fact]
    public async Task Export_OverHttpProtobuf_CarriesSpansAndMetricsByConvention()
    {
        await using var receiver = await ScriptedUpstream.StartAsync(Script.Reply(200, "application/x-protobuf").ContentLength(0));
        await using var upstream = await ScriptedUpstream.StartAsync(WholeReply);
        var configuration = GatewayProcess.WriteConfiguration(Directory, upstream.BaseUri);
        using (var gateway = await GatewayProcess.StartAsync(Directory,
        [
            .. Keys, "--config", configuration,
            "OTEL_EXPORTER_OTLP_ENDPOINT=" + receiver.BaseUri.GetLeftPart(UriPartial.Authority),
            "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
            "OTEL_RESOURCE_ATTRIBUTES=deployment.environment.name=test-bench",
        ]))
        {
            gateway.Client.DefaultRequestHeaders.Add("traceparent", $"00-{Trace}-{Parent}-01");
            gateway.Client.DefaultRequestHeaders.Add("tracestate", "vendor=1");
            using var response = await gateway.PostAsync("/v1/chat/completions", WholeRequest);
            Assert.True(response.IsSuccessStatusCode);
            using var failed = await gateway.PostAsync("/v1/chat/completions", """{"model":"nowhere/m","messages":[]}""");
            Assert.Equal(404, (int)failed.StatusCode);
            gateway.Terminate();
            Assert.Equal(0, await gateway.WaitForExitAsync());
        }

        var sent = (await upstream.WaitForRequestAsync()).Headers;
        var child = sent.TraceParent.ToString().Split('-');
        Assert.Equal(["00", Trace, "01"], [child[0], child[1], child[3]]);
        Assert.NotEqual(Parent, child[2]);
        Assert.Equal("vendor=1", sent.TraceState);

        var spans = Bodies(receiver, "/v1/traces");
        foreach (var hex in new[] { Trace, Parent, child[2] })
            Assert.True(spans.AsSpan().IndexOf(Convert.FromHexString(hex)) >= 0, hex);
        AssertNames(spans,
            "ai-gateway", "test-bench", "chat up/m", "gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.request.model", "gen_ai.response.model",
            "gen_ai.response.finish_reasons", "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "server.address", "gateway.request.id",
            "gateway.key.id", "error.type", "model_not_found");
        AssertNames(Bodies(receiver, "/v1/metrics"),
            "ai-gateway", "gen_ai.client.operation.duration", "gen_ai.client.token.usage", "gen_ai.token.type", "gateway.attempts", "gateway.requests.active");
    }

    private static byte[] Bodies(ScriptedUpstream receiver, string path)
    {
        var posts = receiver.Exchanges.Where(e => e.Target == path).ToArray();
        Assert.NotEmpty(posts);
        Assert.All(posts, post => Assert.Equal("application/x-protobuf", post.Headers.ContentType));
        return [.. posts.SelectMany(post => post.Body)];
    }

    private static void AssertNames(byte[] protobuf, params string[] names)
    {
        foreach (var name in names)
            Assert.True(protobuf.AsSpan().IndexOf(Encoding.UTF8.GetBytes(name)) >= 0, name);
    }
}
