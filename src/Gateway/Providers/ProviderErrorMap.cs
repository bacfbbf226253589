using Gateway.Errors;

namespace Gateway.Providers;

/// <summary>What a provider's own error codes mean, where the general rules would not know. Immutable.</summary>
internal sealed class ProviderErrorMap
{
    private readonly Dictionary<string, ErrorKind> _codes;
    private readonly Dictionary<int, ErrorKind> _statuses;
    private readonly IReadOnlyList<KeyValuePair<string, ErrorKind>> _texts;

    /// <summary>Makes a map.</summary>
    /// <param name="codes">By code or type, in any case.</param>
    /// <param name="texts">By a piece of the message, in any case.</param>
    /// <param name="statuses">By HTTP status, when nothing else says more.</param>
    public ProviderErrorMap(
        IEnumerable<KeyValuePair<string, ErrorKind>> codes, IReadOnlyList<KeyValuePair<string, ErrorKind>> texts, IEnumerable<KeyValuePair<int, ErrorKind>> statuses)
    {
        _codes = new Dictionary<string, ErrorKind>(codes, StringComparer.OrdinalIgnoreCase);
        _texts = texts;
        _statuses = new Dictionary<int, ErrorKind>(statuses);
    }

    /// <summary>A map that knows nothing.</summary>
    public static ProviderErrorMap Empty { get; } = new([], [], []);

    /// <summary>The kind of an error, or null when the map does not know it.</summary>
    /// <param name="status">HTTP status; 0 for an error inside a stream.</param>
    /// <param name="code">The provider's code, or null.</param>
    /// <param name="type">Its type, or null.</param>
    /// <param name="message">Its message, or null.</param>
    public ErrorKind? Find(int status, string? code, string? type, string? message)
    {
        if (message is not null)
        {
            foreach (var (text, kind) in _texts)
            {
                if (message.Contains(text, StringComparison.OrdinalIgnoreCase)) return kind;
            }
        }

        return (code is not null ? _codes.GetValueOrDefault(code) : null)
            ?? (type is not null ? _codes.GetValueOrDefault(type) : null)
            ?? _statuses.GetValueOrDefault(status);
    }
}
