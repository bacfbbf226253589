using System.Text.Json;
using Gateway.Dialects.OpenAi;
using Gateway.Protocol;

namespace Gateway.Dialects.OpenAiResponses;

/// <summary>Reads tools, which are flat here and strict unless they say otherwise, the choice among them, and the form of the answer.</summary>
internal static class ResponsesToolReader
{
    /// <summary>Reads <c>tools</c>.</summary>
    /// <exception cref="RequestFormatException">They are no tools.</exception>
    public static void Read(JsonElement tools, List<ToolDefinition> list)
    {
        foreach (var (tool, path) in RequestValue.Objects(tools, "tools"))
            list.Add(ReadTool(tool, path));
    }

    private static ToolDefinition ReadTool(JsonElement tool, string path)
    {
        var type = tool.Text("type"u8) ?? throw RequestValue.Missing($"{path}.type");
        if (type != "function")
        {
            return new ToolDefinition
            {
                Name = tool.Text("name"u8) ?? type,
                Native = new ExtraMember(Operation.Responses, $"{path} ({type})", type, RawJson.Of(tool)),
            };
        }

        var parameters = tool.Get("parameters"u8);
        List<ExtraMember>? extras = null;
        foreach (var member in tool.EnumerateObject())
        {
            var name = RequestValue.NameOf(member);
            if (name is not ("type" or "name" or "description" or "parameters" or "strict") && member.Value.Says())
                (extras ??= []).Add(new ExtraMember(Operation.Responses, $"{path}.{name}", name, RawJson.Of(member.Value)));
        }

        return new ToolDefinition
        {
            Name = RequestValue.Text(tool.Get("name"u8), $"{path}.name") ?? throw RequestValue.Missing($"{path}.name"),
            Description = RequestValue.Text(tool.Get("description"u8), $"{path}.description"),
            Parameters = RequestValue.IsObject(parameters, $"{path}.parameters") ? RawJson.Of(parameters) : default,
            Strict = RequestValue.Flag(tool.Get("strict"u8), $"{path}.strict") ?? true,
            Extras = extras,
        };
    }

    /// <summary>Reads <c>tool_choice</c>.</summary>
    /// <returns>False when it names something only this wire has.</returns>
    /// <exception cref="RequestFormatException">It is no choice.</exception>
    public static bool TryReadChoice(JsonElement choice, out ToolChoice? result)
    {
        result = null;
        if (choice.Text() is { } word)
        {
            result = new ToolChoice(Mode(word));
            return true;
        }

        if (!RequestValue.IsObject(choice, "tool_choice"))
            return true;
        switch (choice.Text("type"u8))
        {
            case "function":
                result = new ToolChoice(ToolChoiceMode.Named, [choice.Text("name"u8) ?? throw RequestValue.Missing("tool_choice.name")]);
                return true;
            case "allowed_tools":
                var names = new List<string>();
                if (RequestValue.IsArray(choice.Get("tools"u8), "tool_choice.tools"))
                {
                    foreach (var tool in choice.Get("tools"u8).EnumerateArray())
                    {
                        if ((tool.Text("name"u8) ?? tool.Text("type"u8)) is { } name)
                            names.Add(name);
                    }
                }

                result = new ToolChoice(Mode(choice.Text("mode"u8) ?? "auto"), names);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Reads <c>text.format</c>.</summary>
    /// <returns>False when it is a format only this wire has.</returns>
    /// <exception cref="RequestFormatException">It is no format.</exception>
    public static bool TryReadFormat(JsonElement format, out ResponseFormat? result)
    {
        result = null;
        if (!RequestValue.IsObject(format, "text.format"))
            return true;
        switch (format.Text("type"u8))
        {
            case "text":
                return true;
            case "json_object":
                result = new ResponseFormat();
                return true;
            case "json_schema":
                result = new ResponseFormat
                {
                    Schema = format.Raw("schema"u8),
                    Name = RequestValue.Text(format.Get("name"u8), "text.format.name"),
                    Description = RequestValue.Text(format.Get("description"u8), "text.format.description"),
                    Strict = RequestValue.Flag(format.Get("strict"u8), "text.format.strict"),
                };
                return true;
            default:
                return false;
        }
    }

    private static ToolChoiceMode Mode(string word) => word switch
    {
        "auto" => ToolChoiceMode.Auto,
        "none" => ToolChoiceMode.None,
        "required" => ToolChoiceMode.Required,
        _ => throw new RequestFormatException("'tool_choice' must be one of none, auto and required.", "tool_choice"),
    };
}
