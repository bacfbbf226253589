namespace TestSidecar.State;

/// <summary>A write met another ETag, or its own is none.</summary>
/// <param name="isInvalid">True when the ETag cannot be one of this store.</param>
internal sealed class ETagException(bool isInvalid) : Exception(isInvalid ? "possible etag mismatch. invalid etag" : "possible etag mismatch. error from state store")
{
    /// <summary>True when the ETag cannot be one of this store.</summary>
    public bool IsInvalid { get; } = isInvalid;
}
