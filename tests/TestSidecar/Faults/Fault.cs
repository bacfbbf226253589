namespace TestSidecar.Faults;

/// <summary>What a call can meet.</summary>
public enum Fault
{
    /// <summary>A conditional write is refused as if somebody else had written.</summary>
    Conflict,

    /// <summary>The connection is cut before anything is done.</summary>
    Drop,

    /// <summary>A write, a publication or a delivery is done, and its answer lost with the connection.</summary>
    LostAnswer,

    /// <summary>The call is answered as unavailable.</summary>
    Unavailable,

    /// <summary>An event is delivered twice.</summary>
    Duplicate,
}
