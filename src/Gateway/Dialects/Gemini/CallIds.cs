using System.Globalization;

namespace Gateway.Dialects.Gemini;

/// <summary>Ids for calls that have none, always the same for the same place, so that a history sent again means the same.</summary>
internal static class CallIds
{
    /// <summary>An id that every wire accepts: <c>call_</c> and 16 hexadecimal digits.</summary>
    /// <param name="place">What makes the call the only one of its kind: the reply or turn.</param>
    /// <param name="index">Which call of it.</param>
    /// <param name="name">The function.</param>
    public static string Make(string place, int index, string name)
    {
        var hash = Add(Add(Add(14695981039346656037, place), index.ToString(CultureInfo.InvariantCulture)), name);
        return string.Create(CultureInfo.InvariantCulture, $"call_{hash:x16}");
    }

    /// <summary>FNV-1a over the text and a separator that no text holds.</summary>
    private static ulong Add(ulong hash, string text)
    {
        foreach (var c in text)
            hash = (hash ^ c) * 1099511628211;
        return (hash ^ 0x1_0000) * 1099511628211;
    }
}
