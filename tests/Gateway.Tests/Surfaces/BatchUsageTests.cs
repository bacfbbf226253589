using System.Text;
using System.Text.Json;
using Gateway.Metering;
using Gateway.Routing.Stored;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Surfaces;

/// <summary>What batches used: in the ledger once, whichever way the gateway learns of it.</summary>
public sealed class BatchUsageTests : IAsyncLifetime
{
    private const string Usage = ""","model":"gpt-4.1","usage":{"input_tokens":1000,"output_tokens":100,"total_tokens":1100,"input_tokens_details":{"cached_tokens":0}}""";

    private static readonly string Output = string.Concat(
        Line("gpt-4.1", 600, 60), Line("gpt-4.1", 400, 40), """{"id":"x","response":{"status_code":400,"body":{"error":{"message":"no"}}}}""" + "\r\n\n", Line("text-embedding-3-small", 7, 0).TrimEnd('\n'));

    private ScriptedUpstream _upstream = null!;
    private GatewayHost _gateway = null!;

    public async Task InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync();
        _gateway = await GatewayHost.StartAsync(_upstream);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Batch_ShownCompletedManyTimes_IsSettledOnceAtTheBatchPrice()
    {
        var batch = await CreateAsync();
        await ShowAsync(batch, Batch("in_progress"));
        Assert.Empty(await SettledAsync());

        for (var i = 0; i < 3; i++)
            await ShowAsync(batch, Batch("completed", Usage));
        _upstream.Enqueue(Script.Json(Batch("completed", Usage)));
        await GetAsync("/v1/batches");
        await FetchAsync(batch);

        var entry = Assert.Single(await SettledAsync());
        Assert.Equal(
            ("batches", "gpt-4.1", "up/gpt-4.1", "batch_1", 1000, 100, false),
            (Text(entry, "operation"), Text(entry, "target_model"), Text(entry, "requested_model"), Text(entry, "response_id"), Number(entry, "input_tokens"), Number(entry, "output_tokens"), entry.GetProperty("estimated").GetBoolean()));
        // A batch of this model costs half: 1 and 4 USD per million tokens.
        Assert.Equal((1000 * 1_000) + (100 * 4_000), Number(entry, "cost_nano_usd"));
        Assert.EndsWith(":batch", Text(entry, "price_version"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Batch_ShownByMany_IsSettledOnce()
    {
        var batch = await CreateAsync();
        _upstream.Default = Script.Json(Batch("completed", Usage));

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => GetAsync("/v1/batches/" + batch)));

        Assert.Single(await SettledAsync());
    }

    [Fact]
    public async Task Output_FetchedTwice_IsSettledOnceByModel()
    {
        var batch = await CreateAsync();
        await ShowAsync(batch, Batch("completed"));
        Assert.Empty(await SettledAsync());

        for (var i = 0; i < 2; i++)
            Assert.Equal(Output, (await FetchAsync(batch)).Text);
        await ShowAsync(batch, Batch("completed", Usage));

        var entries = (await SettledAsync()).OrderBy(e => Text(e, "target_model")).ToArray();
        Assert.Equal([("gpt-4.1", 1000, 100), ("text-embedding-3-small", 7, 0)], entries.Select(e => (Text(e, "target_model"), Number(e, "input_tokens"), Number(e, "output_tokens"))));
        Assert.All(entries, e => Assert.False(e.GetProperty("estimated").GetBoolean()));
    }

    [Fact]
    public async Task Output_BrokenOff_IsSettledWhenItComesWhole()
    {
        var batch = await CreateAsync();
        await ShowAsync(batch, Batch("completed"));
        var file = (await ShowAsync(batch, Batch("completed"))).GetProperty("output_file_id").GetString();
        _upstream.Enqueue(Script.Reply(200, "application/octet-stream").Write(Output).ThenClose());
        Assert.False((await GetAsync($"/v1/files/{file}/content")).IsProperEnd);
        Assert.Empty(await SettledAsync());

        await FetchAsync(batch);

        Assert.Equal(2, (await SettledAsync()).Length);
    }

    [Fact]
    public async Task Entry_WrittenBeforeACrash_IsNotWrittenAgain()
    {
        var batch = await CreateAsync();
        await ShowAsync(batch, Batch("completed", Usage));
        var entry = Assert.Single(await SettledAsync());
        // As if the process had died between the entry and the note that it is there.
        using (var connection = Gateway.State.Embedded.SqliteDatabase.Open(LedgerPaths.Database(_gateway.DataDirectory)).Connect())
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "UPDATE stored_objects SET settled = 0";
            Assert.True(command.ExecuteNonQuery() > 0);
        }

        await ShowAsync(batch, Batch("completed", Usage));

        Assert.Equal(Text(entry, "request_id"), Text(Assert.Single(await SettledAsync()), "request_id"));
    }

