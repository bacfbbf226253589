using System.Net.Http.Headers;
using System.Text.Json;
using Gateway.Tests.Surfaces;

namespace Gateway.Tests.Endpoints.Admin;

public sealed class AdminEntityTests(AdminGateway gateway) : IClassFixture<AdminGateway>
{
    [Fact]
    public async Task Team_PutReadPutAgainDelete_IsAsTheLastSaid()
    {
        var made = await CallAsync("PUT", "/admin/teams/life", """{"name":"Life","models":["*"]}""");
        Assert.Equal((201, "created", "/admin/teams/life"), (made.Status, Outcome(made), made.Headers.Location!.ToString()));
        var shown = await CallAsync("GET", "/admin/teams/life");
        Assert.Equal("""{"id":"life","name":"Life","models":["*"]}""", shown.Text);
        Assert.Equal(made.Headers.ETag, shown.Headers.ETag);
        Assert.Equal("api", shown.Headers.GetValues("x-gateway-managed-by").Single());

        var same = await CallAsync("PUT", "/admin/teams/life", shown.Text);
        Assert.Equal((200, "unchanged", made.Headers.ETag), (same.Status, Outcome(same), same.Headers.ETag));
        var other = await CallAsync("PUT", "/admin/teams/life", """{"name":"Other","models":["*"]}""", ("If-Match", made.Headers.ETag!.Tag));
        Assert.Equal((200, "changed"), (other.Status, Outcome(other)));
        Assert.NotEqual(made.Headers.ETag, other.Headers.ETag);
        Assert.Equal((412, "version_differs"), Short(await CallAsync("DELETE", "/admin/teams/life", null, ("If-Match", made.Headers.ETag.Tag))));
        var gone = await CallAsync("DELETE", "/admin/teams/life", null, ("If-Match", other.Headers.ETag!.Tag));
        Assert.Equal((204, "deleted", ""), (gone.Status, Outcome(gone), gone.Text));
        Assert.Equal((404, "entity_not_found"), Short(await CallAsync("DELETE", "/admin/teams/life")));
        Assert.Equal((404, "entity_not_found"), Short(await CallAsync("GET", "/admin/teams/life")));
    }

    [Theory]
    [InlineData("PUT", "/admin/teams/x", """{"nmae":"x"}""", 422, "invalid_entity")]
    [InlineData("PUT", "/admin/teams/x", """{"id":"y"}""", 422, "invalid_entity")]
    [InlineData("PUT", "/admin/teams/x", "{", 422, "invalid_entity")]
    [InlineData("PUT", "/admin/teams/x", """{"customer":"nobody"}""", 422, "invalid_entity")]
    [InlineData("PUT", "/admin/teams/-", "{}", 422, "invalid_entity")]
    [InlineData("PUT", "/admin/keys/x", """{"models":["*"],"hashes":[]}""", 422, "invalid_entity")]
    [InlineData("PUT", "/admin/keys/x", """{"models":["*"],"value":"gw-1"}""", 422, "invalid_entity")]
    [InlineData("PUT", "/admin/keys/x", "{}", 422, "invalid_entity")]
    [InlineData("PUT", "/admin/teams/filed", "{}", 409, "file_managed")]
    [InlineData("DELETE", "/admin/teams/filed", null, 409, "file_managed")]
    [InlineData("POST", "/admin/keys/test/rotate", null, 409, "file_managed")]
    [InlineData("POST", "/admin/keys/test/disable", null, 409, "file_managed")]
    [InlineData("PUT", "/admin/teams/x?dryRun=yes", "{}", 400, "invalid_parameter")]
    [InlineData("PUT", "/admin/teams/x?dryrun=true", "{}", 400, "invalid_parameter")]
    [InlineData("GET", "/admin/teams?user=x", null, 400, "invalid_parameter")]
    [InlineData("GET", "/admin/teams?limit=201", null, 400, "invalid_parameter")]
    [InlineData("GET", "/admin/limits?team=a&user=b", null, 400, "invalid_parameter")]
    [InlineData("GET", "/admin/audit?cursor=x", null, 400, "invalid_parameter")]
    [InlineData("POST", "/admin/keys", """{"id":"mine","models":["*"]}""", 422, "invalid_entity")]
    [InlineData("POST", "/admin/audit/verify", "no anchor", 422, "invalid_entity")]
    public async Task Call_NotGood_IsTheProblem(string method, string path, string? json, int status, string code)
    {
        using var response = await gateway.SendAsync(method, path, json);
        var type = response.Content.Headers.ContentType;
        var reply = await RawReply.ReadAsync(response);

        Assert.Equal((status, code), Short(reply));
        Assert.Equal("application/problem+json", type?.MediaType);
        var problem = reply.Json;
        Assert.Equal($"docs/errors.md#{code}", problem.GetProperty("type").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        if (status == 422)
            Assert.All(problem.GetProperty("errors").EnumerateArray(), e => Assert.StartsWith("$", e.GetProperty("path").GetString(), StringComparison.Ordinal));
        Assert.NotEqual(0, status == 422 ? problem.GetProperty("errors").GetArrayLength() : 1);
    }

    [Theory]
    [InlineData("If-Match", "12")]
    [InlineData("If-Match", "\"1\", \"2\"")]
    [InlineData("If-None-Match", "\"1\"")]
    public async Task Put_ConditionThatIsNone_Is400(string header, string value) =>
        Assert.Equal((400, "invalid_parameter"), Short(await CallAsync("PUT", "/admin/teams/x", "{}", (header, value))));

    [Theory]
    [InlineData("If-Match", "*", "conditional-1", 412)]
    [InlineData("If-Match", "\"never\"", "conditional-2", 412)]
    [InlineData("If-Match", "\"0\"", "conditional-3", 412)]
    [InlineData("If-None-Match", "*", "conditional-4", 201)]
    public async Task Put_ConditionOnANewOne_HoldsOrNot(string header, string value, string id, int status) =>
        Assert.Equal(status, (await CallAsync("PUT", "/admin/teams/" + id, "{}", (header, value))).Status);

    [Fact]
    public async Task Put_NotJsonOrTooLarge_IsRefused()
    {
        using var client = new HttpClient { BaseAddress = gateway.Host.BaseUri };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Testing.GatewayHost.AdminKey);
        Assert.Equal((415, "unsupported_media_type"), Short(await RawReply.ReadAsync(await client.PutAsync("/admin/teams/x", new StringContent("{}")))));
        var large = JsonSerializer.Serialize(new string('x', 300_000));
        Assert.Equal((413, "request_too_large"), Short(await CallAsync("PUT", "/admin/teams/x", $$"""{"name":{{large}}}""")));
    }

