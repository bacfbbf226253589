using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Gemini;

/// <summary>Reads a whole <c>GenerateContentResponse</c>.</summary>
internal static class GeminiReplyReader
{
    /// <returns>Null when it is none: neither candidates nor a word on the prompt.</returns>
    public static ChatReply? Read(ReadOnlyMemory<byte> body)
    {
        using var document = WireJson.Parse(body);
        var root = document.RootElement;
        var candidates = root.Get("candidates"u8);
        var feedback = root.Member("promptFeedback"u8);
        var hasCandidates = candidates.ValueKind == JsonValueKind.Array && candidates.GetArrayLength() > 0;
        if (!hasCandidates && !feedback.Says())
            return null;

        var reply = new ChatReply
        {
            Id = root.TextOf("responseId"u8),
            Model = root.TextOf("modelVersion"u8),
            Usage = GeminiUsage.Read(root.Member("usageMetadata"u8)),
        };
        foreach (var candidate in candidates.Items())
            ReadCandidate(candidate, reply);

        // A prompt that was blocked has no candidates at all.
        if (reply.Choices.Count == 0)
            reply.Choices.Add(new ChatChoice { Finish = FinishReason.ContentFilter });
        foreach (var member in root.EnumerateObject())
        {
            if (member.Value.Says() && GeminiJson.Camel(member) is not ("candidates" or "responseId" or "modelVersion" or "usageMetadata"))
                reply.Extras.Add(GeminiJson.Extra("", member));
        }

        return reply;
    }

    /// <summary>Where a candidate stands.</summary>
    public static string PathOf(int choice) => $"candidates[{choice}]";

    private static void ReadCandidate(JsonElement candidate, ChatReply reply)
    {
        var path = PathOf(reply.Choices.Count);
        var choice = new ChatChoice();
        var reader = new GeminiPartReader($"{reply.Id} {reply.Choices.Count}");
        var at = 0;
        foreach (var part in candidate.Get("content"u8).Get("parts"u8).Items())
        {
            if (part.ValueKind == JsonValueKind.Object)
                reader.Read(part, $"{path}.content.parts[{at}]", choice.Parts);
            at++;
        }

        // Beside calls an empty text says nothing.
        choice.Parts.RemoveAll(part => part is TextPart { Text.Length: 0, Extras: null });
        var word = candidate.TextOf("finishReason"u8);
        choice.Finish = GeminiFinish.Read(word ?? "STOP", choice.Parts.Exists(part => part is ToolCallPart));
        choice.Logprobs = GeminiLogprobs.Read(candidate.Member("logprobsResult"u8));
        GeminiCitations.Cite(candidate, choice.Parts);
        reply.Choices.Add(choice);

        foreach (var member in candidate.EnumerateObject())
        {
            var isRead = GeminiJson.Camel(member) switch
            {
                "content" or "index" or "logprobsResult" => true,
                "finishReason" => word is null || GeminiFinish.Write(choice.Finish) == word, // a finer word than the canonical model has is kept
                _ => false,
            };
            if (!isRead)
                reply.Extras.Add(GeminiJson.Extra(path, member));
        }
    }
}