    [Fact]
    public void Reader_CutAtEveryByte_AddsUpTheSame()
    {
        foreach (var cut in ByteSplits.Every(Encoding.UTF8.GetBytes(Output)))
        {
            var reader = new BatchUsageReader(1_000);
            foreach (var piece in cut)
                reader.Take(piece.Span);
            reader.End();
            Assert.False(reader.IsPartial);
            Assert.Equal((new TokenUsage(1000, 100), new TokenUsage(7, 0)), (reader.Models["gpt-4.1"], reader.Models["text-embedding-3-small"]));
        }
    }

    [Fact]
    public void Reader_LineTooLongOrNoJson_IsPartial()
    {
        foreach (var bad in new[] { new string('x', 2_000), "{" })
        {
            var reader = new BatchUsageReader(1_000);
            reader.Take(Encoding.UTF8.GetBytes(bad + "\n" + Line("m", 1, 2)));
            reader.End();
            Assert.True(reader.IsPartial);
            Assert.Equal(new TokenUsage(1, 2), reader.Models["m"]);
        }
    }

    private static string Line(string model, int input, int output) =>
        $$"""{"id":"r","custom_id":"c","response":{"status_code":200,"body":{"model":"{{model}}","usage":{"prompt_tokens":{{input}},"completion_tokens":{{output}},"total_tokens":1} } },"error":null}""" + "\n";

    private static string Batch(string status, string more = "") =>
        $$"""{"id":"batch_1","object":"batch","input_file_id":"file-1","status":"{{status}}","output_file_id":{{(status == "completed" ? "\"file-2\"" : "null")}}{{more}}}""";

    private static string Text(JsonElement entry, string name) => entry.GetProperty(name).GetString()!;

    private static long Number(JsonElement entry, string name) => entry.GetProperty(name).GetInt64();

    private async Task<string> CreateAsync()
    {
        _upstream.Enqueue(Script.Json("""{"id":"file-1","object":"file"}"""), Script.Json(Batch("validating")));
        using var form = new MultipartFormDataContent { { new StringContent("batch"), "purpose" }, { new ByteArrayContent("{}\n"u8.ToArray()), "file", "in.jsonl" } };
        var file = (await RawReply.ReadAsync(await _gateway.Client.PostAsync("/v1/files?provider=up", form))).Json.GetProperty("id").GetString();
        return (await RawReply.PostAsync(_gateway, "/v1/batches", $$"""{"input_file_id":"{{file}}","endpoint":"/v1/chat/completions","completion_window":"24h"}""")).Json.GetProperty("id").GetString()!;
    }

    private async Task<JsonElement> ShowAsync(string batch, string upstream)
    {
        _upstream.Enqueue(Script.Json(upstream));
        var reply = await GetAsync("/v1/batches/" + batch);
        Assert.Equal(200, reply.Status);
        return reply.Json;
    }

    private async Task<RawReply> FetchAsync(string batch)
    {
        var file = (await ShowAsync(batch, Batch("completed"))).GetProperty("output_file_id").GetString();
        _upstream.Enqueue(Script.Reply(200, "application/octet-stream").Write(Output[..50]).Write(Output[50..]));
        return await GetAsync($"/v1/files/{file}/content");
    }

    private async Task<RawReply> GetAsync(string path) => await RawReply.ReadAsync(await _gateway.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead));

    private async Task<JsonElement[]> SettledAsync() => [.. (await _gateway.LedgerAsync("?limit=1000")).Where(e => Text(e, "operation") == "batches" && Text(e, "target_model").Length > 0)];
}
