using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects.Gemini;

/// <summary>Reads a <c>generateContent</c> request.</summary>
internal static class GeminiRequestReader
{
    /// <summary>Reads the body; model and stream stand in the path and so in <paramref name="facts"/>.</summary>
    public static ChatRequest Read(ReadOnlyMemory<byte> body, RequestFacts facts)
    {
        using var document = WireJson.Parse(body);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            throw new RequestFormatException("The request body must be a JSON object.");
        var request = new ChatRequest { Model = facts.Model, Stream = facts.Stream };
        var contents = root.Get("contents"u8);
        if (contents.ValueKind != JsonValueKind.Array)
            throw new RequestFormatException("'contents' must be a list.", "contents");

        var turns = new GeminiTurnReader(request.Messages);
        turns.ReadSystem(root.Member("systemInstruction"u8));
        var at = 0;
        foreach (var content in contents.EnumerateArray())
            turns.Read(content, $"contents[{at++}]");

        request.ServiceTier = root.TextOf("serviceTier"u8);
        request.Metadata = root.RawOf("labels"u8);
        GeminiConfigReader.Read(root.Member("generationConfig"u8), request);
        GeminiToolReader.Read(root.Get("tools"u8), request);
        GeminiToolReader.ReadChoice(root.Member("toolConfig"u8), request);
        foreach (var member in root.EnumerateObject())
        {
            if (member.Value.Says() && GeminiJson.Camel(member) is not ("model" or "contents" or "systemInstruction" or "generationConfig" or "tools" or "toolConfig" or "serviceTier" or "labels"))
                request.Extras.Add(GeminiJson.Extra("", member));
        }

        return request;
    }
}
