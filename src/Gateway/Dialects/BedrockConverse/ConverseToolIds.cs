using System.Security.Cryptography;
using System.Text;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.BedrockConverse;

/// <summary>
/// The ids that link calls and results on this wire: <c>[a-zA-Z0-9_.:-]{1,64}</c>. Others are replaced by what is derived from them alone, so
/// that a conversation that is sent again gets the same ids; calls without ids are counted, and their results found by name and order.
/// </summary>
internal sealed class ConverseToolIds
{
    private const string OwnPrefix = "tooluse_";

    private readonly Dictionary<ContentPart, string> _made = new(ReferenceEqualityComparer.Instance);
    private readonly bool _isMistral;

    /// <summary>Looks through a conversation.</summary>
    public ConverseToolIds(ChatRequest request, BedrockModel model)
    {
        _isMistral = model.Family == BedrockFamily.Mistral;
        var waiting = new List<(string Name, string Id)>();
        var calls = 0;
        foreach (var message in request.Messages)
        {
            foreach (var part in message.Parts)
            {
                if (part is ToolCallPart call)
                {
                    var made = call.Id.Length == 0 ? Fit($"call_{calls}") : Fit(call.Id);
                    if (call.Id.Length == 0)
                        waiting.Add((call.Name, made));
                    _made[call] = made;
                    calls++;
                }
                else if (part is ToolResultPart result)
                {
                    _made[result] = result.CallId.Length > 0 ? Fit(result.CallId) : Answered(waiting, result.Name);
                }
            }
        }
    }

    /// <summary>The id of a call or result of the conversation.</summary>
    public string this[ContentPart part] => _made[part];

    private string Answered(List<(string Name, string Id)> waiting, string? name)
    {
        var at = waiting.FindIndex(call => call.Name == name);
        if (at < 0)
            at = 0;
        if (waiting.Count == 0)
            return Fit("call_unknown");
        var id = waiting[at].Id;
        waiting.RemoveAt(at);
        return id;
    }

    private string Fit(string id)
    {
        if (_isMistral ? IsMistral(id) : IsValid(id))
            return id;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
        return _isMistral ? hash[..9] : "call_" + hash[..24];
    }

    private static bool IsValid(string id)
    {
        foreach (var c in id)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.' or ':' or '-'))
                return false;
        }

        return id.Length is > 0 and <= 64;
    }

    /// <summary>Mistral's models take nine letters and digits, and what Bedrock itself made for them.</summary>
    private static bool IsMistral(string id) =>
        (id.StartsWith(OwnPrefix, StringComparison.Ordinal) && IsValid(id)) || (id.Length == 9 && id.All(char.IsAsciiLetterOrDigit));
}
