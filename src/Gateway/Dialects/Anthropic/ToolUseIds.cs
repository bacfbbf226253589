using System.Security.Cryptography;
using System.Text;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Anthropic;

/// <summary>
/// The ids of a request's tool calls as this wire takes them: letters, digits, _ and -, each once in a conversation. The same history always
/// gets the same ids. One instance per request, asked in the order of the turns.
/// </summary>
internal sealed class ToolUseIds
{
    private readonly Dictionary<string, string> _given = [];
    private readonly HashSet<string> _used = [];
    private readonly List<(string Name, string Id)> _unanswered = [];
    private int _made;

    /// <summary>An id as this wire takes it. A pure function, so that a call and its result, in whatever request, are mapped alike.</summary>
    public static string Fit(string id)
    {
        var isFit = id.Length > 0;
        foreach (var c in id)
            isFit &= IsFit(c);
        if (isFit)
            return id;
        var plain = new StringBuilder(id.Length + 9);
        foreach (var c in id)
            plain.Append(IsFit(c) ? c : '_');
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(id));
        return plain.Append('_').Append(Convert.ToHexStringLower(hash.AsSpan(0, 4))).ToString();
    }

    /// <summary>The id of a call.</summary>
    public string Call(ToolCallPart call)
    {
        if (call.Id.Length == 0)
        {
            var made = Unused(Fit($"toolu_{call.Name}_{_made++}"));
            _unanswered.Add((call.Name, made));
            return made;
        }

        return _given[call.Id] = Unused(Fit(call.Id));
    }

    /// <summary>The id of the call that a result answers.</summary>
    public string Result(ToolResultPart result)
    {
        if (result.CallId.Length > 0)
            return _given.TryGetValue(result.CallId, out var id) ? id : Fit(result.CallId);
        var index = _unanswered.FindIndex(u => result.Name is null || u.Name == result.Name);
        if (index < 0)
            return Fit($"toolu_{result.Name}_{_made++}");
        var answered = _unanswered[index].Id;
        _unanswered.RemoveAt(index);
        return answered;
    }

    // Servers that number the calls of each reply from 0 give the same id again; here an id is used once.
    private string Unused(string id)
    {
        var unused = id;
        for (var n = 2; !_used.Add(unused); n++)
            unused = $"{id}_{n}";
        return unused;
    }

    private static bool IsFit(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
}
