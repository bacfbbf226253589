using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Dialects;

namespace Gateway.Metering;

/// <summary>
/// Collects what a model would read of a request body. Strings are unescaped here and not by the JSON reader, which refuses lone
/// surrogates and invalid UTF-8 that clients do send.
/// </summary>
internal sealed class RequestTextWalk : IDisposable
{
    private const int TokensPerMessage = 3;
    private const int TokensBeforeReply = 3;

    private readonly char[] _chars = ArrayPool<char>.Shared.Rent(TokenEstimator.TokenisedChars);
    private int _length;

    /// <summary>The texts, one per line, as far as they are tokenised.</summary>
    public ReadOnlySpan<char> Text => _chars.AsSpan(0, _length);

    /// <summary>Bytes of all texts.</summary>
    public long TextBytes { get; private set; }

    /// <summary>Bytes of the texts that are in <see cref="Text"/>.</summary>
    public long TakenBytes { get; private set; }

    /// <summary>Tokens of what is not text: messages, media, token ids.</summary>
    public long FixedTokens { get; private set; }

    /// <summary>Reads a body, as far as it is JSON.</summary>
    public void Read(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 128, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                ReadMember(ref reader, body);
        }
        catch (JsonException)
        {
            // What was read so far is the estimate.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<char>.Shared.Return(_chars);

    private void ReadMember(ref Utf8JsonReader reader, ReadOnlySpan<byte> body)
    {
        if (reader.TextIs("messages"u8) || reader.TextIs("contents"u8))
        {
            FixedTokens += TokensBeforeReply;
            ReadContent(ref reader);
        }
        else if (reader.TextIs("input"u8) || reader.TextIs("prompt"u8) || reader.TextIs("instructions"u8)
            || reader.TextIs("texts"u8) || reader.TextIs("inputs"u8) || reader.TextIs("images"u8) || reader.TextIs("requests"u8) || reader.TextIs("content"u8)
            || reader.TextIs("query"u8) || reader.TextIs("documents"u8)
            || reader.TextIs("system"u8) || reader.TextIs("systemInstruction"u8) || reader.TextIs("system_instruction"u8))
        {
            ReadContent(ref reader);
        }
        else if (reader.TextIs("tools"u8) || reader.TextIs("functions"u8) || reader.TextIs("toolConfig"u8))
        {
            // Providers show definitions to the model in a form of their own, names included: the JSON is a fair stand-in.
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            Take(body[start..(int)reader.BytesConsumed], escaped: false);
        }
        else
        {
            reader.Read();
            reader.Skip();
        }
    }

    /// <summary>Walks one value: every string below it counts, but for those that are structure or media.</summary>
    private void ReadContent(ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        var kind = StringKind.Text;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    kind = KindOf(ref reader);
                    continue;
                case JsonTokenType.StartObject when reader.CurrentDepth == depth + 1:
                    FixedTokens += TokensPerMessage;
                    break;
                case JsonTokenType.StartArray when kind == StringKind.Medium:
                    ReadMedia(ref reader);
                    break;
                case JsonTokenType.Number when kind == StringKind.Text:
                    FixedTokens++;
                    break;
                case JsonTokenType.String:
                    ReadString(ref reader, kind);
                    break;
            }

            if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray) && reader.CurrentDepth <= depth)
                return;
            if (reader.TokenType is not JsonTokenType.StartArray)
                kind = StringKind.Text;
        }
    }

    /// <summary>Walks an array of media, such as the images beside a text.</summary>
    private void ReadMedia(ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType == JsonTokenType.String && reader.CurrentDepth == depth + 1)
                FixedTokens += TokenEstimator.TokensPerMedium;
        }
    }

    private void ReadString(ref Utf8JsonReader reader, StringKind kind)
    {
        if (kind == StringKind.Medium || (kind == StringKind.Text && IsDataUrl(reader.ValueSpan)))
            FixedTokens += TokenEstimator.TokensPerMedium;
        else if (kind == StringKind.Text)
            Take(reader.ValueSpan, reader.ValueIsEscaped);
    }

    private static StringKind KindOf(ref Utf8JsonReader reader)
    {
        if (reader.TextIs("image_url"u8) || reader.TextIs("images"u8) || reader.TextIs("url"u8) || reader.TextIs("data"u8)
            || reader.TextIs("file_data"u8) || reader.TextIs("bytes"u8) || reader.TextIs("file_id"u8) || reader.TextIs("file_url"u8))
            return StringKind.Medium;
        if (reader.TextIs("type"u8) || reader.TextIs("role"u8) || reader.TextIs("model"u8) || reader.TextIs("taskType"u8) || reader.TextIs("id"u8)
            || reader.TextIs("call_id"u8) || reader.TextIs("tool_call_id"u8) || reader.TextIs("detail"u8)
            || reader.TextIs("status"u8) || reader.TextIs("format"u8) || reader.TextIs("encrypted_content"u8)
            || reader.TextIs("signature"u8) || reader.TextIs("thoughtSignature"u8) || reader.TextIs("media_type"u8) || reader.TextIs("mimeType"u8)
            || reader.TextIs("tool_use_id"u8) || reader.TextIs("toolUseId"u8))
            return StringKind.Structure;
        return StringKind.Text;
    }

    private static bool IsDataUrl(ReadOnlySpan<byte> value) =>
        value.StartsWith("data:"u8) && value[..Math.Min(value.Length, 128)].IndexOf(";base64,"u8) >= 0;

    private void Take(ReadOnlySpan<byte> utf8, bool escaped)
    {
        TextBytes += utf8.Length;
        var room = _chars.Length - _length - 1;
        if (room <= 0)
            return;

        // Never more chars than bytes, escaped or not.
        var taken = utf8[..Math.Min(utf8.Length, room)];
        TakenBytes += taken.Length;
        _length += escaped ? Unescape(taken, _chars.AsSpan(_length)) : Encoding.UTF8.GetChars(taken, _chars.AsSpan(_length));
        _chars[_length++] = '\n';
    }

    private static int Unescape(ReadOnlySpan<byte> utf8, Span<char> chars)
    {
        var length = 0;
        while (!utf8.IsEmpty)
        {
            var slash = utf8.IndexOf((byte)'\\');
            var plain = slash < 0 ? utf8 : utf8[..slash];
            length += Encoding.UTF8.GetChars(plain, chars[length..]);
            utf8 = utf8[plain.Length..];
            if (utf8.Length < 2)
                break;
            if (utf8[1] != 'u')
            {
                chars[length++] = (char)utf8[1] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'b' => '\b', 'f' => '\f', var other => other };
                utf8 = utf8[2..];
            }
            else if (utf8.Length >= 6 && ushort.TryParse(utf8.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
            {
                chars[length++] = (char)unit;
                utf8 = utf8[6..];
            }
            else
            {
                break;
            }
        }

        return length;
    }

    private enum StringKind
    {
        Text,
        Structure,
        Medium,
    }
}
