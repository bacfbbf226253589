using System.Text;

namespace Gateway.Dialects.OpenAiChat;

/// <summary>One tool call of a stream that is being read.</summary>
internal sealed class ChatToolCallState
{
    private JsonCompletion _completion;

    /// <summary>The provider's index, or null.</summary>
    public long? SourceIndex { get; init; }

    /// <summary>Its id, as soon as it is known.</summary>
    public string? Id { get; set; }

    /// <summary>Its name, as soon as it is known.</summary>
    public string? Name { get; set; }

    /// <summary>Its number among the started ones; −1 before it is started.</summary>
    public int Number { get; set; } = -1;

    /// <summary>Whether it has been ended.</summary>
    public bool Ended { get; set; }

    /// <summary>Arguments that came before the name.</summary>
    public StringBuilder? Early { get; set; }

    /// <summary>Google's signature of the call, until it is told.</summary>
    public string? Signature { get; set; }

    /// <summary>Whether its arguments are a whole object.</summary>
    public bool IsComplete => _completion.IsComplete;

    /// <summary>Notes arguments.</summary>
    public void Feed(string arguments) => _completion.Feed(arguments);
}
