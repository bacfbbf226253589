namespace FaultUpstream.Wires;

/// <summary>How answers are written on a wire. Events come with their frame.</summary>
internal abstract class AnswerWire
{
    /// <summary>The wire of a path.</summary>
    public static AnswerWire Of(string path) => path.EndsWith("/messages", StringComparison.Ordinal) ? MessagesWire.Instance : ChatWire.Instance;

    /// <summary>What a stream ends with.</summary>
    public abstract string Terminator { get; }

    /// <summary>A whole answer.</summary>
    public abstract string Whole(Answer answer);

    /// <summary>Events before the first word.</summary>
    public abstract string[] Opening(Answer answer);

    /// <summary>The event of a word.</summary>
    public abstract string Word(Answer answer, string word);

    /// <summary>Events that say that the answer is finished.</summary>
    public abstract string[] Finish(Answer answer);

    /// <summary>Events that tell the usage, where they are others than those of the finish.</summary>
    public abstract string[] Usage(Answer answer);

    /// <summary>The body of an error.</summary>
    public abstract string Error(string type, string? code, string message, string? param);

    /// <summary>The event of an error.</summary>
    public abstract string ErrorEvent(string type, string? code, string message);

    /// <summary>Text as a JSON string.</summary>
    protected static string Quote(string? text) => text is null ? "null" : $"\"{System.Text.Json.JsonEncodedText.Encode(text)}\"";
}
