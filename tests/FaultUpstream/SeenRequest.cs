using System.Text.Json;

namespace FaultUpstream;

/// <summary>One request that arrived, and what became of it.</summary>
internal sealed class SeenRequest
{
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _notBefore;

    public SeenRequest(string path, IReadOnlyDictionary<string, string> headers, byte[] body, long at)
    {
        (Path, Headers, Body, At) = (path, headers, body, at);
        try
        {
            using var json = JsonDocument.Parse(body);
            Model = json.RootElement.TryGetProperty("model", out var model) ? model.GetString() ?? "" : "";
            IsStream = json.RootElement.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True;
            Said = TextOf(json.RootElement, "user", isFirst: true);
            Delivered = TextOf(json.RootElement, "assistant", isFirst: false);
        }
        catch (JsonException)
        {
            // It says no model then.
        }
    }

    /// <summary>The path.</summary>
    public string Path { get; }

    /// <summary>The headers, by name without regard to case.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>The body.</summary>
    public byte[] Body { get; }

    /// <summary>When it had arrived whole, as <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long At { get; }

    /// <summary>The model asked for, or "".</summary>
    public string Model { get; } = "";

    /// <summary>Whether a stream is asked for.</summary>
    public bool IsStream { get; }

    /// <summary>The text of the first user message, or "".</summary>
    public string Said { get; } = "";

    /// <summary>The text of the last message of the model's own: what of the answer is there already, or "".</summary>
    public string Delivered { get; } = "";

    /// <summary>1, 2, 3… of its model.</summary>
    public int Number { get; set; }

    /// <summary>What went wrong, or null.</summary>
    public Fault? Fault { get; set; }

    /// <summary>Before when the client was told not to come back, as a timestamp; 0 when it was not told.</summary>
    public long NotBefore { get => Volatile.Read(ref _notBefore); set => Volatile.Write(ref _notBefore, value); }

    /// <summary>Completes when the client leaves before the reply has ended.</summary>
    public Task Gone => _gone.Task;

    /// <summary>Completes when nothing more is sent.</summary>
    public Task Over => _over.Task;

    private static string TextOf(JsonElement request, string role, bool isFirst)
    {
        if (!request.TryGetProperty("messages", out var messages))
            return "";
        var texts = messages.EnumerateArray().Where(message => message.GetProperty("role").ValueEquals(role)).Select(message => TextOf(message.GetProperty("content")));
        return (isFirst ? texts.FirstOrDefault() : texts.LastOrDefault()) ?? "";
    }

    private static string TextOf(JsonElement content) => content.ValueKind == JsonValueKind.String ? content.GetString()!
        : content.ValueKind == JsonValueKind.Array ? string.Concat(content.EnumerateArray().Select(part => part.TryGetProperty("text", out var text) ? text.GetString() : ""))
        : "";

    internal void Leave() => _gone.TrySetResult();

    internal void End() => _over.TrySetResult();
}
