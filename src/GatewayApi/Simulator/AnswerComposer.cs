using System.Globalization;

namespace GatewayApi.Simulator;

/// <summary>Decides what each choice says. The same request always gets the same content.</summary>
internal static class AnswerComposer
{
    private const int LongestToolResult = 600;

    /// <summary>One answer per prompt and choice, prompts first.</summary>
    public static Answer[] Compose(SimulatedRequest request)
    {
        var answers = new Answer[request.Prompts.Count * request.Choices];
        for (var i = 0; i < answers.Length; i++)
        {
            var prompt = request.Prompts[i / request.Choices];
            var seed = StableHash.Of(prompt, (ulong)request.Seed + (ulong)(i % request.Choices) * 7919);
            answers[i] = Compose(request, prompt, seed);
        }

        return answers;
    }

    private static Answer Compose(SimulatedRequest request, string prompt, ulong seed)
    {
        var budget = request.MaxTokens ?? int.MaxValue;
        if (CallsTools(request))
            return Calling(ToolCaller.Call(request, prompt, seed), budget);

        var reasoning = request.Model.Id == SimulatorModel.Reasoner ? TokenText.Split(CannedText.Reasoning(seed)) : [];
        var text = Text(request, prompt, seed);
        foreach (var stop in request.Stops)
        {
            var at = text.IndexOf(stop, StringComparison.Ordinal);
            if (at >= 0)
                text = text[..at];
        }

        var tokens = TokenText.Split(text);
        var cut = reasoning.Count + tokens.Count > budget;
        return new Answer(
            Limit(reasoning, budget),
            Limit(tokens, Math.Max(0, budget - reasoning.Count)),
            [],
            cut ? "length" : "stop");
    }

    private static bool CallsTools(SimulatedRequest request) =>
        request.Tools.Count > 0
        && request.ToolResult is null
        && (request.ToolRequired || request.Model.Id == SimulatorModel.Tools);

    private static Answer Calling(List<AnswerCall> calls, int budget)
    {
        var left = budget;
        for (var i = 0; i < calls.Count; i++)
        {
            var arguments = calls[i].Arguments;
            if (arguments.Count > left)
            {
                calls[i] = calls[i] with { Arguments = Limit(arguments, left) };
                calls.RemoveRange(i + 1, calls.Count - i - 1);
                return new Answer([], [], calls, "length");
            }

            left -= arguments.Count;
        }

        return new Answer([], [], calls, "tool_calls");
    }

    private static string Text(SimulatedRequest request, string prompt, ulong seed) =>
        request.LastAnswer is { Text.Length: > 0 } last
        && Whole(request, last.Prompt, StableHash.Of(last.Prompt, (ulong)request.Seed)) is var whole
        && whole.Length > last.Text.Length && whole.StartsWith(last.Text, StringComparison.Ordinal)
            ? whole[last.Text.Length..] // what it had begun to say it goes on with
            : Whole(request, prompt, seed);

    private static string Whole(SimulatedRequest request, string prompt, ulong seed)
    {
        if (request.Format == AnswerFormat.JsonSchema)
            return SchemaSampler.Sample(request.Schema, seed);
        if (request.Format == AnswerFormat.JsonObject || request.Model.Id == SimulatorModel.Json)
            return SchemaSampler.Object(prompt);

        var text = request.EchoPrompt ? prompt : string.Empty;
        if (request.ToolResult is { } result)
            return text + "Here is what I found: " + (result.Length <= LongestToolResult ? result : result[..LongestToolResult] + "\u2026");

        if (request.Model.Id == SimulatorModel.Echo)
            return text + prompt + Seen(request, " (", ")");
        return text + Seen(request, "", " ") + CannedText.Reply(prompt, seed);
    }

    private static string Seen(SimulatedRequest request, string before, string after)
    {
        if (request.Images == 0 && request.Attachments == 0)
            return string.Empty;
        var images = request.Images == 1 ? "1 image" : request.Images.ToString(CultureInfo.InvariantCulture) + " images";
        var files = request.Attachments == 1 ? "1 file" : request.Attachments.ToString(CultureInfo.InvariantCulture) + " files";
        var seen = request.Attachments == 0 ? images : request.Images == 0 ? files : images + " and " + files;
        return before + "I see " + seen + "." + after;
    }

    private static IReadOnlyList<string> Limit(IReadOnlyList<string> tokens, int budget) =>
        tokens.Count <= budget ? tokens : [.. tokens.Take(budget)];
}
