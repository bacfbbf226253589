using System.Text;
using System.Text.Json;
using Gateway.Dialects;

namespace Gateway.Routing.Rules;

/// <summary>One walk over a body. Allocates only where a name is written with escapes, which nobody does who has nothing to hide.</summary>
internal ref struct BodyWalk(ReadOnlySpan<byte> body)
{
    private readonly ReadOnlySpan<byte> _body = body;
    private JsonCursor _cursor = new(body);
    private ReadOnlySpan<byte> _member; // the member of the request that the cursor is in
    private Range _user;
    private Range _otherUser;
    private Range _metadata;
    private int _textBytes;
    private int _media;
    private bool _hasTools;
    private bool _hasImages;
    private bool _hasFiles;
    private bool _hasAudio;
    private bool _hasSchema;

    /// <summary>What has been found.</summary>
    public readonly BodyFacts Facts => new()
    {
        TextBytes = _textBytes,
        Media = _media,
        HasTools = _hasTools,
        HasImages = _hasImages,
        HasFiles = _hasFiles,
        HasAudio = _hasAudio,
        HasSchema = _hasSchema,
        User = _user.Equals(default) ? _otherUser : _user,
        Metadata = _metadata,
    };

    /// <summary>Walks to the end.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public void Read()
    {
        if (!_cursor.Read() || _cursor.TokenType != JsonTokenType.StartObject)
            return;
        ReadOnlySpan<byte> name = default;
        while (_cursor.Read())
        {
            switch (_cursor.TokenType)
            {
                case JsonTokenType.PropertyName:
                    name = Name();
                    if (_cursor.CurrentDepth == 1)
                        EnterMember(name);
                    else if (IsCallArguments(name))
                        PassOver();
                    else
                        EnterPart(name);
                    break;
                case JsonTokenType.String:
                    ReadString(name);
                    break;
            }
        }
    }

    private void EnterMember(ReadOnlySpan<byte> name)
    {
        _member = name;
        if (name.SequenceEqual("user"u8))
            _user = ReadPlace(JsonTokenType.String);
        else if (name.SequenceEqual("safety_identifier"u8))
            _otherUser = ReadPlace(JsonTokenType.String);
        else if (name.SequenceEqual("metadata"u8))
            ReadMetadata();
        else if (name.SequenceEqual("tools"u8) || name.SequenceEqual("functions"u8) || name.SequenceEqual("toolConfig"u8))
            ReadTools();
        else if (name.SequenceEqual("format"u8))
            _hasSchema |= !ReadPlace(JsonTokenType.StartObject).Equals(default);
    }

    /// <summary>Members below the top that mean something by their name alone.</summary>
    private void EnterPart(ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("responseSchema"u8) || name.SequenceEqual("responseJsonSchema"u8) || name.SequenceEqual("response_schema"u8))
            _hasSchema = true;
        else if (name.SequenceEqual("images"u8))
            Found(ReadIsFilled(), image: true);
        else if (name.SequenceEqual("image"u8) || name.SequenceEqual("video"u8))
            Found(NextIsObject(), image: true);
        else if (name.SequenceEqual("document"u8))
            Found(NextIsObject(), file: true);
    }

    private void ReadString(ReadOnlySpan<byte> name)
    {
        var value = _cursor.ValueSpan;
        if (name.SequenceEqual("type"u8))
            ReadType();
        else if (name.SequenceEqual("mimeType"u8) || name.SequenceEqual("mime_type"u8))
            Found(true, image: value.StartsWith("image/"u8) || value.StartsWith("video/"u8), audio: value.StartsWith("audio/"u8), file: value.StartsWith("application/"u8) || value.StartsWith("text/"u8));
        else if (!IsMedium(name, value))
            Count(value.Length);
    }

    private void ReadType()
    {
        if (_cursor.TextIs("json_schema"u8))
            _hasSchema |= IsFormat(_member);
        else if (!_member.SequenceEqual("tools"u8))
            Found(true,
                image: _cursor.TextIs("image_url"u8) || _cursor.TextIs("input_image"u8) || _cursor.TextIs("image"u8),
                audio: _cursor.TextIs("input_audio"u8),
                file: _cursor.TextIs("file"u8) || _cursor.TextIs("input_file"u8) || _cursor.TextIs("document"u8) || _cursor.TextIs("container_upload"u8));
    }

    private void Found(bool isThere, bool image = false, bool audio = false, bool file = false)
    {
        if (!isThere || !(image || audio || file))
            return;
        _hasImages |= image;
        _hasAudio |= audio;
        _hasFiles |= file;
        _media++;
    }

    private void ReadMetadata()
    {
        var place = ReadPlace(JsonTokenType.StartObject);
        if (place.Equals(default))
            return;
        var inner = new JsonCursor(_body[place]);
        inner.Read();
        while (inner.Read() && inner.TokenType == JsonTokenType.PropertyName)
        {
            var isUser = inner.TextIs("user_id"u8);
            inner.Read();
            var start = place.Start.Value + inner.TokenStart;
            if (isUser && inner.TokenType == JsonTokenType.String)
                _otherUser = start..(place.Start.Value + inner.Position);
            inner.Skip();
        }

        _metadata = place;
    }

    private void ReadTools()
    {
        _cursor.Read();
        var start = _cursor.TokenStart;
        _cursor.Skip();
        var isFilled = _body[start..(_cursor.Position - 1)].IndexOf((byte)'{') >= 0;
        _hasTools |= isFilled;
        Count(_cursor.Position - start);
    }

    private Range ReadPlace(JsonTokenType type)
    {
        _cursor.Read();
        var (start, isIt) = (_cursor.TokenStart, _cursor.TokenType == type);
        _cursor.Skip();
        return isIt ? start.._cursor.Position : default;
    }

    /// <summary>Passes over an array; whether it holds anything.</summary>
    private bool ReadIsFilled()
    {
        _cursor.Read();
        var start = _cursor.TokenStart;
        _cursor.Skip();
        return _body[start..(_cursor.Position - 1)].ContainsAnyExcept("[ \t\r\n"u8);
    }

    private readonly bool NextIsObject()
    {
        var rest = _body[_cursor.Position..].TrimStart(" \t\r\n:"u8);
        return !rest.IsEmpty && rest[0] == '{';
    }

    private void PassOver()
    {
        var start = _cursor.Position;
        _cursor.Skip();
        Count(_cursor.Position - start);
    }

    private void Count(int bytes) => _textBytes += bytes;

    private readonly ReadOnlySpan<byte> Name()
    {
        if (!_cursor.ValueIsEscaped)
            return _cursor.ValueSpan;
        try
        {
            return Encoding.UTF8.GetBytes(_cursor.GetString());
        }
        catch (InvalidOperationException)
        {
            return _cursor.ValueSpan; // a lone surrogate
        }
    }

    private static bool IsCallArguments(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("input"u8) || name.SequenceEqual("args"u8) || name.SequenceEqual("arguments"u8) || name.SequenceEqual("response"u8);

    private static bool IsFormat(ReadOnlySpan<byte> member) =>
        member.SequenceEqual("response_format"u8) || member.SequenceEqual("text"u8) || member.SequenceEqual("output_format"u8) || member.SequenceEqual("output_config"u8);

    private static bool IsMedium(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        name.SequenceEqual("data"u8) || name.SequenceEqual("bytes"u8) || name.SequenceEqual("file_data"u8) || name.SequenceEqual("model"u8) || name.SequenceEqual("role"u8) || value.StartsWith("data:"u8);
}
