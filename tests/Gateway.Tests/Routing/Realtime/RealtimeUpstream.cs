using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Routing.Realtime;

/// <summary>A real server of WebSockets that hands each one to the test, or refuses it with a status.</summary>
internal sealed class RealtimeUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<Session> _sessions = Channel.CreateUnbounded<Session>();

    private RealtimeUpstream(WebApplication app) => _app = app;

    /// <summary>Where to reach it: <c>http://127.0.0.1:PORT/v1</c>.</summary>
    public string BaseUri => _app.Urls.First() + "/v1";

    /// <summary>A status and a body to refuse with, instead of opening.</summary>
    public (int Status, string Body)? Refusal { get; set; }

    /// <summary>The subprotocol it chooses.</summary>
    public string? Protocol { get; set; }

    public static async Task<RealtimeUpstream> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var upstream = new RealtimeUpstream(app);
        app.UseWebSockets();
        app.Run(upstream.ServeAsync);
        await app.StartAsync();
        return upstream;
    }

    /// <summary>The next session that was opened; at most 30 s.</summary>
    public async Task<Session> SessionAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await _sessions.Reader.ReadAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext http)
    {
        if (Refusal is var (status, body))
        {
            http.Response.StatusCode = status;
            await http.Response.WriteAsync(body);
            return;
        }

        using var socket = await http.WebSockets.AcceptWebSocketAsync(Protocol);
        var session = new Session(http, socket);
        _sessions.Writer.TryWrite(session);
        await session.Over.Task;
    }

    /// <summary>The provider's side of a session.</summary>
    internal sealed class Session(HttpContext http, WebSocket socket) : IAsyncDisposable
    {
        public TaskCompletionSource Over { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public WebSocket Socket { get; } = socket;

        public string PathAndQuery { get; } = http.Request.Path + http.Request.QueryString;

        public Dictionary<string, string> Headers { get; } = http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);

        public Task SendAsync(string text) => Socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);

        public void Cut() => http.Abort();

        public ValueTask DisposeAsync()
        {
            Over.TrySetResult();
            return ValueTask.CompletedTask;
        }
    }
}
