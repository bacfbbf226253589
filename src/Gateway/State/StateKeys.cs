namespace Gateway.State;

/// <summary>
/// Makes keys that every store takes: letters, digits and <c>- _ . : @</c>, at most <see cref="LongestKey"/> characters. Dapr keeps <c>||</c> to itself, and
/// Cosmos DB refuses <c>/ \ ? #</c>. Parts that may hold anything, such as ids, go through <see cref="Escape"/>.
/// </summary>
internal static class StateKeys
{
    /// <summary>The longest key, in characters.</summary>
    public const int LongestKey = 512;

    /// <summary>Joins parts with colons, escaping each.</summary>
    /// <exception cref="ArgumentException">The key would be longer than <see cref="LongestKey"/>.</exception>
    public static string Join(params ReadOnlySpan<string> parts)
    {
        var escaped = new string[parts.Length];
        for (var i = 0; i < parts.Length; i++)
            escaped[i] = Escape(parts[i]);
        var key = string.Join(':', escaped);
        return key.Length <= LongestKey ? key : throw new ArgumentException($"The key {key[..64]}… is longer than {LongestKey} characters.", nameof(parts));
    }

    /// <summary>The part itself where all of it is allowed; otherwise each other character as <c>@XXXX</c>, its UTF-16 code in hexadecimal. Different parts stay different.</summary>
    public static string Escape(string part) =>
        part.AsSpan().IndexOfAnyExcept(Plain) < 0 ? part : string.Concat(part.Select(c => Plain.Contains(c) ? c.ToString() : $"@{(int)c:X4}"));

    /// <summary>Refuses a key that some store would not take.</summary>
    /// <exception cref="ArgumentException">It is empty, longer than <see cref="LongestKey"/>, or holds another character.</exception>
    public static void Check(string key)
    {
        if (key.Length is 0 or > LongestKey || key.AsSpan().ContainsAnyExcept(Allowed))
            throw new ArgumentException($"'{(key.Length > 64 ? key[..64] : key)}' is no key: 1 to {LongestKey} letters, digits and - _ . : @.", nameof(key));
    }

    /// <summary>Refuses a time to live that some store would not take.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not a positive number of whole seconds.</exception>
    public static void CheckTimeToLive(TimeSpan? timeToLive)
    {
        if (timeToLive is { } span && (span < TimeSpan.FromSeconds(1) || span.Ticks % TimeSpan.TicksPerSecond != 0))
            throw new ArgumentOutOfRangeException(nameof(timeToLive), span, "A time to live is a positive number of whole seconds.");
    }

    private static readonly System.Buffers.SearchValues<char> Allowed =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:@");

    private static readonly System.Buffers.SearchValues<char> Plain =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");
}
