using System.Text;
using System.Text.Json;

namespace Gateway.Tests.Transport;

/// <summary>One block of an event stream, found by reading it line by line.</summary>
/// <param name="Start">Offset of its first byte.</param>
/// <param name="End">Offset after its blank line, or the end of the stream.</param>
/// <param name="DataEnd">Offset after the last byte of its last data line; -1 without one.</param>
/// <param name="Data">Its data, or null.</param>
internal sealed record SseBlock(int Start, int End, int DataEnd, string? Data)
{
    /// <summary>The data as JSON; null when it is none.</summary>
    public JsonElement? Json { get; } = Data is { Length: > 0 } && Data[0] == '{' ? JsonElement.Parse(Data) : null;

    /// <summary>Every block; what follows the last blank line is one too.</summary>
    public static List<SseBlock> Split(ReadOnlySpan<byte> bytes)
    {
        var blocks = new List<SseBlock>();
        var (start, at, dataEnd) = (0, bytes.StartsWith("\uFEFF"u8) ? 3 : 0, -1);
        var data = new List<string>();
        var any = false;
        while (at < bytes.Length)
        {
            var length = bytes[at..].IndexOfAny((byte)'\r', (byte)'\n');
            var end = length < 0 ? bytes.Length : at + length;
            var line = Encoding.UTF8.GetString(bytes[at..end]);
            var next = Math.Min(end + 1, bytes.Length);
            if (end < bytes.Length - 1 && bytes[end] == '\r' && bytes[end + 1] == '\n')
                next++;
            if (line.StartsWith("data:", StringComparison.Ordinal))
            {
                data.Add(line.StartsWith("data: ", StringComparison.Ordinal) ? line[6..] : line[5..]);
                dataEnd = end;
            }

            any |= line.Length > 0;
            at = next;
            if (line.Length == 0 && any)
                Close();
        }

        if (start < bytes.Length && any)
            Close();
        return blocks;

        void Close()
        {
            blocks.Add(new SseBlock(start, at, dataEnd, data.Count == 0 ? null : string.Join('\n', data)));
            (start, dataEnd, any) = (at, -1, false);
            data.Clear();
        }
    }
}
