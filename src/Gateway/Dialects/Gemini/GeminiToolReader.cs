using System.Text.Json;
using Gateway.Dialects.Gemini.Schemas;
using Gateway.Protocol;

namespace Gateway.Dialects.Gemini;

/// <summary>Reads <c>tools</c> and <c>toolConfig</c>.</summary>
internal static class GeminiToolReader
{
    /// <summary>Reads the list: functions one by one, every other member of an entry as a tool of its own.</summary>
    public static void Read(JsonElement tools, ChatRequest request)
    {
        var at = 0;
        foreach (var tool in tools.Items())
        {
            var path = $"tools[{at++}]";
            if (tool.ValueKind != JsonValueKind.Object)
                throw new RequestFormatException($"{path} must be an object.", path);
            foreach (var member in tool.EnumerateObject())
            {
                if (GeminiJson.Camel(member) == "functionDeclarations")
                    ReadFunctions(member.Value, $"{path}.functionDeclarations", request);
                else if (member.Value.Says())
                    request.Tools.Add(new ToolDefinition { Name = member.Name, Native = GeminiJson.Extra(path, member) });
            }
        }
    }

    /// <summary>Reads the configuration; what is not a choice stays as it is.</summary>
    public static void ReadChoice(JsonElement config, ChatRequest request)
    {
        if (config.ValueKind != JsonValueKind.Object)
            return;
        var calling = config.Member("functionCallingConfig"u8);
        var names = calling.Member("allowedFunctionNames"u8).Items().Select(name => name.Text()).OfType<string>().ToArray();
        var mode = calling.TextOf("mode"u8)?.ToUpperInvariant();
        request.ToolChoice = mode switch
        {
            "NONE" => new ToolChoice(ToolChoiceMode.None),
            "ANY" => names.Length == 1 ? new ToolChoice(ToolChoiceMode.Named, names) : new ToolChoice(ToolChoiceMode.Required, names),
            "AUTO" or "VALIDATED" => new ToolChoice(ToolChoiceMode.Auto, names),
            _ => names.Length > 0 ? new ToolChoice(ToolChoiceMode.Auto, names) : null,
        };
        foreach (var member in config.EnumerateObject())
        {
            if (GeminiJson.Camel(member) != "functionCallingConfig")
                request.Extras.Add(GeminiJson.Extra(GeminiToolWriter.ConfigPath, member));
        }

        if (calling.ValueKind != JsonValueKind.Object)
            return;
        foreach (var member in calling.EnumerateObject())
        {
            var name = GeminiJson.Camel(member);
            // The canonical model's "auto" does not say that the arguments are held to the schema.
            if (name is not ("mode" or "allowedFunctionNames") || (name == "mode" && mode == "VALIDATED"))
                request.Extras.Add(GeminiJson.Extra(GeminiToolWriter.CallingPath, member));
        }
    }

    private static void ReadFunctions(JsonElement functions, string path, ChatRequest request)
    {
        var at = 0;
        foreach (var function in functions.Items())
        {
            var functionPath = $"{path}[{at++}]";
            if (function.TextOf("name"u8) is not { Length: > 0 } name)
                throw new RequestFormatException($"{functionPath}.name is missing.", $"{functionPath}.name");
            var parameters = function.Get("parameters"u8);
            var jsonSchema = function.Member("parametersJsonSchema"u8);
            List<ExtraMember>? extras = null;
            foreach (var member in function.EnumerateObject())
            {
                if (member.Value.Says() && GeminiJson.Camel(member) is not ("name" or "description" or "parameters" or "parametersJsonSchema"))
                    (extras ??= []).Add(GeminiJson.Extra(functionPath, member));
            }

            request.Tools.Add(new ToolDefinition
            {
                Name = name,
                Description = function.TextOf("description"u8),
                Parameters = jsonSchema.Says() ? RawJson.Of(jsonSchema) : parameters.Says() ? SchemaFromOpenApi.Convert(parameters) : default,
                Extras = extras,
            });
        }
    }
}
