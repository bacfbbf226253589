namespace TestSidecar;

/// <summary>An application's HTTP address and its consumer group: each event goes to one application of every group.</summary>
/// <param name="Group">The group, Dapr's app id.</param>
/// <param name="Address">Such as <c>http://127.0.0.1:8080</c>.</param>
public sealed record AppAddress(string Group, Uri Address)
{
    /// <summary>Reads <c>URL</c> or <c>GROUP=URL</c>.</summary>
    public static AppAddress Parse(string text)
    {
        var equals = text.IndexOf("=http", StringComparison.Ordinal);
        return equals < 0 ? new AppAddress("gateway", new Uri(text)) : new AppAddress(text[..equals], new Uri(text[(equals + 1)..]));
    }
}
