using System.Globalization;
using System.Text;
using System.Text.Json;

namespace GatewayApi.Simulator;

/// <summary>Reads the input of embeddings and legacy completions: a text, texts, tokens, or arrays of tokens.</summary>
internal static class InputTexts
{
    /// <summary>The texts and how many tokens they have together. Token arrays stay numbers, written out as text.</summary>
    /// <exception cref="SimulatorException">400 when the member is absent, empty or mixed.</exception>
    public static (IReadOnlyList<string> Texts, int Tokens) Read(JsonElement body, string name)
    {
        var input = body.Member(name);
        if (input.ValueKind == JsonValueKind.String)
        {
            var text = input.Text();
            return ([text], TokenText.Count(text));
        }

        if (input.ValueKind != JsonValueKind.Array || input.GetArrayLength() == 0)
            throw Invalid(name);

        if (input[0].ValueKind == JsonValueKind.Number)
            return ([Tokens(input, name)], input.GetArrayLength());

        var texts = new List<string>(input.GetArrayLength());
        var tokens = 0;
        foreach (var element in input.EnumerateArray())
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.String:
                    texts.Add(element.Text());
                    tokens += TokenText.Count(texts[^1]);
                    break;
                case JsonValueKind.Array:
                    texts.Add(Tokens(element, name));
                    tokens += element.GetArrayLength();
                    break;
                default:
                    throw Invalid(name);
            }
        }

        return (texts, tokens);
    }

    private static string Tokens(JsonElement tokens, string name)
    {
        var text = new StringBuilder();
        foreach (var token in tokens.EnumerateArray())
        {
            if (token.ValueKind != JsonValueKind.Number || !token.TryGetInt32(out var id))
                throw Invalid(name);
            text.Append(CultureInfo.InvariantCulture, $"{id} ");
        }

        return text.ToString();
    }

    private static SimulatorException Invalid(string name) =>
        SimulatorException.BadRequest(name, "'" + name + "' is required: a string, an array of strings, or arrays of token numbers.");
}
