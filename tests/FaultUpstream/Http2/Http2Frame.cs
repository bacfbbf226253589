namespace FaultUpstream.Http2;

/// <summary>A frame of HTTP/2.</summary>
internal readonly record struct Http2Frame(Http2FrameType Type, byte Flags, int Stream, byte[] Payload)
{
    /// <summary>Ends the stream; of SETTINGS and PING: acknowledges.</summary>
    public const byte EndOrAck = 1;

    /// <summary>The headers are all there.</summary>
    public const byte EndHeaders = 4;

    /// <summary>The frame's bytes.</summary>
    public byte[] ToBytes() =>
    [
        (byte)(Payload.Length >> 16), (byte)(Payload.Length >> 8), (byte)Payload.Length, (byte)Type, Flags,
        (byte)(Stream >> 24), (byte)(Stream >> 16), (byte)(Stream >> 8), (byte)Stream, .. Payload,
    ];

    /// <summary>Reads one; null at the end.</summary>
    public static async Task<Http2Frame?> ReadAsync(Stream stream)
    {
        var head = new byte[9];
        if (await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false) < head.Length)
            return null;
        var payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
        await stream.ReadExactlyAsync(payload);
        return new Http2Frame((Http2FrameType)head[3], head[4], ((head[5] & 0x7F) << 24) | (head[6] << 16) | (head[7] << 8) | head[8], payload);
    }
}
