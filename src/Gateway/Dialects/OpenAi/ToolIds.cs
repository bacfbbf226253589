using System.Security.Cryptography;
using System.Text;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.OpenAi;

/// <summary>
/// The ids of a request's tool calls as a provider takes them. Calls without one get an id from their name and position, so that the same
/// history always has the same ids; ids of another form are replaced by a hash, the same for a call and its result. One instance per request,
/// asked in the order of the turns.
/// </summary>
/// <param name="maxLength">Longest id the provider takes.</param>
/// <param name="exactLength">Length that every id must have, letters and digits only; 0: any.</param>
internal sealed class ToolIds(int maxLength, int exactLength = 0)
{
    private readonly Dictionary<string, Queue<string>> _unanswered = [];
    private int _made;

    /// <summary>The id of a call.</summary>
    public string Call(ToolCallPart call)
    {
        if (call.Id.Length > 0)
            return Fit(call.Id);
        var id = Fit($"call_{_made++}_{call.Name}");
        if (!_unanswered.TryGetValue(call.Name, out var waiting))
            _unanswered[call.Name] = waiting = [];
        waiting.Enqueue(id);
        return id;
    }

    /// <summary>The id of the call that a result answers.</summary>
    public string Result(ToolResultPart result)
    {
        if (result.CallId.Length > 0)
            return Fit(result.CallId);
        var queue = result.Name is { } name ? _unanswered.GetValueOrDefault(name) : _unanswered.Values.FirstOrDefault(q => q.Count > 0);
        return queue is not null && queue.TryDequeue(out var id) ? id : Fit($"call_{_made++}_{result.Name}");
    }

    private string Fit(string id)
    {
        if (exactLength == 0 ? id.Length <= maxLength : id.Length == exactLength && id.All(char.IsAsciiLetterOrDigit))
            return id;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
        return exactLength == 0 ? $"call_{hash[..24]}" : hash[..exactLength];
    }
}
