using System.Net;

namespace Gateway.Configuration;

/// <summary>The <c>server</c> section. Nothing of it can change without a restart.</summary>
internal sealed record ServerConfig
{
    /// <summary>Addresses to listen on; at least one.</summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://localhost:8080"];

    /// <summary>Addresses on which only HTTP/2 is spoken, from the first byte.</summary>
    public IReadOnlyList<string> Http2Urls { get; init; } = [];

    /// <summary>Directory of the ledger and the key store, relative to the working directory.</summary>
    public string DataDirectory { get; init; } = "data";

    /// <summary>Networks of the proxies whose <c>X-Forwarded-For</c> is believed.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>How long a stopping gateway lets requests finish: 0 to 1 hour, default 30 s.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a stopping gateway says that it is not ready, and still takes requests, before it closes its sockets: 0 to 5 minutes, default 0.</summary>
    public TimeSpan DrainDelay { get; init; }

    /// <summary>True: on Linux the gateway's threads are scheduled as batch work, and preempt no thread when they wake. False: as they were started.</summary>
    public bool BatchScheduling { get; init; } = true;
}
