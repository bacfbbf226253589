using System.Security.Cryptography.X509Certificates;

namespace FaultUpstream;

/// <summary>How a <see cref="FaultServer"/> is.</summary>
internal sealed record FaultServerOptions
{
    /// <summary>What its answers begin with, so that it can be told who answered.</summary>
    public string Name { get; init; } = "primary";

    /// <summary>Words of an answer, 6 or more.</summary>
    public int Words { get; init; } = 12;

    /// <summary>Between two events of a stream.</summary>
    public TimeSpan Pace { get; init; }

    /// <summary>How long a slow first token takes, and a pause that is longer than any limit on waiting but not endless.</summary>
    public TimeSpan Slow { get; init; } = TimeSpan.FromSeconds(2.5);

    /// <summary>Between two bytes that trickle.</summary>
    public TimeSpan Trickle { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>TLS with this certificate, and HTTP/2 where the client speaks it; null: plain HTTP/1.1.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The clock of arrival times and pauses.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>False keeps counts only, for long runs.</summary>
    public bool Remembers { get; init; } = true;

    /// <summary>What happens to requests of a model that has no schedule of its own; null: what the model's name says.</summary>
    public FaultSchedule? Schedule { get; init; }
}
