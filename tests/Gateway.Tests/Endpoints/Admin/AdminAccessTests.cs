using Gateway.Admission.Roles;
using Gateway.Audit;
using Gateway.State.Journal;
using Gateway.Tests.Testing;
using GatewayApi.Endpoints.Admin;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Tests.Endpoints.Admin;

/// <summary>Every endpoint of the admin API for every role, as they are mapped: none can be forgotten.</summary>
public sealed class AdminAccessTests(AdminGateway gateway) : IClassFixture<AdminGateway>
{
    private static readonly string[] Callers = [.. Enum.GetValues<Role>().Select(RoleNames.Of), "none"];

    [Fact]
    public void Mapped_UnderAdmin_AllDeclareAPermission()
    {
        var mapped = Mapped();
        Assert.True(mapped.Length >= 28, $"{mapped.Length} endpoints");
        Assert.All(mapped, endpoint =>
        {
            var admin = endpoint.Metadata.GetMetadata<AdminEndpoint>();
            Assert.True(admin is not null, $"{endpoint.RoutePattern.RawText} declares no permission.");
            Assert.Equal(admin.Name, $"{endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Single()} {endpoint.RoutePattern.RawText}");
        });
    }

    [Fact]
    public async Task Mapped_UnderAdminWithLogin_OnlyWhereOneLogsInIsOpen()
    {
        await using var host = await GatewayHost.StartAsync(""" "login": { "oidc": { "authority": "https://login.invalid", "clientId": "gateway" }, "roles": { "map": { "admins": "admin" } } } """);

        Assert.Equal(["/admin/login"], Mapped(host).Where(e => e.Metadata.GetMetadata<AdminEndpoint>() is null).Select(e => e.RoutePattern.RawText!));
    }

