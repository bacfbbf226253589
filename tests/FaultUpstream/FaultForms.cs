namespace FaultUpstream;

/// <summary>In which forms of reply a fault makes sense.</summary>
[Flags]
internal enum FaultForms
{
    /// <summary>Streams.</summary>
    Streamed = 1,

    /// <summary>Whole replies.</summary>
    Whole = 2,

    /// <summary>Both.</summary>
    Both = Streamed | Whole,
}
