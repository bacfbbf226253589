using System.Text.Json;

namespace GatewayApi.Simulator;

/// <summary>What one message holds, in the parts of Chat Completions or of Responses.</summary>
/// <param name="Text">Its texts, joined.</param>
/// <param name="Images">Its images.</param>
/// <param name="Attachments">Its audio clips and files.</param>
internal readonly record struct MessageContent(string Text, int Images, int Attachments)
{
    private const int TokensPerAttachment = 85;

    /// <summary>Tokens of this content.</summary>
    public int Tokens => TokenText.Count(Text) + (Images + Attachments) * TokensPerAttachment;

    /// <summary>Reads a string, an array of parts, or nothing.</summary>
    /// <exception cref="SimulatorException">400 on an unknown part, or content of another kind.</exception>
    public static MessageContent Read(JsonElement content, string parameter)
    {
        switch (content.ValueKind)
        {
            case JsonValueKind.Undefined:
                return new(string.Empty, 0, 0);
            case JsonValueKind.String:
                return new(content.Text(), 0, 0);
            case JsonValueKind.Array:
                break;
            default:
                throw SimulatorException.BadRequest(parameter, "'" + parameter + "' must be a string or an array of parts.");
        }

        var text = string.Empty;
        int images = 0, attachments = 0;
        foreach (var part in content.EnumerateArray())
        {
            switch (part.String("type"))
            {
                case "text" or "input_text" or "output_text":
                    text += (text.Length > 0 ? "\n" : "") + part.String("text");
                    break;
                case "refusal":
                    text += part.String("refusal");
                    break;
                case "image_url" or "input_image":
                    images++;
                    break;
                case "input_audio" or "file" or "input_file":
                    attachments++;
                    break;
                default:
                    throw SimulatorException.BadRequest(parameter, "'" + parameter + "' has a part of an unknown type.");
            }
        }

        return new(text, images, attachments);
    }
}
