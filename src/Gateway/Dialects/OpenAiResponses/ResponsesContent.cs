using System.Text;
using Gateway.Protocol;

namespace Gateway.Dialects.OpenAiResponses;

/// <summary>A content part of a message of the output.</summary>
internal sealed class ResponsesContent(bool isRefusal)
{
    /// <summary>Whether it is a refusal, not text.</summary>
    public bool IsRefusal { get; } = isRefusal;

    /// <summary>What is said.</summary>
    public StringBuilder Text { get; } = new();

    /// <summary>Annotations as their wire has them; all can be said here.</summary>
    public List<RawJson> Annotations { get; } = [];

    /// <summary>Log probabilities of the tokens.</summary>
    public List<RawJson> Logprobs { get; } = [];
}
