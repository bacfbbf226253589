using System.Text.Json;
using Gateway.Protocol;
using Gateway.Transport;

namespace Gateway.Dialects.Ollama;

/// <summary>Reads Ollama's stream: a line for every piece, tool calls whole, and a last line that is <c>done</c>.</summary>
internal sealed class OllamaStreamDecoder : IChatStreamDecoder
{
    private readonly EventDocuments _documents = new();
    private bool _started;
    private int _calls;

    public bool Finished { get; private set; }

    public ProviderErrorFacts? Error { get; private set; }

    public TapVerdict Decode(in StreamFrame frame, List<ChatEvent> events)
    {
        if (!frame.HasData)
            return TapVerdict.Preamble;
        using var document = _documents.Parse(frame.Data);
        var root = document.RootElement;
        if (root.Get("error"u8).Says())
        {
            Error = OllamaErrors.Read(root);
            return TapVerdict.Error;
        }

        var message = root.Get("message"u8);
        var isDone = root.Flag("done"u8) == true;
        if (message.ValueKind != JsonValueKind.Object && !isDone)
            return TapVerdict.Malformed;
        if (!_started)
        {
            _started = true;
            events.Add(new ChatEvent(ChatEventKind.Start) { Name = root.Text("model"u8) });
        }

        var before = events.Count;
        ReadMessage(message, events);
        if (OllamaLogprobs.Read(root.Get("logprobs"u8)) is { IsMissing: false } logprobs)
            events.Add(new ChatEvent(ChatEventKind.Logprobs) { Raw = logprobs });
        if (!isDone)
            return events.Count > before ? TapVerdict.Content : TapVerdict.Preamble;
        events.Add(new ChatEvent(ChatEventKind.Finish) { Finish = OllamaFinish.Read(root.Text("done_reason"u8), _calls > 0) });
        if (OllamaUsage.Read(root) is { } usage)
            events.Add(new ChatEvent(ChatEventKind.Usage) { Usage = usage });
        Finished = true;
        return TapVerdict.Terminal;
    }

    private void ReadMessage(JsonElement message, List<ChatEvent> events)
    {
        if (message.Text("thinking"u8) is { Length: > 0 } thought)
            events.Add(new ChatEvent(ChatEventKind.Reasoning) { Text = thought, Origin = ReasoningOrigin.Plain });
        AddSignature(message.Text("thinking_signature"u8), events);
        if (message.Text("content"u8) is { Length: > 0 } text)
            events.Add(new ChatEvent(ChatEventKind.Text) { Text = text });
        foreach (var call in message.Get("tool_calls"u8).Each())
        {
            var function = call.Get("function"u8);
            AddSignature(call.Text("signature"u8), events);
            var id = call.Text("id"u8);
            events.Add(new ChatEvent(ChatEventKind.ToolCallStart) { Index = _calls, Id = string.IsNullOrEmpty(id) ? null : id, Name = function.Text("name"u8) });
            var arguments = function.Get("arguments"u8);
            events.Add(new ChatEvent(ChatEventKind.ToolCallArguments)
            {
                Index = _calls,
                Text = arguments.Text() is { Length: > 0 } written ? written : arguments.ValueKind == JsonValueKind.Object ? RawJson.Of(arguments).ToString() : "{}",
            });
            events.Add(new ChatEvent(ChatEventKind.ToolCallEnd) { Index = _calls++ });
        }
    }

    private static void AddSignature(string? wrapped, List<ChatEvent> events)
    {
        if (wrapped is null)
            return;
        var (signature, origin) = ForeignSignature.Unwrap(wrapped, ReasoningOrigin.Plain);
        events.Add(new ChatEvent(ChatEventKind.ReasoningSignature) { Text = signature, Origin = origin });
    }
}
