using System.Text;
using System.Text.Json;

namespace Gateway.Configuration.Documents;

/// <summary>Reads JSON with comments and trailing commas into <see cref="ConfigNode"/>s, keeping positions and refusing duplicate names.</summary>
internal ref struct ConfigDocumentReader
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private readonly ReadOnlySpan<byte> _json;
    private readonly ProblemList _problems;
    private Utf8JsonReader _reader;
    private int _line;
    private int _lineStart;
    private int _scanned;

    private ConfigDocumentReader(ReadOnlySpan<byte> json, ProblemList problems)
    {
        _json = json;
        _problems = problems;
        _line = 1;
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
    }

    /// <summary>Reads a document.</summary>
    /// <param name="json">UTF-8, with or without a byte order mark. Empty counts as <c>{}</c>.</param>
    /// <param name="problems">Gets syntax errors, with line and column.</param>
    /// <returns>The root, or null when the JSON is broken or not an object.</returns>
    public static ConfigNode? Read(ReadOnlySpan<byte> json, ProblemList problems)
    {
        if (json.StartsWith(ByteOrderMark)) json = json[3..];
        if (json.Trim(" \t\r\n"u8).IsEmpty) return new ConfigNode(JsonValueKind.Object);
        var document = new ConfigDocumentReader(json, problems);
        try
        {
            document._reader.Read();
            var root = document.ReadValue(JsonPath.Root);
            document._reader.Read();
            if (root.Kind == JsonValueKind.Object) return root;
            problems.Add(new ConfigProblem(JsonPath.Root, "must be an object: { … }") { Line = root.Line, Column = root.Column });
        }
        catch (JsonException e)
        {
            problems.Add(document.SyntaxProblem(e));
        }

        return null;
    }

    private ConfigNode ReadValue(string path)
    {
        var (line, column) = Position((int)_reader.TokenStartIndex);
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var parent = new ConfigNode(JsonValueKind.Object) { Line = line, Column = column };
                while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject) ReadMember(parent, path);
                return parent;
            case JsonTokenType.StartArray:
                var array = new ConfigNode(JsonValueKind.Array) { Line = line, Column = column };
                while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
                    array.Set(array.Items.Count, ReadValue(JsonPath.Item(path, array.Items.Count)));
                return array;
            case JsonTokenType.String:
                return new ConfigNode(JsonValueKind.String, ReadText(path, line, column)) { Line = line, Column = column };
            case JsonTokenType.Number:
                return new ConfigNode(JsonValueKind.Number, Encoding.UTF8.GetString(_reader.ValueSpan)) { Line = line, Column = column };
            case JsonTokenType.True:
                return new ConfigNode(JsonValueKind.True) { Line = line, Column = column };
            case JsonTokenType.False:
                return new ConfigNode(JsonValueKind.False) { Line = line, Column = column };
            default:
                return new ConfigNode(JsonValueKind.Null) { Line = line, Column = column };
        }
    }

    private void ReadMember(ConfigNode parent, string path)
    {
        var (line, column) = Position((int)_reader.TokenStartIndex);
        var name = ReadText(path, line, column);
        var memberPath = JsonPath.Member(path, name);
        if (parent.Find(name) is { } first)
        {
            _problems.Add(new ConfigProblem(memberPath, $"is written twice (first on line {first.Line}); keep one") { Line = line, Column = column });
        }

        _reader.Read();
        parent.Set(name, ReadValue(memberPath));
    }

    private string ReadText(string path, int line, int column)
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            _problems.Add(new ConfigProblem(path, "holds text that is not valid UTF-8 or half of a surrogate pair") { Line = line, Column = column });
            return "";
        }
    }

    // Tokens come in order, so lines are counted once over the whole file.
    private (int Line, int Column) Position(int offset)
    {
        for (; _scanned < offset; _scanned++)
        {
            if (_json[_scanned] == '\n') (_line, _lineStart) = (_line + 1, _scanned + 1);
        }

        return (_line, Encoding.UTF8.GetCharCount(_json[_lineStart..offset]) + 1);
    }

    // The reader's own message may repeat an unquoted value, which may be a secret; one character cannot.
    private static ConfigProblem Syntax(string message, int line, int column) =>
        new(JsonPath.Root, message) { Line = line, Column = column };

    private readonly ConfigProblem SyntaxProblem(JsonException e)
    {
        var line = (int)(e.LineNumber ?? 0);
        var start = 0;
        for (var n = 0; n < line; n++)
        {
            var next = _json[start..].IndexOf((byte)'\n');
            if (next < 0) break;
            start += next + 1;
        }

        var offset = Math.Min(start + (int)(e.BytePositionInLine ?? 0), _json.Length);
        var column = Encoding.UTF8.GetCharCount(_json[start..offset]) + 1;
        if (offset >= _json.Length) return Syntax("is not valid JSON: it ends too early; a bracket, brace or quote is left open", line + 1, column);
        var found = _json[offset] is > 0x20 and < 0x7F ? $"unexpected '{(char)_json[offset]}'" : "unexpected text";
        return Syntax($"is not valid JSON: {found}; a comma, colon, quote or bracket is missing here or just before", line + 1, column);
    }
}
