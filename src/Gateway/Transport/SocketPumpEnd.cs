namespace Gateway.Transport;

/// <summary>Why a <see cref="SocketPump"/> passes nothing on any more.</summary>
internal enum SocketPumpEnd
{
    /// <summary>The sender closed its socket properly.</summary>
    Closed,

    /// <summary>The sender's connection broke.</summary>
    SenderLost,

    /// <summary>The receiver's connection broke.</summary>
    ReceiverLost,

    /// <summary>A message is larger than the limit.</summary>
    TooLarge,

    /// <summary>The tap forbade it.</summary>
    Withheld,
}
