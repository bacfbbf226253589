using System.ClientModel;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Gateway.Tests.Testing;
using OpenAI.Files;

namespace Gateway.Tests.Surfaces;

/// <summary>Files and batches: they stay at the provider, and their ids are good for one key only.</summary>
public sealed class StoredTests : IAsyncLifetime
{
    private const string FileAtProvider = """{"id":"file-1","object":"file","bytes":3,"created_at":1,"filename":"in.jsonl","purpose":"batch","status":"processed","x_new":[1,2]}""";
    private const string BatchAtProvider = """{"id":"batch_1","object":"batch","endpoint":"/v1/chat/completions","input_file_id":"file-1","completion_window":"24h","status":"completed","output_file_id":"file-2","error_file_id":null,"created_at":1,"request_counts":{"total":1,"completed":1,"failed":0}}""";
    private ScriptedUpstream _upstream = null!;
    private GatewayHost _gateway = null!;

    public async Task InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync();
        _gateway = await GatewayHost.StartAsync(
            _upstream,
            """
            "keys": [
              { "id": "test", "value": "env:TEST_KEY", "models": ["up/*"] },
              { "id": "other", "value": "env:OTHER_KEY", "models": ["*"] },
              { "id": "narrow", "value": "env:DISABLED_KEY", "models": ["up/gpt-*"] }],
            "limits": { "maxRequestBytes": 1000000 }
            """);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Files_OfTheSdk_UploadShowDownloadAndDelete()
    {
        OpenAIFileClient files = Sdk.Client(_gateway).GetOpenAIFileClient();
        _upstream.Enqueue(Script.Json(FileAtProvider), Script.Json(FileAtProvider), Script.Reply(200, "text/html").Write("<b>"), Script.Json("""{"id":"file-1","object":"file","deleted":true}"""));

        OpenAIFile uploaded = await files.UploadFileAsync(new MemoryStream("{}\n"u8.ToArray()), "in.jsonl", FileUploadPurpose.Batch);
        Assert.StartsWith("file-gw_", uploaded.Id, StringComparison.Ordinal);
        Assert.Contains("filename=in.jsonl", _upstream.Exchanges[0].BodyText, StringComparison.Ordinal);
        Assert.Contains("{}\n", _upstream.Exchanges[0].BodyText, StringComparison.Ordinal);
        Assert.Equal(uploaded.Id, (await files.GetFileAsync(uploaded.Id)).Value.Id);
        Assert.Equal("<b>", (await files.DownloadFileAsync(uploaded.Id)).Value.ToString());
        Assert.True((await files.DeleteFileAsync(uploaded.Id)).Value.Deleted);

        Assert.Equal(["POST /v1/files", "GET /v1/files/file-1", "GET /v1/files/file-1/content", "DELETE /v1/files/file-1"], _upstream.Exchanges.Select(e => $"{e.Method} {e.Target}"));
        Assert.Empty((await GetAsync("/v1/files")).Json.GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task File_Members_StayAsTheyAre()
    {
        var id = await UploadAsync();
        _upstream.Enqueue(Script.Json(FileAtProvider));

        Assert.Equal(FileAtProvider.Replace("file-1", id, StringComparison.Ordinal), (await GetAsync("/v1/files/" + id)).Text);
    }

    [Fact]
    public async Task Id_OfAnotherKey_IsNotFoundAndTheProviderNotAsked()
    {
        var id = await UploadAsync();

        foreach (var (method, path) in new[] { ("GET", "/v1/files/" + id), ("GET", $"/v1/files/{id}/content"), ("DELETE", "/v1/files/" + id) })
        {
            var reply = await SendAsync(method, path, GatewayHost.OtherKey);
            Assert.Equal((404, "object_not_found"), (reply.Status, reply.ErrorCode));
        }

        var batch = await SendAsync("POST", "/v1/batches", GatewayHost.OtherKey, $$"""{"input_file_id":"{{id}}","endpoint":"/v1/chat/completions","completion_window":"24h"}""");
        Assert.Equal((404, "object_not_found"), (batch.Status, batch.ErrorCode));
        Assert.Single(_upstream.Exchanges);
    }

    [Theory]
    [InlineData("file-1")]
    [InlineData("file-gw_")]
    [InlineData("file-gw_AAAA")]
    [InlineData("file-gw_!!")]
    [InlineData("batch_gw_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Id_Invented_IsNotFound(string id)
    {
        var reply = await GetAsync("/v1/files/" + id);

        Assert.Equal((404, "object_not_found"), (reply.Status, reply.ErrorCode));
        Assert.Empty(_upstream.Exchanges);
    }

    [Fact]
    public async Task Id_OneCharacterChanged_IsNotFound()
    {
        var id = await UploadAsync();
        for (var i = "file-gw_".Length; i < id.Length; i += 5)
        {
            var reply = await GetAsync("/v1/files/" + id[..i] + (id[i] == 'A' ? 'Q' : 'A') + id[(i + 1)..]);
            Assert.Equal(404, reply.Status);
        }

        Assert.Single(_upstream.Exchanges);
    }

    [Fact]
    public async Task List_ShowsAKeyItsOwn()
    {
        var first = await UploadAsync();
        var second = await UploadAsync("file-9");
        _upstream.Enqueue(Script.Json(FileAtProvider.Replace("file-1", "file-9", StringComparison.Ordinal)));

        var page = (await GetAsync("/v1/files?limit=1")).Json;
        Assert.Equal(second, Assert.Single(page.GetProperty("data").EnumerateArray()).GetProperty("id").GetString());
        Assert.True(page.GetProperty("has_more").GetBoolean());
        _upstream.Enqueue(Script.Json(FileAtProvider));
        var rest = (await GetAsync("/v1/files?after=" + page.GetProperty("last_id").GetString())).Json;
        Assert.Equal(first, Assert.Single(rest.GetProperty("data").EnumerateArray()).GetProperty("id").GetString());
        Assert.False(rest.GetProperty("has_more").GetBoolean());

        var others = (await SendAsync("GET", "/v1/files", GatewayHost.OtherKey)).Json;
        Assert.Empty(others.GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task Batch_IdsInside_AreTranslatedBothWays()
    {
        var file = await UploadAsync();
        _upstream.Enqueue(Script.Json(BatchAtProvider), Script.Json(BatchAtProvider), Script.Json(BatchAtProvider), Script.Reply(200, "application/octet-stream").Write("line\n"));

        var made = await SendAsync("POST", "/v1/batches", GatewayHost.Key, """{"input_file_id":"FILE","endpoint":"/v1/chat/completions","completion_window":"24h","metadata":{"a":"b"}}""".Replace("FILE", file, StringComparison.Ordinal));

        Assert.Equal("""{"input_file_id":"file-1","endpoint":"/v1/chat/completions","completion_window":"24h","metadata":{"a":"b"}}""", _upstream.Exchanges[^1].BodyText);
        var batch = made.Json.GetProperty("id").GetString()!;
        Assert.StartsWith("batch_gw_", batch, StringComparison.Ordinal);
        Assert.Equal(file, made.Json.GetProperty("input_file_id").GetString());
        Assert.Equal(JsonValueKind.Null, made.Json.GetProperty("error_file_id").ValueKind);
        Assert.Equal(batch, (await GetAsync("/v1/batches/" + batch)).Json.GetProperty("id").GetString());
        await SendAsync("POST", $"/v1/batches/{batch}/cancel", GatewayHost.Key);
        Assert.Equal("POST /v1/batches/batch_1/cancel", $"{_upstream.Exchanges[^1].Method} {_upstream.Exchanges[^1].Target}");
        var output = made.Json.GetProperty("output_file_id").GetString()!;
        Assert.Equal("line\n", (await GetAsync($"/v1/files/{output}/content")).Text);
        Assert.Equal("GET /v1/files/file-2/content", $"{_upstream.Exchanges[^1].Method} {_upstream.Exchanges[^1].Target}");
        var entries = await _gateway.LedgerAsync();
        Assert.All(entries, e => Assert.Equal((0, "completed", "up"), (e.GetProperty("cost_nano_usd").GetInt64(), e.GetProperty("outcome").GetString(), e.GetProperty("provider").GetString())));
    }

    [Fact]
    public async Task Upload_KeyWithoutAllModelsOfTheProvider_IsRefused()
    {
        var reply = await UploadRawAsync("/v1/files", GatewayHost.DisabledKey);

        Assert.Equal((400, "unsupported_operation"), (reply.Status, reply.ErrorCode));
        Assert.Empty(_upstream.Exchanges);
    }

    [Fact]
    public async Task Upload_UnknownProvider_IsRefused()
    {
        var reply = await UploadRawAsync("/v1/files?provider=nobody", GatewayHost.Key);

        Assert.Equal((400, "invalid_parameter"), (reply.Status, reply.ErrorCode));
    }

    [Fact]
    public async Task Content_BrokenOff_DoesNotEndLikeASuccess()
    {
        var id = await UploadAsync();
        _upstream.Enqueue(Script.Reply(200, "application/octet-stream").Write("a").Write("b").ThenClose());

        var reply = await GetAsync($"/v1/files/{id}/content");

        Assert.False(reply.IsProperEnd);
    }

    private async Task<string> UploadAsync(string id = "file-1")
    {
        _upstream.Enqueue(Script.Json(FileAtProvider.Replace("file-1", id, StringComparison.Ordinal)));
        return (await UploadRawAsync("/v1/files?provider=up", GatewayHost.Key)).Json.GetProperty("id").GetString()!;
    }

    private async Task<RawReply> UploadRawAsync(string path, string key)
    {
        using var form = new MultipartFormDataContent { { new StringContent("batch"), "purpose" }, { new ByteArrayContent("{}\n"u8.ToArray()), "file", "in.jsonl" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = form };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return await RawReply.ReadAsync(await _gateway.Client.SendAsync(request));
    }

    private Task<RawReply> GetAsync(string path) => SendAsync("GET", path, GatewayHost.Key);

    private async Task<RawReply> SendAsync(string method, string path, string key, string? json = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), path) { Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return await RawReply.ReadAsync(await _gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));
    }
}
