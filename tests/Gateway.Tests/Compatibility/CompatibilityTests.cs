using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Tests.Testing;
using Xunit.Abstractions;

namespace Gateway.Tests.Compatibility;

/// <summary>Every surface onto every provider wire. The last test prints the table and holds docs/compatibility.md to it.</summary>
[TestCaseOrderer("Gateway.Tests.Compatibility.TableLast", "Gateway.Tests")]
public sealed class CompatibilityTests(CompatibilityFixture fixture, ITestOutputHelper output) : IClassFixture<CompatibilityFixture>
{
    public static TheoryData<string, string, Feature> Cells()
    {
        var cells = new TheoryData<string, string, Feature>();
        foreach (var surface in CompatibilityFixture.Wires)
        {
            foreach (var provider in CompatibilityFixture.Wires)
            {
                foreach (var feature in Enum.GetValues<Feature>())
                    cells.Add(surface.Name, provider.Name, feature);
            }
        }

        return cells;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Cell_SurfaceOntoProvider_Works(string surfaceName, string providerName, Feature feature)
    {
        var surface = CompatibilityFixture.Wires.Single(w => w.Name == surfaceName);
        var provider = CompatibilityFixture.Wires.Single(w => w.Name == providerName);
        var model = provider.Provider + "/m-1";

        var dropped = feature switch
        {
            Feature.Error => await ErrorAsync(surface, provider, model),
            Feature.Abort => await AbortAsync(surface, provider, model),
            _ => await AnswerAsync(surface, provider, model, feature),
        };

        fixture.Seen[(surfaceName, providerName, feature)] = dropped;
    }

    [Fact]
    public void Table_OfEveryCell_IsInTheDocs()
    {
        var table = CompatibilityTable.Render(fixture.Seen);
        output.WriteLine(table);
        if (fixture.Seen.IsEmpty)
            return; // run alone
        Assert.Equal(CompatibilityFixture.Wires.Count * CompatibilityFixture.Wires.Count * Enum.GetValues<Feature>().Length, fixture.Seen.Count);
        var path = Path.Combine(Repository.Root, "docs", "compatibility.md");
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
            File.WriteAllText(path, table);
        Assert.Equal(table, File.ReadAllText(path).ReplaceLineEndings("\n"));
    }

    private async Task<string> AnswerAsync(ClientWire surface, ClientWire provider, string model, Feature feature)
    {
        var stream = feature is not (Feature.Chat or Feature.Structured or Feature.Image);
        Exception? unasked = null;
        fixture.Upstream(async exchange =>
        {
            try
            {
                Assert.Contains("m-1", exchange.Target + exchange.BodyText);
                provider.CheckAsked(feature, JsonNode.Parse(exchange.Body)!);
                await CompatibilityFixture.AnswerAsync(provider, feature, exchange);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                unasked = new InvalidOperationException("The provider was asked: " + exchange.Target + " " + exchange.BodyText, e);
                exchange.Context.Abort();
            }
        });

        using var response = await fixture.SendAsync(surface, feature, model, stream);
        var body = await ReadAsync(response);

        Assert.True(unasked is null, unasked?.ToString());
        Assert.True(response.StatusCode == HttpStatusCode.OK, Encoding.UTF8.GetString(body));
        var answer = Read(() => stream ? surface.ReadStream(body) : surface.ReadWhole(JsonNode.Parse(body)!), body);
        Assert.True(!stream || answer.Ended, Encoding.UTF8.GetString(body));
        var calls = feature switch
        {
            Feature.Tools => new[] { ("get_weather", """{"city":"Paris"}""") },
            Feature.ParallelTools => [("get_weather", """{"city":"Oslo"}"""), ("get_weather", """{"city":"Rome"}""")],
            _ => [],
        };
        Assert.Equal(calls, answer.Calls);
        Assert.Equal(calls.Length > 0 ? "" : feature == Feature.Structured ? """{"answer":42}""" : "Hello there.", answer.Text);
        Assert.Equal(calls.Length > 0 ? "tool_calls" : "stop", answer.Finish);
        Assert.Equal(feature == Feature.Thinking ? "Let me think." : "", answer.Thinking);
        Assert.Equal((12, 5), (answer.Input, answer.Output));
        return response.Headers.TryGetValues("x-gateway-dropped", out var dropped) ? string.Join(", ", dropped) : "";
    }

    private async Task<string> ErrorAsync(ClientWire surface, ClientWire provider, string model)
    {
        fixture.Upstream(exchange => CompatibilityFixture.RefuseAsync(provider, exchange));

        foreach (var stream in new[] { false, true })
        {
            using var response = await fixture.SendAsync(surface, Feature.Chat, model, stream);
            var body = Encoding.UTF8.GetString(await ReadAsync(response));

            Assert.True(response.StatusCode == HttpStatusCode.TooManyRequests, body);
            Assert.Equal(TimeSpan.FromSeconds(30), response.Headers.RetryAfter?.Delta);
            surface.CheckRateLimit(JsonNode.Parse(body)!, response);
        }

        return "";
    }

    private async Task<string> AbortAsync(ClientWire surface, ClientWire provider, string model)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        fixture.Upstream(async exchange =>
        {
            exchange.Context.Response.ContentType = provider.StreamType;
            var pieces = provider.Stream(Feature.Stream, JsonNode.Parse(exchange.Body)!).ToArray();
            foreach (var piece in pieces.Take(Math.Max(1, pieces.Length - 3))) // without what ends it
            {
                await exchange.Context.Response.Body.WriteAsync(piece);
                await exchange.Context.Response.Body.FlushAsync();
            }

            await exchange.ClientGone.WaitAsync(TimeSpan.FromSeconds(30));
            gone.SetResult();
        });

        using (var response = await fixture.SendAsync(surface, Feature.Stream, model, stream: true))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            await using var stream = await response.Content.ReadAsStreamAsync();
            Assert.True(await stream.ReadAsync(new byte[1]) > 0);
        }

        await gone.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return "";
    }

    private static Answer Read(Func<Answer> read, byte[] body)
    {
        try
        {
            return read();
        }
        catch (Exception e)
        {
            throw new InvalidOperationException("A client can't read: " + Encoding.UTF8.GetString(body), e);
        }
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response)
    {
        var body = new MemoryStream();
        await using var stream = await response.Content.ReadAsStreamAsync();
        try
        {
            await stream.CopyToAsync(body);
        }
        catch (IOException)
        {
            // A stream that ended improperly: what came shows why.
        }

        return body.ToArray();
    }
}
