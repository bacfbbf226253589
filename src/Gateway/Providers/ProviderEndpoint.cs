using System.Collections.Concurrent;
using System.Text;

namespace Gateway.Providers;

/// <summary>
/// The address of one operation of a provider. It may be a template: <c>{model}</c> stands for the model, and <c>{a|b}</c> for a where the
/// reply is whole and b where it is streamed. Safe to share.
/// </summary>
internal sealed class ProviderEndpoint
{
    /// <summary>How many addresses with a model in them are kept; further ones are built for each request.</summary>
    public const int LargestCache = 1_024;

    private const string Model = "{model}";

    private readonly Variant _whole;
    private readonly Variant _streamed;
    private int _kept;

    /// <summary>Compiles an address.</summary>
    /// <param name="baseUri">The provider's base address.</param>
    /// <param name="template">Path and, if any, query; <see cref="Fault"/> finds nothing wrong with it.</param>
    public ProviderEndpoint(Uri baseUri, string template)
    {
        var address = EndpointAddress.JoinText(baseUri, template);
        (Host, Port, Path) = (baseUri.Host, baseUri.Port, address[baseUri.GetLeftPart(UriPartial.Authority).Length..]);
        _whole = new Variant(Choose(address, second: false));
        var streamed = Choose(address, second: true);
        _streamed = streamed == _whole.Address ? _whole : new Variant(streamed);
    }

    /// <summary>Its host.</summary>
    public string Host { get; }

    /// <summary>Its port.</summary>
    public int Port { get; }

    /// <summary>Path and query as a template, for people.</summary>
    public string Path { get; }

    /// <summary>What is wrong with a template, or null.</summary>
    public static string? Fault(string template)
    {
        const string form = "must be a path such as \"/v1/chat/completions\": it begins with '/' and ends without one";
        if (template.Length < 2 || template[0] != '/' || template[^1] == '/') return form;
        foreach (var c in template)
        {
            if (c is <= ' ' or > '~' or '#' or '\\') return form + "; it has no spaces, '#', '\\' or characters beyond ASCII";
        }

        var rest = Choose(template, second: false).Replace(Model, "", StringComparison.Ordinal) + Choose(template, second: true).Replace(Model, "", StringComparison.Ordinal);
        return rest.AsSpan().ContainsAny('{', '}', '|') ? "has braces that are neither {model} nor {whole|streamed}" : null;
    }

    /// <summary>The address for a request.</summary>
    /// <param name="model">The model's id on the provider's wire; escaped here.</param>
    /// <param name="stream">Whether the reply is to be streamed.</param>
    public Uri For(string model, bool stream)
    {
        var variant = stream ? _streamed : _whole;
        if (variant.Fixed is { } uri || variant.Made!.TryGetValue(model, out uri)) return uri;
        uri = new Uri(variant.Address.Replace(Model, Escape(model), StringComparison.Ordinal));
        // Any caller may name models that are not there: what is kept has a bound.
        if (Volatile.Read(ref _kept) < LargestCache && Interlocked.Increment(ref _kept) <= LargestCache) variant.Made.TryAdd(model, uri);
        return uri;
    }

    // A name of dots only would climb out of its place in the path.
    private static string Escape(string model) =>
        model is "." or ".." ? model.Replace(".", "%252E", StringComparison.Ordinal) : Uri.EscapeDataString(model);

    private static string Choose(string template, bool second)
    {
        var chosen = new StringBuilder(template.Length);
        var rest = template.AsSpan();
        while (!rest.IsEmpty)
        {
            var open = rest.IndexOf('{');
            var close = open < 0 ? -1 : rest[open..].IndexOf('}') + open;
            var inside = close > open ? rest[(open + 1)..close] : default;
            var bar = inside.IndexOf('|');
            if (open < 0 || close <= open)
            {
                chosen.Append(rest);
                break;
            }

            chosen.Append(rest[..open]).Append(bar < 0 ? rest[open..(close + 1)] : second ? inside[(bar + 1)..] : inside[..bar]);
            rest = rest[(close + 1)..];
        }

        return chosen.ToString();
    }

    /// <summary>The address of whole, or of streamed, replies: fixed, or made for each model.</summary>
    private sealed class Variant(string address)
    {
        public string Address { get; } = address;

        public Uri? Fixed { get; } = address.Contains(Model, StringComparison.Ordinal) ? null : new Uri(address);

        public ConcurrentDictionary<string, Uri>? Made { get; } = address.Contains(Model, StringComparison.Ordinal) ? new() : null;
    }
}
