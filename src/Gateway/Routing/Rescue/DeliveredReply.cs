using System.Text;
using Gateway.Protocol;

namespace Gateway.Routing.Rescue;

/// <summary>What the client has of an answer, as far as going on with it needs to know.</summary>
internal sealed class DeliveredReply
{
    private readonly StringBuilder _text = new();
    private readonly List<DeliveredCall> _calls = [];

    /// <summary>The text of all parts.</summary>
    public string Text => _text.ToString();

    /// <summary>Whether there is text that says something.</summary>
    public bool HasText { get; private set; }

    /// <summary>The tool calls in order.</summary>
    public IReadOnlyList<DeliveredCall> Calls => _calls;

    /// <summary>Whether there is something that can't be gone on with: a refusal, media.</summary>
    public bool HasOther { get; private set; }

    /// <summary>Whether the answer was said to be over.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Notes what goes to the client.</summary>
    public void Note(in ChatEvent chatEvent)
    {
        switch (chatEvent.Kind)
        {
            case ChatEventKind.Text:
                _text.Append(chatEvent.Text);
                HasText |= !string.IsNullOrWhiteSpace(chatEvent.Text);
                break;
            case ChatEventKind.ToolCallStart:
                _calls.Add(new DeliveredCall(chatEvent.Name ?? ""));
                break;
            case ChatEventKind.ToolCallArguments when chatEvent.Index < _calls.Count:
                _calls[chatEvent.Index].Arguments.Append(chatEvent.Text);
                break;
            case ChatEventKind.ToolCallEnd when chatEvent.Index < _calls.Count:
                _calls[chatEvent.Index].IsWhole = true;
                break;
            case ChatEventKind.Refusal or ChatEventKind.Media or ChatEventKind.Logprobs:
                HasOther = true;
                break;
            case ChatEventKind.Finish:
                IsFinished = true;
                break;
        }
    }
}
