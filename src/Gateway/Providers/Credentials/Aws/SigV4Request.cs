namespace Gateway.Providers.Credentials.Aws;

/// <summary>A request as AWS Signature Version 4 sees it.</summary>
/// <param name="Method">The method, upper case.</param>
/// <param name="Path">The path as it goes on the wire.</param>
/// <param name="Query">The query as it goes on the wire, without '?'; may be empty.</param>
/// <param name="Headers">The headers to sign, <c>Host</c> and <c>X-Amz-Date</c> among them, in the order they are sent.</param>
/// <param name="PayloadHash">SHA-256 of the body: 64 lower-case hexadecimal digits.</param>
/// <param name="Timestamp">The value of <c>X-Amz-Date</c>: <c>20150830T123600Z</c>.</param>
internal readonly record struct SigV4Request(
    string Method, string Path, string Query, IReadOnlyList<KeyValuePair<string, string>> Headers, string PayloadHash, string Timestamp)
{
    /// <summary>The day of <see cref="Timestamp"/>: <c>20150830</c>.</summary>
    public string Date => Timestamp[..8];
}
