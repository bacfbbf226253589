using System.Text.Json;
using Gateway.Dialects;

namespace Gateway.Routing.Affinity;

/// <summary>
/// What the requests of one conversation have in common, on every wire: the <c>prompt_cache_key</c>, otherwise the instructions and the turns up to the
/// first of the user. Read as the bytes stand there, without decoding.
/// </summary>
internal ref struct ConversationStart
{
    // Of a text that is not made of turns, so much is taken for its beginning.
    private const int LongestText = 2_048;

    private readonly ulong _salt;
    private JsonCursor _cursor;
    private ulong _instructions;
    private ulong _turns;
    private ulong? _cacheKey;
    private bool _isFound;

    private ConversationStart(ReadOnlySpan<byte> body, ulong salt)
    {
        _cursor = new JsonCursor(body);
        (_salt, _instructions, _turns) = (salt, salt, salt);
    }

    /// <summary>Hashes it.</summary>
    /// <param name="body">The request, JSON.</param>
    /// <param name="salt">What the hash begins with.</param>
    /// <returns>Null when the request has no such beginning.</returns>
    public static ulong? Hash(ReadOnlySpan<byte> body, ulong salt)
    {
        if (body.IsEmpty)
            return null;
        var start = new ConversationStart(body, salt);
        try
        {
            start.Read();
        }
        catch (JsonException)
        {
            return null;
        }

        return start._cacheKey ?? (start._isFound ? TenantSalt.Add(start._instructions, start._turns) : null);
    }

    private void Read()
    {
        if (!_cursor.Read() || _cursor.TokenType != JsonTokenType.StartObject)
            return;
        while (_cacheKey is null && _cursor.Read() && _cursor.TokenType == JsonTokenType.PropertyName)
        {
            var isCacheKey = _cursor.TextIs("prompt_cache_key"u8);
            var isInstructions = _cursor.TextIs("system"u8) || _cursor.TextIs("instructions"u8) || _cursor.TextIs("systemInstruction"u8) || _cursor.TextIs("system_instruction"u8);
            var isTurns = _cursor.TextIs("messages"u8) || _cursor.TextIs("input"u8) || _cursor.TextIs("contents"u8) || _cursor.TextIs("prompt"u8);
            _cursor.Read();
            if (isCacheKey && _cursor.TokenType == JsonTokenType.String && !_cursor.ValueSpan.IsEmpty)
                _cacheKey = TenantSalt.Add(~_salt, _cursor.ValueSpan); // no conversation begins like that
            else if (isInstructions)
                AddValue(ref _instructions);
            else if (isTurns)
                AddTurns();
            else
                _cursor.Skip();
        }
    }

    /// <summary>Adds the turns up to the first that is not the system's; where there are none, the beginning of the text.</summary>
    private void AddTurns()
    {
        if (_cursor.TokenType != JsonTokenType.StartArray)
        {
            AddValue(ref _turns);
            return;
        }

        var isOver = false;
        while (_cursor.Read() && _cursor.TokenType != JsonTokenType.EndArray)
        {
            if (isOver)
                _cursor.Skip();
            else
                isOver = !AddValue(ref _turns);
        }
    }

    /// <summary>Adds every text of the value the cursor stands on.</summary>
    /// <returns>Whether it was a turn of the system's.</returns>
    private bool AddValue(ref ulong hash)
    {
        var depth = _cursor.CurrentDepth;
        var isSystem = false;
        var isRole = false;
        do
        {
            if (_cursor.TokenType == JsonTokenType.String)
            {
                isSystem |= isRole && (_cursor.TextIs("system"u8) || _cursor.TextIs("developer"u8));
                var text = _cursor.ValueSpan;
                hash = TenantSalt.Add(hash, depth == 1 && text.Length > LongestText ? text[..LongestText] : text);
                _isFound = true;
            }
            else if (_cursor.TokenType == JsonTokenType.PropertyName && (_cursor.TextIs("cache_control"u8) || _cursor.TextIs("cachePoint"u8)))
            {
                _cursor.Skip(); // such marks move on as the conversation does
            }

            isRole = _cursor.TokenType == JsonTokenType.PropertyName && _cursor.TextIs("role"u8);
        }
        while ((_cursor.CurrentDepth > depth || _cursor.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) && _cursor.Read());

        return isSystem;
    }
}