    [Fact]
    public async Task Key_FromMakingToDeleting_ServesAccordingly()
    {
        var dry = await CallAsync("PUT", "/admin/keys/laptop?dryRun=true", """{"models":["simulator/*"]}""");
        Assert.Equal((200, "created", false), (dry.Status, Outcome(dry), dry.Json.TryGetProperty("value", out _)));
        Assert.Null(dry.Headers.ETag);
        var made = await CallAsync("PUT", "/admin/keys/laptop", """{"models":["simulator/*"]}""");
        var value = made.Json.GetProperty("value").GetString()!;
        Assert.Equal((201, 200), (made.Status, await UseAsync(value)));
        Assert.DoesNotContain(value, (await CallAsync("PUT", "/admin/keys/laptop", """{"models":["*"]}""")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hash", (await CallAsync("GET", "/admin/keys/laptop")).Text, StringComparison.Ordinal);

        var second = (await CallAsync("POST", "/admin/keys/laptop/rotate", """{"overlapSeconds":3600}""")).Json.GetProperty("value").GetString()!;
        Assert.Equal((200, 200), (await UseAsync(value), await UseAsync(second)));
        var third = (await CallAsync("POST", "/admin/keys/laptop/rotate")).Json.GetProperty("value").GetString()!;
        Assert.Equal((401, 200), (await UseAsync(second), await UseAsync(third)));

        Assert.Equal(200, (await CallAsync("POST", "/admin/keys/laptop/disable")).Status);
        Assert.Equal(401, await UseAsync(third));
        Assert.Equal("unchanged", Outcome(await CallAsync("POST", "/admin/keys/laptop/disable")));
        Assert.Equal(200, (await CallAsync("POST", "/admin/keys/laptop/enable")).Status);
        Assert.Equal(200, await UseAsync(third));
        Assert.Equal(204, (await CallAsync("DELETE", "/admin/keys/laptop?dryRun=true")).Status);
        Assert.Equal(200, await UseAsync(third));
        Assert.Equal(204, (await CallAsync("DELETE", "/admin/keys/laptop")).Status);
        Assert.Equal(401, await UseAsync(third));
        Assert.Equal((404, "entity_not_found"), Short(await CallAsync("POST", "/admin/keys/laptop/rotate")));
    }

    [Theory]
    [InlineData("""{"overlapSeconds":-1}""", "$.overlapSeconds")]
    [InlineData("""{"overlapSeconds":2592001}""", "$.overlapSeconds")]
    [InlineData("""{"overlapSeconds":"1"}""", "$.overlapSeconds")]
    [InlineData("""{"overlap":1}""", "$.overlap")]
    [InlineData("[]", "$")]
    [InlineData("{", "$")]
    public async Task Rotate_BodyNotGood_NamesThePath(string json, string path)
    {
        var reply = await CallAsync("POST", "/admin/keys/none/rotate", json);

        Assert.Equal((422, path), (reply.Status, reply.Json.GetProperty("errors")[0].GetProperty("path").GetString()));
    }

    [Fact]
    public async Task Key_MadeWithoutAnId_GetsOneAndAValue()
    {
        var made = await CallAsync("POST", "/admin/keys", """{"name":"CI","models":["simulator/*"]}""");
        var id = made.Json.GetProperty("id").GetString()!;

        Assert.Equal((201, $"/admin/keys/{id}"), (made.Status, made.Headers.Location!.ToString()));
        Assert.Matches("^key-[a-z2-9]{12}$", id);
        Assert.Equal(200, await UseAsync(made.Json.GetProperty("value").GetString()!));
    }

    [Fact]
    public async Task Lists_FilteredAndPaged_ShowWhatBelongs()
    {
        await CallAsync("PUT", "/admin/customers/listed", "{}");
        await CallAsync("PUT", "/admin/teams/listed", """{"customer":"listed","models":["*"]}""");
        await CallAsync("PUT", "/admin/users/listed", """{"team":"listed"}""");
        foreach (var id in (string[])["l1", "l2", "l3"])
            await CallAsync("PUT", "/admin/keys/" + id, """{"user":"listed"}""");
        await CallAsync("PUT", "/admin/keys/l4", """{"team":"listed"}""");

        Assert.Equal(["l1", "l2", "l3", "l4"], await IdsAsync("/admin/keys?team=listed&limit=2"));
        Assert.Equal(["l1", "l2", "l3", "l4"], await IdsAsync("/admin/keys?customer=listed&limit=1"));
        Assert.Equal(["l1", "l2", "l3"], await IdsAsync("/admin/keys?user=listed&limit=3"));
        Assert.Equal(["listed"], await IdsAsync("/admin/users?customer=listed&limit=10"));
        Assert.Empty(await IdsAsync("/admin/users?team=none&limit=1"));
        var filed = (await CallAsync("GET", "/admin/teams?limit=200")).Json.GetProperty("data").EnumerateArray().Single(e => e.GetProperty("managedBy").ValueEquals("file"));
        Assert.Equal((JsonValueKind.Null, "filed"), (filed.GetProperty("etag").ValueKind, filed.GetProperty("entity").GetProperty("id").GetString()));
        Assert.Equal((422, "invalid_entity"), Short(await CallAsync("DELETE", "/admin/teams/listed")));
    }

    [Fact]
    public async Task TeamAdmin_InTheirTeam_ChangesItAndNothingElse()
    {
        await CallAsync("PUT", "/admin/teams/core", """{"models":["simulator/*"]}""");
        await CallAsync("PUT", "/admin/users/stranger", """{"team":"filed"}""");

        Assert.Equal(201, (await AsAsync("team-admin", "PUT", "/admin/users/dora", """{"team":"core"}""")).Status);
        Assert.Equal(201, (await AsAsync("team-admin", "POST", "/admin/keys", """{"user":"dora"}""")).Status);
        Assert.Equal((422, "invalid_entity"), Short(await AsAsync("team-admin", "POST", "/admin/keys", """{"user":"dora","models":["*"]}""")));
        Assert.Equal((403, "forbidden"), Short(await AsAsync("team-admin", "PUT", "/admin/users/stranger", """{"team":"core"}""")));
        Assert.Equal((404, "entity_not_found"), Short(await AsAsync("team-admin", "GET", "/admin/users/stranger")));
        Assert.DoesNotContain("stranger", (await AsAsync("team-admin", "GET", "/admin/users")).Text, StringComparison.Ordinal);
        Assert.Equal((403, "forbidden"), Short(await AsAsync("developer", "PUT", "/admin/keys/doras", """{"user":"dora"}""")));
    }

    [Fact]
    public async Task Ledger_ScopedCaller_SeesTheirOwnOnly()
    {
        Assert.Equal(200, (await AsAsync("team-admin", "GET", "/admin/ledger")).Status);
        Assert.Equal(200, (await AsAsync("team-admin", "GET", "/admin/ledger?team=core")).Status);
        Assert.Equal((403, "forbidden"), Short(await AsAsync("team-admin", "GET", "/admin/ledger?team=other")));
        Assert.Equal(200, (await AsAsync("developer", "GET", "/admin/ledger")).Status);
        Assert.Equal((403, "forbidden"), Short(await AsAsync("developer", "GET", "/admin/ledger?user=other")));
    }

    private async Task<List<string>> IdsAsync(string path)
    {
        var ids = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await CallAsync("GET", path + (cursor is null ? "" : "&cursor=" + cursor))).Json;
            ids.AddRange(page.GetProperty("data").EnumerateArray().Select(e => e.GetProperty("entity").GetProperty("id").GetString()!));
            cursor = page.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);
        return ids;
    }

    private async Task<int> UseAsync(string key)
    {
        using var client = new HttpClient { BaseAddress = gateway.Host.BaseUri };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await client.GetAsync("/v1/models");
        return (int)response.StatusCode;
    }

    private static (int Status, string? Code) Short(RawReply reply) => (reply.Status, reply.ErrorCode);

    private static string Outcome(RawReply reply) => reply.Headers.GetValues("x-gateway-outcome").Single();

    private Task<RawReply> CallAsync(string method, string path, string? json = null, params (string Name, string Value)[] headers) => gateway.CallAsync(method, path, json, null, headers);

    private Task<RawReply> AsAsync(string role, string method, string path, string? json = null) => gateway.CallAsync(method, path, json, role);
}
