namespace FaultUpstream;

/// <summary>Where a reply goes: one exchange of a connection.</summary>
internal abstract class ReplyPort
{
    /// <summary>Cancelled when the client leaves.</summary>
    public abstract CancellationToken Gone { get; }

    /// <summary>Whether the connection may serve another request afterwards.</summary>
    public bool KeepsAlive { get; set; } = true;

    /// <summary>Sends a head.</summary>
    /// <param name="status">HTTP status.</param>
    /// <param name="length">Content length in bytes; null when the body is open-ended.</param>
    /// <param name="headers">Headers.</param>
    public abstract Task HeadAsync(int status, long? length, params (string Name, string Value)[] headers);

    /// <summary>Sends a part of the body.</summary>
    public abstract Task BodyAsync(ReadOnlyMemory<byte> bytes);

    /// <summary>Ends the body properly.</summary>
    public abstract Task EndAsync();

    /// <summary>Sends bytes past all framing.</summary>
    public abstract Task RawAsync(ReadOnlyMemory<byte> bytes);

    /// <summary>Breaks the connection with a reset.</summary>
    public abstract void Reset();

    /// <summary>Says that nothing more will be sent, and goes on listening until the client leaves.</summary>
    public abstract Task HalfCloseAsync();

    /// <summary>Says that the connection ends, and ends it.</summary>
    /// <param name="took">Whether this request counts as taken up.</param>
    public virtual Task GoAwayAsync(bool took) => throw new NotSupportedException("Only HTTP/2 says that it goes away.");
}