    [Fact]
    public async Task EveryEndpoint_ForEveryRole_IsAsTheTableSays()
    {
        var wrong = new List<string>();
        foreach (var endpoint in Mapped().Select(e => e.Metadata.GetMetadata<AdminEndpoint>()!))
        {
            foreach (var caller in Callers)
            {
                var roles = RoleNames.Parse(caller) is { } role ? new HashSet<Role> { role } : [];
                var isAllowed = Grant.Of(new Principal(caller, roles), endpoint.Permission) is not null;
                var reply = await CallAsync(endpoint, caller);
                // What is allowed may still fail for what it is about: there is no entity of that id, the body says nothing.
                var isDenied = reply.Status == 403 && reply.Text.Contains("none of your roles", StringComparison.Ordinal);
                if (isDenied == isAllowed || reply.Status is 401 or >= 500)
                    wrong.Add($"{caller}: {endpoint.Name} {reply.Status} {reply.Text}");
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task EveryEndpoint_ForNobody_Is401AndNeverCached()
    {
        foreach (var endpoint in Mapped().Select(e => e.Metadata.GetMetadata<AdminEndpoint>()!))
        {
            var reply = await CallAsync(endpoint, "");
            Assert.Equal((401, "missing_api_key"), (reply.Status, reply.ErrorCode));
            Assert.True(reply.Headers.CacheControl!.NoStore, endpoint.Name);
            Assert.Equal("Bearer", reply.Headers.WwwAuthenticate.Single().Scheme);
        }
    }

    [Theory]
    [InlineData("cookie", 403)]
    [InlineData("cookie, x-gateway-csrf", 404)]
    [InlineData("cookie, same-origin", 404)]
    [InlineData("cookie, cross-site", 403)]
    [InlineData("cookie, same-site, own origin", 403)]
    [InlineData("cookie, own origin", 404)]
    [InlineData("cookie, other origin", 403)]
    [InlineData("header, cross-site", 404)]
    public async Task Change_FromABrowser_NeedsToComeFromHere(string how, int status)
    {
        var headers = new List<(string, string)>();
        foreach (var word in how.Split(", "))
        {
            headers.Add(word switch
            {
                "cookie" => ("Cookie", "role=owner"),
                "header" => (RoleSource.Header, "owner"),
                "x-gateway-csrf" => ("x-gateway-csrf", "1"),
                "own origin" => ("Origin", gateway.Host.BaseUri.GetLeftPart(UriPartial.Authority)),
                "other origin" => ("Origin", "https://evil.example"),
                _ => ("Sec-Fetch-Site", word),
            });
        }

        var reply = await gateway.CallAsync("POST", "/admin/keys/nobody/disable", null, "", [.. headers]);
        var read = await gateway.CallAsync("GET", "/admin/me", null, "", [.. headers]);

        Assert.Equal(status, reply.Status);
        Assert.Equal(status == 403 ? "cross_site_request" : "entity_not_found", reply.ErrorCode);
        Assert.Equal(200, read.Status);
    }

    [Fact]
    public async Task Denials_WhenTheLogIsClosed_AreRecordedByClass()
    {
        var own = new AdminGateway();
        await own.InitializeAsync();
        await using var host = own.Host;
        await own.CallAsync("PUT", "/admin/teams/a", "{}", "auditor");
        await own.CallAsync("PUT", "/admin/teams/b", "{}", "auditor");
        await own.CallAsync("GET", "/admin/teams", null, "");
        await own.CallAsync("PUT", "/admin/users/ben", """{"team":"filed"}""", "team-admin");
        await ((IAsyncDisposable)host.Get<IAuditLog>()).DisposeAsync();

        var records = await host.Get<StateJournal>().ReadAsync(0, 100);

        Assert.Equal(
            [
                """{"actor":"anonymous","subject":"GET /admin/teams","outcome":"missing_api_key","detail":{"count":1}}""",
                """{"actor":"test:auditor","subject":"PUT /admin/teams/{id}","outcome":"forbidden","detail":{"count":2}}""",
                """{"actor":"test:team-admin","subject":"PUT /admin/users/{id}","outcome":"forbidden","detail":{"count":1}}""",
            ],
            records.Where(r => r.Kind == AuditBody.DeniedAction).Select(r => System.Text.Encoding.UTF8.GetString(r.Body.Span)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Me_ForARole_SaysWhoAndWhat()
    {
        var me = (await gateway.CallAsync("GET", "/admin/me", null, "team-admin")).Json;

        Assert.Equal("test:team-admin", me.GetProperty("id").GetString());
        Assert.Equal("core", me.GetProperty("teams")[0].GetString());
        Assert.Equal("own-teams", me.GetProperty("permissions").GetProperty("keys-change")[0].GetString());
        Assert.False(me.GetProperty("permissions").TryGetProperty("audit-view", out _));
    }

    [Fact]
    public async Task Unknown_UnderAdmin_IsAProblemToo()
    {
        using var reply = await gateway.SendAsync("GET", "/admin/nothing");

        Assert.Equal((404, "application/problem+json"), ((int)reply.StatusCode, reply.Content.Headers.ContentType!.MediaType));
    }

    private RouteEndpoint[] Mapped(GatewayHost? host = null) =>
        [.. (host ?? gateway.Host).Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(e => e.RoutePattern.RawText!.TrimStart('/').StartsWith("admin", StringComparison.OrdinalIgnoreCase))];

    private Task<Surfaces.RawReply> CallAsync(AdminEndpoint endpoint, string role)
    {
        var (method, pattern) = (endpoint.Name.Split(' ')[0], endpoint.Name.Split(' ')[1]);
        // A dry run where there is one, so that no call changes what the next one finds.
        var query = endpoint.Description.Parameters.Any(p => p.Name == "dryRun") ? "?dryRun=true" : "";
        var json = endpoint.Description.Request is null ? null : "{}";
        return gateway.CallAsync(method, pattern.Replace("{id}", "nobody", StringComparison.Ordinal) + query, json, role);
    }
}
