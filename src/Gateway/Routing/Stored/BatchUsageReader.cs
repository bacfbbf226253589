using System.Buffers;
using System.Text.Json;
using Gateway.Dialects;
using Gateway.Dialects.OpenAi;
using Gateway.Metering;

namespace Gateway.Routing.Stored;

/// <summary>Adds up the usage in a batch's output (one JSON object a line) as it passes, by model.</summary>
/// <param name="maxLine">Longest line read, in bytes; a longer one is passed over.</param>
internal sealed class BatchUsageReader(int maxLine)
{
    private readonly ArrayBufferWriter<byte> _line = new(4096);
    private readonly Dictionary<string, TokenUsage> _models = [];
    private bool _isTooLong;

    /// <summary>Usage by model.</summary>
    public IReadOnlyDictionary<string, TokenUsage> Models => _models;

    /// <summary>Whether a line could not be read, so that there may be more.</summary>
    public bool IsPartial { get; private set; }

    /// <summary>Takes bytes, cut anywhere.</summary>
    public void Take(ReadOnlySpan<byte> bytes)
    {
        for (int end; (end = bytes.IndexOf((byte)'\n')) >= 0; bytes = bytes[(end + 1)..])
        {
            Append(bytes[..end]);
            End();
        }

        Append(bytes);
    }

    /// <summary>Ends a line; to be called once more after the last bytes.</summary>
    public void End()
    {
        if (_isTooLong)
            IsPartial = true;
        else
            Read(_line.WrittenMemory);
        _line.ResetWrittenCount();
        _isTooLong = false;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        _isTooLong |= _line.WrittenCount + bytes.Length > maxLine;
        if (!_isTooLong)
            _line.Write(bytes);
    }

    private void Read(ReadOnlyMemory<byte> line)
    {
        if (line.Span.Trim(" \t\r"u8).IsEmpty)
            return;
        try
        {
            using var document = WireJson.Parse(line);
            var body = document.RootElement.Get("response"u8).Get("body"u8);
            if (OpenAiUsage.Read(body.Get("usage"u8)) is { } usage && body.Text("model"u8) is { Length: > 0 } model)
                _models[model] = _models.GetValueOrDefault(model) + usage;
        }
        catch (JsonException)
        {
            IsPartial = true;
        }
    }
}
