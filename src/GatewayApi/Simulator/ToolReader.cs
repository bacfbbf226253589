using System.Text.Json;

namespace GatewayApi.Simulator;

/// <summary>Reads <c>tools</c> and <c>tool_choice</c>; nested under <c>function</c> in Chat Completions, flat in Responses.</summary>
internal static class ToolReader
{
    /// <summary>The tools that may be called, and whether one must be.</summary>
    /// <exception cref="SimulatorException">400 when a tool has no name or the choice names none of them.</exception>
    public static (IReadOnlyList<ToolSpec> Tools, bool Required) Read(JsonElement body)
    {
        var tools = Offered(body.Member("tools"));
        var choice = body.Member("tool_choice");
        switch (choice.ValueKind)
        {
            case JsonValueKind.Undefined:
                return (tools, false);
            case JsonValueKind.String:
                return choice.Text() switch
                {
                    "auto" => (tools, false),
                    "none" => ([], false),
                    "required" when tools.Count > 0 => (tools, true),
                    _ => throw SimulatorException.BadRequest("tool_choice", "'tool_choice' must be none, auto, or required with tools to choose from."),
                };
            case JsonValueKind.Object when choice.String("type") == "allowed_tools":
                var allowed = choice.Member("allowed_tools") is { ValueKind: JsonValueKind.Object } nested ? nested : choice;
                var names = Names(allowed.Member("tools"));
                return (tools.FindAll(tool => names.Contains(tool.Name)), allowed.String("mode") == "required");
            case JsonValueKind.Object:
                var named = Function(choice).String("name");
                var chosen = tools.FindAll(tool => tool.Name == named);
                return chosen.Count > 0
                    ? (chosen, true)
                    : throw SimulatorException.BadRequest("tool_choice", "'tool_choice' names a tool that isn't in 'tools'.");
            default:
                throw SimulatorException.BadRequest("tool_choice", "'tool_choice' must be a string or an object.");
        }
    }

    private static List<ToolSpec> Offered(JsonElement tools)
    {
        var offered = new List<ToolSpec>();
        if (!tools.Exists())
            return offered;
        if (tools.ValueKind != JsonValueKind.Array)
            throw SimulatorException.BadRequest("tools", "'tools' must be an array.");
        foreach (var tool in tools.EnumerateArray())
        {
            // Built-in and custom tools have nothing that the simulator could call.
            if (tool.String("type") != "function")
                continue;
            var function = Function(tool);
            offered.Add(new ToolSpec(
                function.String("name") ?? throw SimulatorException.BadRequest("tools", "A tool in 'tools' has no name."),
                function.Member("parameters")));
        }

        return offered;
    }

    private static HashSet<string> Names(JsonElement tools) =>
        tools.ValueKind == JsonValueKind.Array
            ? [.. tools.EnumerateArray().Select(tool => Function(tool).String("name") ?? string.Empty)]
            : [];

    private static JsonElement Function(JsonElement tool) =>
        tool.Member("function") is { ValueKind: JsonValueKind.Object } function ? function : tool;
}
