namespace GatewayApi.Simulator;

/// <summary>Picks the tools to call and makes up arguments valid for their schemas.</summary>
internal static class ToolCaller
{
    private static readonly string[] WordsForTwo = ["two", "both", "twice", "parallel", "each", "2"];

    /// <summary>One call, or two when the caller allows it and the text asks for two or two tools fit it.</summary>
    public static List<AnswerCall> Call(SimulatedRequest request, string prompt, ulong seed)
    {
        var words = Words(prompt);
        var fitting = request.Tools.Where(tool => Words(tool.Name).Any(word => word.Length > 2 && words.Contains(word))).ToList();
        var candidates = fitting.Count > 0 ? fitting : [.. request.Tools];
        var calls = new List<AnswerCall>(2) { Call(candidates[0], seed, 0) };
        if (!request.ParallelTools)
            return calls;

        if (fitting.Count > 1)
            calls.Add(Call(fitting[1], seed, 0));
        else if (WordsForTwo.Any(words.Contains))
            calls.Add(Call(candidates[^1], seed, candidates.Count > 1 ? 0 : 1));
        return calls;
    }

    private static AnswerCall Call(ToolSpec tool, ulong seed, int variation)
    {
        var arguments = tool.Parameters.Exists() ? SchemaSampler.Sample(tool.Parameters, seed, variation) : "{}";
        return new AnswerCall("call_" + Ids.Random(24), tool.Name, TokenText.Split(arguments));
    }

    private static HashSet<string> Words(string text)
    {
        var words = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            // A capital after a small letter begins a word too: getWeather.
            var inside = i < text.Length && char.IsLetterOrDigit(text[i]);
            if (inside && !(i > start && char.IsUpper(text[i]) && char.IsLower(text[i - 1])))
                continue;
            if (i > start)
                words.Add(text[start..i]);
            start = inside ? i : i + 1;
        }

        return words;
    }
}
