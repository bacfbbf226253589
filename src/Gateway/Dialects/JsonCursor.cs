using System.Buffers;
using System.Buffers.Text;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Json;

namespace Gateway.Dialects;

/// <summary>
/// Walks JSON (RFC 8259, strictly) token by token, as <see cref="Utf8JsonReader"/> does and with its names, but at the speed of a search:
/// that reader leaves its vectorised path at the first escape of a string and goes on byte by byte, and model text is full of <c>\n</c>.
/// Strings are checked (escapes, control characters) but not decoded; invalid UTF-8 and lone surrogates are the business of whoever decodes.
/// </summary>
internal ref struct JsonCursor
{
    /// <summary>Deepest nesting accepted.</summary>
    public const int MaxDepth = 256;

    /// <summary>What ends a run of plain string bytes: the closing quote, an escape, or a control character, which must not stand there.</summary>
    public static readonly SearchValues<byte> StringStops = SearchValues.Create([.. Enumerable.Range(0, 32).Select(b => (byte)b), (byte)'"', (byte)'\\']);

    /// <summary>After so many bytes without a stop there are likely to be many more.</summary>
    private const int LongRun = 256;

    private readonly ReadOnlySpan<byte> _json;
    private Nesting _nesting;
    private int _depth;
    private bool _isInObject;
    private ReadOnlySpan<byte> _value;
    private bool _hasEscapes;
    private State _state;

    /// <param name="json">The whole text, UTF-8.</param>
    public JsonCursor(ReadOnlySpan<byte> json)
    {
        _json = json;
        _state = State.Value;
    }

    private enum State : byte
    {
        Value,
        ValueOrEnd,
        MemberOrEnd,
        Member,
        AfterValue,
        End,
    }

    /// <summary>What the cursor stands on.</summary>
    public JsonTokenType TokenType { get; private set; }

    /// <summary>Depth of the token: 0 for the root, and a container's own tokens stand one above its contents.</summary>
    public readonly int CurrentDepth => TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray ? _depth - 1 : _depth;

    /// <summary>Where the token begins, in bytes.</summary>
    public int TokenStart { get; private set; }

    /// <summary>Where the token ends, in bytes.</summary>
    public int Position { get; private set; }

    /// <summary>The token's bytes; of strings and names what stands between the quotes, escapes not decoded.</summary>
    public readonly ReadOnlySpan<byte> ValueSpan => _value;

    /// <summary>Moves to the next token.</summary>
    /// <returns>False at the end of a complete text.</returns>
    /// <exception cref="JsonException">The text is not JSON, or ends too early.</exception>
    public bool Read()
    {
        var at = AfterWhitespace(Position);
        if (_state == State.AfterValue && At(at) == ',')
        {
            at = AfterWhitespace(at + 1);
            _state = _isInObject ? State.Member : State.Value;
        }

        Position = at;
        if (at == _json.Length)
        {
            if (_state == State.End)
                return false;
            throw Error();
        }

        TokenStart = at;
        var next = _json[at];
        switch (_state)
        {
            case State.AfterValue when next is (byte)'}' or (byte)']':
            case State.MemberOrEnd when next == '}':
            case State.ValueOrEnd when next == ']':
                Close(next);
                break;
            case State.MemberOrEnd or State.Member:
                ReadName(next);
                break;
            case State.Value or State.ValueOrEnd:
                ReadValue(next);
                break;
            default:
                throw Error(); // something else follows a value, or anything the end
        }

        return true;
    }

    /// <summary>Moves past the value the cursor stands on; from a name, past the member's value.</summary>
    public void Skip()
    {
        if (TokenType == JsonTokenType.PropertyName)
            Read();
        if (TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return;
        var outside = _depth - 1;
        do
            Read();
        while (_depth > outside);
    }

    /// <summary>Whether the string or name holds escapes.</summary>
    public readonly bool ValueIsEscaped => _hasEscapes;

    /// <summary>Whether the string or name is this text, however it is escaped. What is not text is no text's equal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // a reader compares a name with many texts whose lengths are constants
    public readonly bool TextIs(ReadOnlySpan<byte> text) =>
        _hasEscapes ? DecodedIs(text) : ValueSpan.SequenceEqual(text);

    /// <summary>The string, decoded.</summary>
    /// <exception cref="InvalidOperationException">It is not text: invalid UTF-8 or a lone surrogate.</exception>
    public readonly string GetString() => !_hasEscapes && Ascii.IsValid(ValueSpan) ? Encoding.Latin1.GetString(ValueSpan) : Decoded();

    /// <summary>Decodes the string into <paramref name="text"/>, which is at least as long as <see cref="ValueSpan"/>.</summary>
    /// <inheritdoc cref="GetString"/>
    public readonly int CopyString(Span<char> text) => Decoder().CopyString(text);

    /// <summary>The number, when it is a whole one in range.</summary>
    public readonly bool TryGetInt64(out long value) => Utf8Parser.TryParse(ValueSpan, out value, out var used) && used == _value.Length;

    /// <inheritdoc cref="TryGetInt64"/>
    public readonly bool TryGetInt32(out int value) => Utf8Parser.TryParse(ValueSpan, out value, out var used) && used == _value.Length;

    /// <summary>The number, as near as a double comes to it.</summary>
    public readonly bool TryGetDouble(out double value) => Utf8Parser.TryParse(ValueSpan, out value, out var used) && used == _value.Length;

    // Not inlined: the reader is large, and a caller would clear it whether it decodes or not.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly string Decoded() => Decoder().GetString()!;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly bool DecodedIs(ReadOnlySpan<byte> text)
    {
        var decoder = Decoder();
        return decoder.TextIs(text);
    }

    /// <summary>The framework's reader on the string alone.</summary>
    private readonly Utf8JsonReader Decoder()
    {
        var reader = new Utf8JsonReader(_json.Slice(TokenStart, _value.Length + 2));
        reader.Read();
        return reader;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int AfterWhitespace(int at) => (uint)at < (uint)_json.Length && _json[at] > ' ' ? at : AfterAnyWhitespace(at);

    private readonly int AfterAnyWhitespace(int at)
    {
        var json = _json;
        while (at < json.Length && json[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            at++;
        return at;
    }

    private void ReadName(byte next)
    {
        if (next != '"')
            throw Error();
        ReadString();
        TokenType = JsonTokenType.PropertyName;
        Position = AfterWhitespace(Position);
        if (At(Position) != ':')
            throw Error();
        Position++;
        _state = State.Value;
    }

    private void ReadValue(byte next)
    {
        switch (next)
        {
            case (byte)'"':
                ReadString();
                TokenType = JsonTokenType.String;
                Finish();
                break;
            case (byte)'{':
                Open(JsonTokenType.StartObject, isObject: true, State.MemberOrEnd);
                break;
            case (byte)'[':
                Open(JsonTokenType.StartArray, isObject: false, State.ValueOrEnd);
                break;
            case (byte)'t':
                ReadWord("true"u8, JsonTokenType.True);
                break;
            case (byte)'f':
                ReadWord("false"u8, JsonTokenType.False);
                break;
            case (byte)'n':
                ReadWord("null"u8, JsonTokenType.Null);
                break;
            default:
                ReadNumber();
                break;
        }
    }

    private void Open(JsonTokenType type, bool isObject, State state)
    {
        if (_depth == MaxDepth)
            throw Error();
        SetObject(_depth++, isObject);
        _isInObject = isObject;
        TokenType = type;
        _value = _json.Slice(Position++, 1);
        _state = state;
    }

    private void Close(byte bracket)
    {
        if (_depth == 0 || _isInObject != (bracket == '}'))
            throw Error();
        if (--_depth > 0)
            _isInObject = IsObject(_depth - 1);
        TokenType = bracket == '}' ? JsonTokenType.EndObject : JsonTokenType.EndArray;
        _value = _json.Slice(Position++, 1);
        Finish();
    }

    private void Finish() => _state = _depth == 0 ? State.End : State.AfterValue;

    /// <summary>Reads a string. Most are names and words, which end in their first block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ReadString()
    {
        var start = Position + 1;
        _hasEscapes = false;
        if (start + Vector256<byte>.Count <= _json.Length && StopsOf(_json[start..]) is not 0 and var stops
            && start + BitOperations.TrailingZeroCount(stops) is var stop && _json[stop] == '"')
            End(start, stop);
        else
            ReadAnyString(start);
    }

    /// <summary>The places in the first block of a text at which a string may not go on plainly: a bit for each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint StopsOf(ReadOnlySpan<byte> text)
    {
        var block = Vector256.Create(text);
        return (Vector256.Equals(block, Vector256.Create((byte)'"')) | Vector256.Equals(block, Vector256.Create((byte)'\\'))
            | Vector256.LessThan(block, Vector256.Create((byte)' '))).ExtractMostSignificantBits();
    }

    private void End(int start, int stop)
    {
        _value = _json[start..stop];
        Position = stop + 1;
    }

    private void ReadAnyString(int start)
    {
        var at = start;
        var plainFrom = at;
        while (at + Vector256<byte>.Count <= _json.Length)
        {
            // All stops of a block at once: model text is full of them, and a search for each takes longer to begin than to find it.
            ulong stops = StopsOf(_json[at..]);
            var next = at + Vector256<byte>.Count;
            while (stops != 0)
            {
                var stop = at + BitOperations.TrailingZeroCount(stops);
                if (EndsAt(stop))
                    return;
                plainFrom = stop + EscapeLength(stop);
                next = Math.Max(next, plainFrom);
                stops &= ulong.MaxValue << (plainFrom - at); // an escape may reach beyond the block
            }

            at = next;
            if (at - plainFrom < LongRun)
                continue;
            // Where there are none, such as in an image, a search looks at more at once.
            var run = _json[at..].IndexOfAny(StringStops);
            at = plainFrom = run < 0 ? _json.Length : at + run;
        }

        while (true)
        {
            while (At(at) is >= (byte)' ' and not ((byte)'"' or (byte)'\\'))
                at++;
            if (EndsAt(at))
                return;
            at += EscapeLength(at);
        }
    }

    /// <summary>Ends the string where the stop is its closing quote; what else may stand there is an escape.</summary>
    private bool EndsAt(int stop)
    {
        var found = At(stop);
        if (found == '"')
        {
            End(TokenStart + 1, stop);
            return true;
        }

        if (found != '\\')
            throw Error();
        _hasEscapes = true;
        return false;
    }

    private readonly int EscapeLength(int at)
    {
        if (at + 1 >= _json.Length)
            throw Error();
        switch (_json[at + 1])
        {
            case (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t':
                return 2;
            case (byte)'u' when at + 6 <= _json.Length
                && char.IsAsciiHexDigit((char)_json[at + 2]) && char.IsAsciiHexDigit((char)_json[at + 3])
                && char.IsAsciiHexDigit((char)_json[at + 4]) && char.IsAsciiHexDigit((char)_json[at + 5]):
                return 6;
            default:
                throw Error();
        }
    }

    private void ReadWord(ReadOnlySpan<byte> word, JsonTokenType type)
    {
        if (!_json[Position..].StartsWith(word))
            throw Error();
        TokenType = type;
        _value = _json.Slice(Position, word.Length);
        Position += word.Length;
        Finish();
    }

    private void ReadNumber()
    {
        var at = Position;
        if (At(at) == '-')
            at++;
        at = At(at) == '0' ? at + 1 : AfterDigits(at);
        if (At(at) == '.')
            at = AfterDigits(at + 1);

        if (At(at) is (byte)'e' or (byte)'E')
        {
            at++;
            if (At(at) is (byte)'+' or (byte)'-')
                at++;
            at = AfterDigits(at);
        }

        TokenType = JsonTokenType.Number;
        _value = _json[Position..at];
        Position = at;
        Finish();
    }

    private readonly byte At(int at) => at < _json.Length ? _json[at] : (byte)0;

    /// <summary>Where the digits end that begin here: at least one.</summary>
    private readonly int AfterDigits(int at)
    {
        var json = _json; // a copy stays in registers
        var start = at;
        while (at < json.Length && char.IsAsciiDigit((char)json[at]))
            at++;
        return at > start ? at : throw Error();
    }

    private readonly JsonException Error() => new($"Not valid JSON at byte {Position + 1}.");

    private readonly bool IsObject(int depth) => (_nesting[depth >> 6] & (1UL << depth)) != 0;

    private void SetObject(int depth, bool isObject)
    {
        ref var word = ref _nesting[depth >> 6];
        word = isObject ? word | (1UL << depth) : word & ~(1UL << depth);
    }

    /// <summary>One bit for each open container: whether it is an object.</summary>
    [InlineArray(MaxDepth / 64)]
    private struct Nesting
    {
        private ulong _bits;
    }
}
