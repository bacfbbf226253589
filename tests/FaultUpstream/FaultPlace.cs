namespace FaultUpstream;

/// <summary>What a provider must be reached by for a fault to happen.</summary>
internal enum FaultPlace
{
    /// <summary>A server that speaks HTTP/1.1.</summary>
    Plain,

    /// <summary>A server that speaks HTTP/2 over TLS, with a certificate that is trusted.</summary>
    Http2,

    /// <summary>A server with a certificate that nobody trusts.</summary>
    Untrusted,

    /// <summary>An address that refuses connections.</summary>
    Refused,

    /// <summary>A name that nobody knows.</summary>
    Unresolved,
}
