namespace Gateway.Transport;

/// <summary>One frame of a streamed body (a server-sent event, a line, a binary message), as it arrived. Valid until the reader is asked for the next one.</summary>
/// <param name="raw">Every byte of the frame, line ends and closing blank line included.</param>
/// <param name="data">The payload; for server-sent events the <c>data</c> lines joined by LF.</param>
/// <param name="hasData">False for frames without a payload, such as comments.</param>
internal readonly ref struct StreamFrame(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> data, bool hasData)
{
    /// <summary>Every byte of the frame, line ends and closing blank line included.</summary>
    public ReadOnlySpan<byte> Raw { get; } = raw;

    /// <summary>The payload; for server-sent events the <c>data</c> lines joined by LF.</summary>
    public ReadOnlySpan<byte> Data { get; } = data;

    /// <summary>False for frames without a payload, such as comments.</summary>
    public bool HasData { get; } = hasData;

    /// <summary>The type where the framing itself carries one (Amazon's <c>:event-type</c> or <c>:exception-type</c>); empty elsewhere.</summary>
    public ReadOnlySpan<byte> Type { get; init; }

    /// <summary>Whether the framing itself says that this is an exception or error (Amazon's <c>:message-type</c>).</summary>
    public bool IsException { get; init; }
}
