using System.Text.Json;
using Gateway.Admission.Roles;
using Gateway.Audit;
using Gateway.Errors;
using GatewayApi.Endpoints;
using GatewayApi.Endpoints.Admin;
using GatewayApi.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Endpoints.Admin;

/// <summary>What becomes of failures and refusals before and behind an endpoint.</summary>
public class AdminAnswersTests
{
    private readonly CountingLog _log = new();

    [Fact]
    public async Task Run_StateStoreAway_Is503ToTryAgain()
    {
        var (http, problem) = await RunAsync(_ => throw new Gateway.State.StateUnavailableException("away"), new RoleSource());

        Assert.Equal((503, "state_unavailable"), (http.Response.StatusCode, problem.GetProperty("code").GetString()));
        Assert.Equal("5", http.Response.Headers.RetryAfter);
        Assert.Empty(_log.Denials);
    }

    [Fact]
    public async Task Run_BrokenJournal_Is503AndTellsNothing()
    {
        var (http, problem) = await RunAsync(_ => throw new InvalidDataException("Record 3 was edited."), new RoleSource());

        Assert.Equal(503, http.Response.StatusCode);
        Assert.DoesNotContain("Record 3", problem.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ASourceThatRefuses_DecidesBeforeTheNext()
    {
        var (http, problem) = await RunAsync(_ => Task.CompletedTask, new Refusing(), new RoleSource());

        Assert.Equal((401, "expired_api_key"), (http.Response.StatusCode, problem.GetProperty("code").GetString()));
        Assert.Equal([("anonymous", "expired_api_key", "GET /admin/things")], _log.Denials);
    }

    [Fact]
    public async Task Run_NoSourceKnowsTheToken_Is401()
    {
        var (http, problem) = await RunAsync(_ => Task.CompletedTask);

        Assert.Equal((401, "missing_api_key"), (http.Response.StatusCode, problem.GetProperty("code").GetString()));
        http = Context();
        http.Request.Headers.Authorization = "Bearer something";
        await Access([]).RunAsync(http, Endpoint(_ => Task.CompletedTask));
        Assert.Equal("invalid_api_key", (await ReadAsync(http)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Run_HandlerForbids_IsCountedWithTheActor()
    {
        await RunAsync(_ => throw new ProblemException(new GatewayError(ErrorKinds.Forbidden, "not yours")), new RoleSource());

        Assert.Equal([("test:owner", "forbidden", "GET /admin/things")], _log.Denials);
    }

    private async Task<(HttpContext Http, JsonElement Problem)> RunAsync(Func<AdminCall, Task> handler, params IPrincipalSource[] sources)
    {
        var http = Context();
        if (sources.Length > 0)
            http.Request.Headers[RoleSource.Header] = "owner";
        await Access(sources).RunAsync(http, Endpoint(handler));
        return (http, await ReadAsync(http));
    }

    private AdminAccess Access(IPrincipalSource[] sources) => new(sources, _log, NullLogger<AdminAccess>.Instance);

    private static AdminEndpoint Endpoint(Func<AdminCall, Task> handler) => new("GET /admin/things", Permission.TeamsView, new EndpointDescription("things", "Things"), handler);

    private static DefaultHttpContext Context() => new() { Request = { Method = "GET", Path = "/admin/things" }, Response = { Body = new MemoryStream() } };

    private static async Task<JsonElement> ReadAsync(HttpContext http)
    {
        await http.Response.BodyWriter.FlushAsync(); // as the server does after an endpoint
        return http.Response.Body.Length == 0 ? default : JsonDocument.Parse(((MemoryStream)http.Response.Body).ToArray()).RootElement;
    }

    private sealed class Refusing : IPrincipalSource
    {
        public ValueTask<AdminIdentity?> AuthenticateAsync(HttpContext http) => new(AdminIdentity.Refused(new GatewayError(ErrorKinds.ExpiredKey, "The token has expired.")));
    }

    private sealed class CountingLog : IAuditLog
    {
        public List<(string Actor, string Code, string Subject)> Denials { get; } = [];

        public Task AppendAsync(AuditEvent happened, CancellationToken cancellation = default) => Task.CompletedTask;

        public void Denied(string actor, string code, string subject) => Denials.Add((actor, code, subject));
    }
}
