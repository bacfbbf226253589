namespace FaultUpstream.Http2;

/// <summary>The frames of HTTP/2 that are told apart here.</summary>
internal enum Http2FrameType : byte
{
    Data = 0,
    Headers = 1,
    ResetStream = 3,
    Settings = 4,
    Ping = 6,
    GoAway = 7,
}
