using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Anthropic;

/// <summary>
/// The turns of a request in the order and shape this wire demands: system turns hoisted, neighbours of one side merged, results of tools first,
/// the user's turn at the beginning and, for models that don't go on with their own words, at the end.
/// </summary>
internal sealed class Conversation
{
    private const string Nudge = "Continue.";

    private readonly TargetTraits _target;
    private readonly AnthropicModel _model;
    private readonly DroppedMembers _dropped;

    private Conversation(TargetTraits target, AnthropicModel model, DroppedMembers dropped)
    {
        _target = target;
        _model = model;
        _dropped = dropped;
    }

    /// <summary>Blocks of the system prompt.</summary>
    public List<Piece> System { get; } = [];

    /// <summary>The turns.</summary>
    public List<Turn> Turns { get; } = [];

    /// <summary>Puts a request's turns in order.</summary>
    /// <exception cref="RequestFormatException">They can't be said on this wire.</exception>
    public static Conversation Of(ChatRequest request, TargetTraits target, AnthropicModel model, ThinkingPlan plan, DroppedMembers dropped)
    {
        var conversation = new Conversation(target, model, dropped);
        for (var i = 0; i < request.Messages.Count; i++)
            conversation.Add(request.Messages[i], i);
        conversation.Arrange(plan);
        return conversation;
    }

    private void Add(ChatMessage message, int index)
    {
        var place = new Place(index);
        if (message.Name is not null)
            _dropped.Add(place.Of("name"));
        _dropped.AddForeign(message.Extras, Operation.Messages);
        if (message.Role is ChatRole.System or ChatRole.Developer)
        {
            AddParts(message, index, System);
            return;
        }

        var isAssistant = message.Role == ChatRole.Assistant;
        if (Turns.Count == 0 || Turns[^1].IsAssistant != isAssistant)
            Turns.Add(new Turn(isAssistant));
        AddParts(message, index, Turns[^1].Pieces);
        foreach (var extra in message.Extras)
        {
            if (extra.Origin == Operation.Messages)
                (Turns[^1].Extras ??= []).Add(extra);
        }
    }

    private void AddParts(ChatMessage message, int index, List<Piece> pieces)
    {
        for (var j = 0; j < message.Parts.Count; j++)
        {
            var place = new Place(index, j);
            if (TurnRules.Fit(message.Parts[j], message.Role, place, _dropped) is not { } part)
                continue;
            if (part is ReasoningPart reasoning && !TurnRules.Takes(reasoning, _target, _model))
                _dropped.Add(new Place(index).Of("reasoning"));
            else
                pieces.Add(new Piece(part, place));
        }
    }

    private void Arrange(ThinkingPlan plan)
    {
        foreach (var turn in Turns)
        {
            if (!turn.IsAssistant)
            {
                turn.PutResultsFirst();
                continue;
            }

            if (plan.Kind == ThinkingKind.Budget)
                turn.PutThinkingFirst();
            turn.CutTrailingThinking(_dropped);
        }

        Turns.RemoveAll(t => t.Pieces.Count == 0);
        MergeNeighbours();
        if (Turns.Count == 0)
            SendSystemAsUser();
        if (Turns[0].IsAssistant)
        {
            _dropped.Add($"{new Place(Turns[0].Pieces[0].Place.Message)} (a user turn was put before)");
            Turns.Insert(0, Say(Nudge));
        }

        if (!Turns[^1].IsPrefill)
            return;
        if (_model.TakesPrefill && !plan.Thinks)
        {
            Turns[^1].TrimEnd();
            return;
        }

        _dropped.Add($"{new Place(Turns[^1].Pieces[0].Place.Message)} (prefill; a user turn was put after)");
        Turns.Add(Say(Nudge));
    }

    // A turn that said nothing may have stood between two of one side.
    private void MergeNeighbours()
    {
        for (var i = Turns.Count - 1; i > 0; i--)
        {
            if (Turns[i].IsAssistant != Turns[i - 1].IsAssistant)
                continue;
            Turns[i - 1].Pieces.AddRange(Turns[i].Pieces);
            Turns[i - 1].PutResultsFirst();
            Turns.RemoveAt(i);
        }
    }

    private void SendSystemAsUser()
    {
        if (System.Count == 0)
            throw new RequestFormatException("At least one message with content is required.", "messages");
        var last = System[^1].Place.Message;
        _dropped.Add($"{new Place(last)} (sent as the user's)");
        var turn = new Turn(isAssistant: false);
        turn.Pieces.AddRange(System.Where(p => p.Place.Message == last));
        System.RemoveAll(p => p.Place.Message == last);
        Turns.Add(turn);
    }

    private static Turn Say(string text)
    {
        var turn = new Turn(isAssistant: false);
        turn.Pieces.Add(new Piece(new TextPart(text), default));
        return turn;
    }
}
