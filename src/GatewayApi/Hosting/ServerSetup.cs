using Gateway.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace GatewayApi.Hosting;

/// <summary>Kestrel's limits and what is logged.</summary>
internal static class ServerSetup
{
    public static void Configure(WebApplicationBuilder builder, GatewayConfig config)
    {
        ConfigureLogging(builder.Logging, config.Logging);
        builder.WebHost.UseKestrelCore();
        // A connection at rest keeps a buffer (4 KiB) and saves each of its requests a system call.
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.WaitForDataBeforeAllocatingBuffer = false);
        if (config.Server.Http2Urls.Count == 0)
            builder.WebHost.UseUrls([.. config.Server.Urls]);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            if (config.Server.Http2Urls.Count > 0)
                kestrel.Configure(Listeners(config.Server));
            var limits = kestrel.Limits;
            limits.MaxRequestBodySize = null; // the intake refuses, with an error the client's SDK understands
            limits.MaxConcurrentConnections = 4L * config.Limits.MaxConcurrentRequests; // idle keep-alive connections come on top
            limits.MaxRequestHeadersTotalSize = 32 * 1024;
            limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(10));
            limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(10));
            limits.Http2.MaxStreamsPerConnection = 1000;
        });
    }

    /// <summary>Addresses with a protocol each, which addresses alone can't say.</summary>
    private static IConfiguration Listeners(ServerConfig server)
    {
        var settings = new Dictionary<string, string?>();
        for (var i = 0; i < server.Urls.Count; i++)
            settings[$"Endpoints:http1-{i:D3}:Url"] = server.Urls[i];
        for (var i = 0; i < server.Http2Urls.Count; i++)
        {
            settings[$"Endpoints:http2-{i:D3}:Url"] = server.Http2Urls[i];
            settings[$"Endpoints:http2-{i:D3}:Protocols"] = "Http2";
        }

        return new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
    }

    private static void ConfigureLogging(ILoggingBuilder logging, LoggingConfig config)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(config.Level);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // It writes nothing we want, but would make an activity and a log scope for every request.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // Its only error is the exception that ends an incomplete reply; what fails in our own code is logged by our own barrier.
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Critical);
        // It logs what Program tells in one line.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        if (config.Json)
            logging.AddJsonConsole(options => (options.TimestampFormat, options.UseUtcTimestamp) = ("yyyy-MM-ddTHH:mm:ss.fffZ", true));
        else
            logging.AddSimpleConsole(options => options.SingleLine = true);
    }
}
