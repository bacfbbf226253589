using System.Text.Json;

namespace GatewayApi.Simulator;

/// <summary>Reads the legacy <c>POST /v1/completions</c>.</summary>
internal static class CompletionsRequestReader
{
    /// <summary>The request in common terms.</summary>
    /// <exception cref="SimulatorException">400 naming the member at fault.</exception>
    public static SimulatedRequest Read(JsonElement body, SimulatorModel model)
    {
        var (prompts, tokens) = InputTexts.Read(body, "prompt");
        return new SimulatedRequest
        {
            Model = model,
            Body = body,
            Prompts = prompts,
            InputTokens = tokens,
            Stream = body.Flag("stream"),
            IncludeUsage = body.Member("stream_options").Flag("include_usage"),
            MaxTokens = body.Integer("max_tokens", 0),
            Stops = StopReader.Read(body),
            Choices = body.Integer("n", 1, 128) ?? 1,
            Seed = SeedReader.Read(body),
            EchoPrompt = body.Flag("echo"),
        };
    }
}
