using System.Text;

namespace Gateway.Dialects.Gemini;

/// <summary>A call that is being gathered: on this wire it is sent whole.</summary>
internal sealed class GeminiPendingCall(int index, string? id, string name)
{
    public int Index { get; } = index;

    public string? Id { get; } = id;

    public string Name { get; } = name;

    public StringBuilder Arguments { get; } = new();

    public string? Signature { get; init; }

    public bool IsWhole { get; set; }
}
