using System.Text;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Tests.Testing;

/// <summary>Puts the events of a stream together to the reply they amount to, as a client's accumulator would.</summary>
internal static class EventFold
{
    /// <summary>The reply. Its choices are those that finished or said anything.</summary>
    public static ChatReply Fold(IEnumerable<ChatEvent> events)
    {
        var reply = new ChatReply();
        var choices = new SortedDictionary<int, Gathering>();
        foreach (var chatEvent in events)
        {
            switch (chatEvent.Kind)
            {
                case ChatEventKind.Start:
                    (reply.Id, reply.Model) = (chatEvent.Id, chatEvent.Name);
                    break;
                case ChatEventKind.Usage:
                    reply.Usage = chatEvent.Usage;
                    break;
                default:
                    if (!choices.TryGetValue(chatEvent.Choice, out var gathering))
                        choices[chatEvent.Choice] = gathering = new Gathering();
                    gathering.Add(chatEvent);
                    break;
            }
        }

        reply.Choices.AddRange(choices.Values.Select(g => g.Choice()));
        return reply;
    }

    private sealed class Gathering
    {
        private readonly List<object> _parts = [];
        private readonly Dictionary<int, Call> _calls = [];
        private readonly ChatChoice _choice = new();
        private Thought? _thought;

        public void Add(in ChatEvent chatEvent)
        {
            switch (chatEvent.Kind)
            {
                case ChatEventKind.Text:
                    _thought = null;
                    _parts.Add(new TextPart(chatEvent.Text!));
                    break;
                case ChatEventKind.Refusal:
                    _thought = null;
                    if (_parts.LastOrDefault() is RefusalPart earlier)
                        _parts[^1] = new RefusalPart(earlier.Text + chatEvent.Text);
                    else
                        _parts.Add(new RefusalPart(chatEvent.Text!));
                    break;
                case ChatEventKind.Reasoning:
                    Open(chatEvent).Text.Append(chatEvent.Text);
                    break;
                case ChatEventKind.ReasoningSignature:
                    Open(chatEvent).Signature = chatEvent.Text;
                    _thought = null;
                    break;
                case ChatEventKind.RedactedReasoning:
                    if (chatEvent.Origin != ReasoningOrigin.OpenAi)
                        _thought = null;
                    var closed = Open(chatEvent);
                    closed.Encrypted = chatEvent.Text;
                    closed.Id ??= chatEvent.Id;
                    _thought = null;
                    break;
                case ChatEventKind.PartEnd:
                    _thought = null;
                    break;
                case ChatEventKind.ToolCallStart:
                    _thought = null;
                    Assert.Equal(_calls.Count, chatEvent.Index);
                    _calls[chatEvent.Index] = new Call(chatEvent.Id ?? "", chatEvent.Name!);
                    _parts.Add(_calls[chatEvent.Index]);
                    break;
                case ChatEventKind.ToolCallArguments:
                    Assert.False(_calls[chatEvent.Index].Ended);
                    _calls[chatEvent.Index].Arguments.Append(chatEvent.Text);
                    break;
                case ChatEventKind.ToolCallEnd:
                    Assert.False(_calls[chatEvent.Index].Ended);
                    _calls[chatEvent.Index].Ended = true;
                    break;
                case ChatEventKind.Media when chatEvent.Name!.StartsWith("image", StringComparison.Ordinal):
                    _parts.Add(new ImagePart(new MediaSource { Data = chatEvent.Text, MediaType = chatEvent.Name }));
                    break;
                case ChatEventKind.Finish:
                    (_choice.Finish, _choice.StopSequence) = (chatEvent.Finish, chatEvent.Text);
                    break;
            }
        }

        public ChatChoice Choice()
        {
            foreach (var part in _parts)
            {
                _choice.Parts.Add(part switch
                {
                    Thought t => new ReasoningPart { Text = t.Text.ToString(), Signature = t.Signature, Encrypted = t.Encrypted, Origin = t.Origin, Id = t.Id },
                    Call c => new ToolCallPart { Id = c.Id, Name = c.Name, Arguments = c.Arguments.ToString() },
                    _ => (ContentPart)part,
                });
            }

            return _choice;
        }

        private Thought Open(in ChatEvent chatEvent)
        {
            if (_thought?.Origin != chatEvent.Origin)
                _thought = null;
            if (_thought is null)
                _parts.Add(_thought = new Thought { Origin = chatEvent.Origin, Id = chatEvent.Id });
            return _thought;
        }
    }

    private sealed class Thought
    {
        public StringBuilder Text { get; } = new();

        public string? Signature { get; set; }

        public string? Encrypted { get; set; }

        public string? Id { get; set; }

        public ReasoningOrigin Origin { get; init; }
    }

    private sealed class Call(string id, string name)
    {
        public string Id { get; } = id;

        public string Name { get; } = name;

        public StringBuilder Arguments { get; } = new();

        public bool Ended { get; set; }
    }
}
