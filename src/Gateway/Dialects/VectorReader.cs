using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Embeddings;

namespace Gateway.Dialects;

/// <summary>What the embedding codecs share.</summary>
internal static class VectorReader
{
    /// <summary>The vector an element holds: an array, or a string of base64.</summary>
    /// <returns>False when it is neither.</returns>
    public static bool TryAdd(JsonElement element, List<EmbeddingVector> vectors)
    {
        if (element.ValueKind is not (JsonValueKind.Array or JsonValueKind.String))
            return false;
        vectors.Add(new EmbeddingVector(RawJson.Of(element)));
        return true;
    }

    /// <summary>Refuses an input that is more than text.</summary>
    /// <exception cref="RequestFormatException">It is token ids or an image.</exception>
    public static string TextOf(EmbeddingInput input, int index, string wire) => input.PlainText ?? throw new RequestFormatException(
        $"The target's wire ({wire}) embeds texts only, not {(input.Parts is null ? "token ids" : "images")}.",
        $"input[{index}]");
}
