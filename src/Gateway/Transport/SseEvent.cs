namespace Gateway.Transport;

/// <summary>One event of a server-sent event stream, as it arrived. Valid until the reader is asked for the next one.</summary>
/// <param name="raw">Every byte of the event, line ends and closing blank line included.</param>
/// <param name="data">The payload: the <c>data</c> lines joined by LF.</param>
/// <param name="hasData">False for blocks without a <c>data</c> line, such as comments.</param>
internal readonly ref struct SseEvent(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> data, bool hasData)
{
    /// <summary>Every byte of the event, line ends and closing blank line included.</summary>
    public ReadOnlySpan<byte> Raw { get; } = raw;

    /// <summary>The payload: the <c>data</c> lines joined by LF.</summary>
    public ReadOnlySpan<byte> Data { get; } = data;

    /// <summary>False for blocks without a <c>data</c> line, such as comments.</summary>
    public bool HasData { get; } = hasData;
}
