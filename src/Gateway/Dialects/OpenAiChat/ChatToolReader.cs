using System.Text.Json;
using Gateway.Dialects.OpenAi;
using Gateway.Protocol;

namespace Gateway.Dialects.OpenAiChat;

/// <summary>Reads tools, legacy functions, the choice among them, and the form of the answer.</summary>
internal static class ChatToolReader
{
    /// <summary>Reads <c>tools</c>.</summary>
    /// <exception cref="RequestFormatException">They are no tools.</exception>
    public static void ReadTools(JsonElement tools, List<ToolDefinition> list)
    {
        foreach (var (tool, path) in RequestValue.Objects(tools, "tools"))
            list.Add(ReadTool(tool, path));
    }

    /// <summary>Reads <c>functions</c>, which are tools without a wrapping.</summary>
    /// <inheritdoc cref="ReadTools"/>
    public static void ReadFunctions(JsonElement functions, List<ToolDefinition> list)
    {
        if (!RequestValue.IsArray(functions, "functions"))
            return;
        var index = 0;
        foreach (var function in functions.EnumerateArray())
            list.Add(ReadFunction(function, $"functions[{index++}]", null, null));
    }

    private static ToolDefinition ReadTool(JsonElement tool, string path)
    {
        var type = RequestValue.Text(tool.Get("type"u8), $"{path}.type");
        var function = tool.Get("function"u8);
        if (type is null or "function" && function.ValueKind == JsonValueKind.Object)
        {
            var extras = Extras(tool, path, static name => name is "type" or "function" || ChatCache.IsMark(name), null);
            return ReadFunction(function, $"{path}.function", ChatCache.Read(tool) ?? ChatCache.Read(function), extras);
        }

        if (type is null or "function")
            throw RequestValue.Missing($"{path}.function");
        return new ToolDefinition
        {
            Name = tool.Get(type == "custom" ? "custom"u8 : default).Text("name"u8) ?? type,
            Native = new ExtraMember(Operation.ChatCompletions, $"{path} ({type})", type, RawJson.Of(tool)),
        };
    }

    private static ToolDefinition ReadFunction(JsonElement function, string path, CacheMark? cache, List<ExtraMember>? extras)
    {
        var parameters = function.Get("parameters"u8);
        return new ToolDefinition
        {
            Name = RequestValue.Text(function.Get("name"u8), $"{path}.name") ?? throw RequestValue.Missing($"{path}.name"),
            Description = RequestValue.Text(function.Get("description"u8), $"{path}.description"),
            Parameters = RequestValue.IsObject(parameters, $"{path}.parameters") ? RawJson.Of(parameters) : default,
            Strict = RequestValue.Flag(function.Get("strict"u8), $"{path}.strict"),
            Cache = cache,
            Extras = Extras(function, path, static name => name is "name" or "description" or "parameters" or "strict" || ChatCache.IsMark(name), extras),
        };
    }

    /// <summary>Reads <c>tool_choice</c>.</summary>
    /// <exception cref="RequestFormatException">It is no choice.</exception>
    public static ToolChoice? ReadChoice(JsonElement choice)
    {
        if (!choice.Says())
            return null;
        if (choice.ValueKind == JsonValueKind.String)
            return new ToolChoice(Mode(choice.Text()!, "tool_choice"));
        if (!RequestValue.IsObject(choice, "tool_choice"))
            return null;
        if (choice.Text("type"u8) == "allowed_tools")
        {
            var allowed = choice.Get("allowed_tools"u8);
            return new ToolChoice(Mode(allowed.Text("mode"u8) ?? "auto", "tool_choice.allowed_tools.mode"), Names(allowed.Get("tools"u8)));
        }

        var name = choice.Get("function"u8).Text("name"u8) ?? choice.Get("custom"u8).Text("name"u8);
        return new ToolChoice(ToolChoiceMode.Named, [name ?? throw RequestValue.Missing("tool_choice.function.name")]);
    }

    /// <summary>Reads the legacy <c>function_call</c>.</summary>
    /// <inheritdoc cref="ReadChoice"/>
    public static ToolChoice? ReadFunctionChoice(JsonElement choice) =>
        !choice.Says() ? null
        : choice.Text() is { } word ? new ToolChoice(Mode(word, "function_call"))
        : new ToolChoice(ToolChoiceMode.Named, [choice.Text("name"u8) ?? throw RequestValue.Missing("function_call.name")]);

    /// <summary>Reads <c>response_format</c>.</summary>
    /// <returns>Whether it is a format this wire knows; text is one, and says nothing.</returns>
    /// <exception cref="RequestFormatException">It is no format.</exception>
    public static bool TryReadFormat(JsonElement format, out ResponseFormat? result)
    {
        result = null;
        if (!RequestValue.IsObject(format, "response_format"))
            return true;
        switch (format.Text("type"u8))
        {
            case "text":
                return true;
            case "json_object":
                var beside = format.Get("schema"u8); // some providers have the schema here
                result = new ResponseFormat { Schema = beside.ValueKind == JsonValueKind.Object ? RawJson.Of(beside) : default };
                return true;
            case "json_schema":
                var schema = format.Get("json_schema"u8);
                if (!RequestValue.IsObject(schema, "response_format.json_schema"))
                    throw RequestValue.Missing("response_format.json_schema");
                result = new ResponseFormat
                {
                    Schema = schema.Raw("schema"u8),
                    Name = RequestValue.Text(schema.Get("name"u8), "response_format.json_schema.name"),
                    Description = RequestValue.Text(schema.Get("description"u8), "response_format.json_schema.description"),
                    Strict = RequestValue.Flag(schema.Get("strict"u8), "response_format.json_schema.strict"),
                };
                return true;
            default:
                return false;
        }
    }

    private static ToolChoiceMode Mode(string word, string path) => word switch
    {
        "auto" => ToolChoiceMode.Auto,
        "none" => ToolChoiceMode.None,
        "required" or "any" => ToolChoiceMode.Required,
        _ => throw new RequestFormatException($"'{path}' must be one of none, auto and required.", path),
    };

    private static List<string> Names(JsonElement tools)
    {
        var names = new List<string>();
        if (RequestValue.IsArray(tools, "tool_choice.allowed_tools.tools"))
        {
            foreach (var tool in tools.EnumerateArray())
            {
                if ((tool.Get("function"u8).Text("name"u8) ?? tool.Get("custom"u8).Text("name"u8) ?? tool.Text("name"u8)) is { } name)
                    names.Add(name);
            }
        }

        return names;
    }

    private static List<ExtraMember>? Extras(JsonElement element, string path, Func<string, bool> isKnown, List<ExtraMember>? extras)
    {
        foreach (var member in element.EnumerateObject())
        {
            var name = RequestValue.NameOf(member);
            if (!isKnown(name) && member.Value.Says())
                (extras ??= []).Add(new ExtraMember(Operation.ChatCompletions, $"{path}.{name}", name, RawJson.Of(member.Value)));
        }

        return extras;
    }
}
