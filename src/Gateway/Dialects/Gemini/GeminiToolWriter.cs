using System.Text.Json;
using Gateway.Dialects.Gemini.Schemas;
using Gateway.Protocol;

namespace Gateway.Dialects.Gemini;

/// <summary>Writes <c>tools</c> and <c>toolConfig</c>.</summary>
internal static class GeminiToolWriter
{
    /// <summary>Where extras of the configuration stand.</summary>
    public const string ConfigPath = "toolConfig";

    /// <summary>Where extras of the choice stand.</summary>
    public const string CallingPath = "toolConfig.functionCallingConfig";

    /// <summary>Writes all functions as one entry, which is what the API wants, and its own tools after.</summary>
    public static void Write(Utf8JsonWriter writer, ChatRequest request, GeminiTraits traits, DroppedMembers dropped)
    {
        var functions = 0;
        var natives = 0;
        foreach (var tool in request.Tools)
        {
            if (tool.Native is null)
                functions++;
            else if (tool.Native.Origin == Operation.GenerateContent)
                natives++;
            else
                dropped.Add(tool.Native.Path);
        }

        if (functions + natives == 0)
            return;
        writer.WriteStartArray("tools"u8);
        if (functions > 0)
        {
            writer.WriteStartObject();
            writer.WriteStartArray("functionDeclarations"u8);
            for (var i = 0; i < request.Tools.Count; i++)
            {
                if (request.Tools[i].Native is null)
                    WriteFunction(writer, request, i, traits, dropped);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        foreach (var tool in request.Tools)
        {
            if (tool.Native is not { Origin: Operation.GenerateContent } native)
                continue;
            writer.WriteStartObject();
            writer.WriteRaw(native.Name, native.Value);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes the choice among the functions.</summary>
    public static void WriteConfig(Utf8JsonWriter writer, ChatRequest request, GeminiTraits traits)
    {
        var config = new LazyObject(writer, ConfigPath);
        var calling = new LazyObject(writer, "functionCallingConfig");
        if (request.Tools.Exists(tool => tool.Native is null))
        {
            var ownMode = request.Extras.Find(extra => GeminiRequestWriter.IsIn(extra, CallingPath) && extra.Name == "mode");
            if (ownMode is null && ModeOf(request, traits) is { } mode)
            {
                config.Open();
                calling.Open().WriteString("mode"u8, mode);
            }

            foreach (var extra in request.Extras)
            {
                if (GeminiRequestWriter.IsIn(extra, CallingPath))
                {
                    config.Open();
                    calling.Open().WriteRaw(extra.Name, extra.Value);
                }
            }

            if (request.ToolChoice is { Mode: not ToolChoiceMode.None, Names: { Count: > 0 } names })
            {
                config.Open();
                calling.Open().WriteStartArray("allowedFunctionNames"u8);
                foreach (var name in names)
                    writer.WriteTextValue(name);
                writer.WriteEndArray();
            }
        }

        calling.Close();
        foreach (var extra in request.Extras)
        {
            if (GeminiRequestWriter.IsIn(extra, ConfigPath))
                config.Open().WriteRaw(extra.Name, extra.Value);
        }

        config.Close();
    }

    private static string? ModeOf(ChatRequest request, GeminiTraits traits)
    {
        var mode = request.ToolChoice?.Mode ?? ToolChoiceMode.Auto;
        var isLimited = request.ToolChoice is { Names.Count: > 0 };
        // "Validated" is "auto" with the arguments held to their schemas, and the only "auto" that may be limited to some functions.
        var isStrict = traits.TakesJsonSchema && request.Tools.Exists(tool => tool.Native is null && tool.Strict == true);
        return mode switch
        {
            ToolChoiceMode.None => "NONE",
            ToolChoiceMode.Required or ToolChoiceMode.Named => "ANY",
            _ when isLimited || isStrict => "VALIDATED",
            _ => request.ToolChoice is null ? null : "AUTO",
        };
    }

    private static void WriteFunction(Utf8JsonWriter writer, ChatRequest request, int index, GeminiTraits traits, DroppedMembers dropped)
    {
        var tool = request.Tools[index];
        if (tool.Cache is not null)
            dropped.Add("cache_control");
        dropped.AddForeign(tool.Extras ?? [], Operation.GenerateContent);
        writer.WriteStartObject();
        writer.WriteText("name"u8, tool.Name);
        if (tool.Description is not null)
            writer.WriteText("description"u8, tool.Description);
        if (!tool.Parameters.IsMissing)
        {
            var (schema, isOpenApi) = GeminiSchemas.Choose(tool.Parameters, traits.TakesJsonSchema, $"tools[{index}].function.parameters", dropped);
            // A function without parameters has none: an object without properties is refused.
            if (!GeminiSchemas.IsEmpty(schema))
                writer.WriteRaw(isOpenApi ? "parameters"u8 : "parametersJsonSchema"u8, schema);
        }

        UnknownMembers.WriteOwn(writer, tool.Extras, Operation.GenerateContent);
        writer.WriteEndObject();
    }
}
