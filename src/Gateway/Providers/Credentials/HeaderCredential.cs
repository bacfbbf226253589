using Gateway.Secrets;

namespace Gateway.Providers.Credentials;

/// <summary>A key in a header.</summary>
/// <param name="header">The header's name, e.g. <c>Authorization</c> or <c>api-key</c>.</param>
/// <param name="value">The header's whole value, scheme included.</param>
internal sealed class HeaderCredential(string header, Secret value) : IProviderCredential
{
    /// <summary>The header that carries the key.</summary>
    public string Header { get; } = header;

    /// <summary>The header's whole value.</summary>
    public Secret Value { get; } = value;

    public ValueTask ApplyAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        request.Headers.TryAddWithoutValidation(Header, Value.Reveal());
        return ValueTask.CompletedTask;
    }

    /// <summary>A key does not change by itself.</summary>
    public void Refused()
    {
    }

    public string Mask(string text)
    {
        var key = Value.Reveal().AsSpan().Trim();
        return SecretMask.Apply(text, key[(key.LastIndexOf(' ') + 1)..]);
    }
}
