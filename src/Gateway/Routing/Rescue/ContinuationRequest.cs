using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Routing.Rescue;

/// <summary>Writes the request that asks for the rest of an answer.</summary>
internal static class ContinuationRequest
{
    private const string Ask = "Your last message was cut off. Continue it from exactly where it stops: write only what comes next, without repeating anything and without any remark.";

    // Some providers refuse less.
    private const long LeastOutput = 16;

    private static readonly RawJson True = new("true"u8.ToArray());
    private static readonly RawJson False = new("false"u8.ToArray());

    /// <summary>The request with what was delivered as a turn that stands last, to be gone on with.</summary>
    /// <param name="chat">The client's request; it is not changed.</param>
    /// <param name="text">The text so far.</param>
    /// <param name="tokens">About how many tokens that is.</param>
    /// <param name="form">How the target is told.</param>
    public static ChatRequest Prefill(ChatRequest chat, string text, long tokens, PrefillForm form)
    {
        var turn = Turn(chat, text.TrimEnd(), out var messages); // a turn that ends in white space is refused by some, and spoils the next token for all
        if (form == PrefillForm.TurnFlag)
            turn.Extras.Add(Extra("prefix", True));
        messages.Add(turn);
        var request = chat.With(messages, form == PrefillForm.RequestFlags
            ? [.. chat.Extras.Where(static e => e.Name is not ("continue_final_message" or "add_generation_prompt")), Extra("continue_final_message", True), Extra("add_generation_prompt", False)]
            : null);
        request.MaxOutputTokens = Left(chat, tokens);
        return request;
    }

    /// <summary>The request with what was delivered as a turn of the model's, and a turn of the user's that asks for the rest.</summary>
    /// <inheritdoc cref="Prefill"/>
    public static ChatRequest AskTurn(ChatRequest chat, string text, long tokens)
    {
        var turn = Turn(chat, text, out var messages);
        messages.Add(turn);
        messages.Add(new ChatMessage { Role = ChatRole.User, Parts = [new TextPart(Ask)] });
        var request = chat.With(messages);
        request.MaxOutputTokens = Left(chat, tokens);
        return request;
    }

    /// <summary>The model's turn; one that the client had begun itself is taken off the turns and becomes its beginning.</summary>
    private static ChatMessage Turn(ChatRequest chat, string text, out List<ChatMessage> messages)
    {
        messages = [.. chat.Messages];
        if (messages.Count == 0 || messages[^1] is not { Role: ChatRole.Assistant } begun)
            return new ChatMessage { Role = ChatRole.Assistant, Parts = [new TextPart(text)] };
        messages.RemoveAt(messages.Count - 1);
        var turn = new ChatMessage
        {
            Role = ChatRole.Assistant,
            Name = begun.Name,
            Parts = begun.Parts.Count > 0 && begun.Parts[^1] is TextPart { Citations.IsMissing: true } last
                ? [.. begun.Parts[..^1], new TextPart(last.Text + text) { Cache = last.Cache, Extras = last.Extras }]
                : [.. begun.Parts, new TextPart(text)],
        };
        turn.Extras.AddRange(begun.Extras);
        return turn;
    }

    private static long? Left(ChatRequest chat, long tokens) => chat.MaxOutputTokens is { } most ? Math.Max(LeastOutput, most - tokens) : null;

    private static ExtraMember Extra(string name, RawJson value) => new(Operation.ChatCompletions, "", name, value);
}
