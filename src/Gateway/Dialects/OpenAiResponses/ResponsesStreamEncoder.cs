using System.Buffers;
using System.Text.Json;
using Gateway.Dialects.OpenAi;
using Gateway.Metering;
using Gateway.Protocol;

namespace Gateway.Dialects.OpenAiResponses;

/// <summary>
/// Writes a stream of Responses events: every item is added, grows, and is done, each event with its number. Calls may be open side by side;
/// text and reasoning are not. This wire has one answer; other choices are left out.
/// </summary>
internal sealed class ResponsesStreamEncoder(ReplyEnvelope envelope) : IChatStreamEncoder
{
    private readonly ResponsesOutput _output = new(envelope);
    private readonly SortedDictionary<int, ResponsesItem> _calls = [];
    private readonly List<RawJson> _logprobs = [];
    private ResponsesEvents? _events;
    private string? _id;
    private string? _model;
    private ResponsesItem? _message;
    private ResponsesContent? _content;
    private ResponsesItem? _reasoning;
    private FinishReason? _finish;
    private TokenUsage? _usage;

    public void Encode(in ChatEvent chatEvent, IBufferWriter<byte> output)
    {
        if (chatEvent.Choice > 0)
            return;
        switch (chatEvent.Kind)
        {
            case ChatEventKind.Start:
                (_id, _model) = (_id ?? chatEvent.Id, _model ?? chatEvent.Name);
                Events(output);
                break;
            case ChatEventKind.Text or ChatEventKind.Refusal:
                Speak(chatEvent.Text!, chatEvent.Kind == ChatEventKind.Refusal, output);
                break;
            case ChatEventKind.Reasoning:
                Reason(chatEvent, output);
                break;
            case ChatEventKind.ReasoningSignature:
                Seal(chatEvent, ResponsesReasoning.Wrap(chatEvent.Origin, chatEvent.Text, null), output);
                break;
            case ChatEventKind.RedactedReasoning:
                // Only OpenAI's closed reasoning belongs to the summary before it; elsewhere it is a block of its own.
                if (chatEvent.Origin != ReasoningOrigin.OpenAi)
                    EndReasoning(output);
                Seal(chatEvent, ResponsesReasoning.Wrap(chatEvent.Origin, null, chatEvent.Text), output);
                break;
            case ChatEventKind.ToolCallStart:
                EndMessage(output);
                EndReasoning(output);
                var call = _output.Add(ResponsesItemKind.FunctionCall, callId: chatEvent.Id, name: chatEvent.Name);
                _calls[chatEvent.Index] = call;
                Events(output).ItemAdded(call);
                break;
            case ChatEventKind.ToolCallArguments when _calls.TryGetValue(chatEvent.Index, out var open):
                open.Text.Append(chatEvent.Text);
                Events(output).ArgumentsDelta(open, chatEvent.Text!);
                break;
            case ChatEventKind.ToolCallEnd:
                EndCall(chatEvent.Index, output);
                break;
            case ChatEventKind.PartEnd:
                EndReasoning(output);
                EndContent(output);
                break;
            case ChatEventKind.Citation when _content is { IsRefusal: false } content && OpenAiCitations.Fits(chatEvent.Raw):
                content.Annotations.Add(chatEvent.Raw);
                Events(output).AnnotationAdded(_message!, content);
                break;
            case ChatEventKind.Logprobs:
                _logprobs.AddRange(ResponsesOutput.Logprobs(chatEvent.Raw));
                break;
            case ChatEventKind.Media:
                Media(chatEvent, output);
                break;
            case ChatEventKind.Finish:
                _finish = chatEvent.Finish;
                break;
            case ChatEventKind.Usage:
                _usage = chatEvent.Usage;
                break;
            case ChatEventKind.Ping:
                output.Write(IDialect.CommentKeepAlive.Span);
                break;
        }
    }

    public void End(IBufferWriter<byte> output)
    {
        var finish = _finish ?? FinishReason.Stop;
        if (finish == FinishReason.Length && (_message ?? (_calls.Count > 0 ? _calls.Last().Value : null)) is { } last)
            last.Status = "incomplete";
        EndReasoning(output);
        EndMessage(output);
        foreach (var index in _calls.Keys.ToList())
            EndCall(index, output);
        Events(output).Ended(_output.Items, finish, _usage);
    }

    /// <summary>The events, once the response has been announced.</summary>
    private ResponsesEvents Events(IBufferWriter<byte> output)
    {
        if (_events is null)
        {
            _events = new ResponsesEvents(new ResponsesObject(envelope, _id, _model)) { Output = output };
            _events.Began();
        }

        _events.Output = output;
        return _events;
    }

    private void Speak(string text, bool isRefusal, IBufferWriter<byte> output)
    {
        EndReasoning(output);
        var events = Events(output);
        if (_message is null)
            events.ItemAdded(_message = _output.Add(ResponsesItemKind.Message));
        if (_content is not null && _content.IsRefusal != isRefusal)
            EndContent(output);
        if (_content is null)
        {
            _message.Contents.Add(_content = new ResponsesContent(isRefusal));
            events.ContentAdded(_message, _content);
        }

        _content.Text.Append(text);
        events.ContentDelta(_message, _content, text, _logprobs);
        if (!isRefusal)
            _content.Logprobs.AddRange(_logprobs);
        _logprobs.Clear();
    }

    private void EndContent(IBufferWriter<byte> output)
    {
        if (_content is null)
            return;
        if (!_content.IsRefusal)
            _content.Logprobs.AddRange(_logprobs);
        _logprobs.Clear();
        Events(output).ContentDone(_message!, _content);
        _content = null;
    }

    private void EndMessage(IBufferWriter<byte> output)
    {
        EndContent(output);
        if (_message is not null)
            Events(output).ItemDone(_message);
        _message = null;
    }

    private void Reason(in ChatEvent chatEvent, IBufferWriter<byte> output)
    {
        EndMessage(output);
        if (_reasoning?.Origin != chatEvent.Origin)
            EndReasoning(output);
        var events = Events(output);
        if (_reasoning is null)
        {
            events.ItemAdded(_reasoning = NewReasoning(chatEvent));
            events.SummaryAdded(_reasoning);
        }

        _reasoning.Text.Append(chatEvent.Text);
        events.SummaryDelta(_reasoning, chatEvent.Text!);
    }

    /// <summary>Ends the open reasoning with what proves it, or makes an item of that alone.</summary>
    private void Seal(in ChatEvent chatEvent, string? encrypted, IBufferWriter<byte> output)
    {
        EndMessage(output);
        if (_reasoning?.Origin != chatEvent.Origin)
            EndReasoning(output);
        if (_reasoning is null)
            Events(output).ItemAdded(_reasoning = NewReasoning(chatEvent));
        _reasoning.Encrypted = encrypted;
        EndReasoning(output);
    }

    private ResponsesItem NewReasoning(in ChatEvent chatEvent) => _output.Add(
        ResponsesItemKind.Reasoning, chatEvent.Origin == ReasoningOrigin.OpenAi ? chatEvent.Id : null, origin: chatEvent.Origin);

    private void EndReasoning(IBufferWriter<byte> output)
    {
        if (_reasoning is null)
            return;
        _reasoning.Encrypted ??= ResponsesReasoning.Wrap(_reasoning.Origin, null, null);
        if (_reasoning.Text.Length > 0)
            Events(output).SummaryDone(_reasoning);
        Events(output).ItemDone(_reasoning);
        _reasoning = null;
    }

    private void EndCall(int index, IBufferWriter<byte> output)
    {
        if (!_calls.Remove(index, out var call))
            return;
        var events = Events(output);
        if (call.Text.Length == 0)
        {
            call.Text.Append("{}");
            events.ArgumentsDelta(call, "{}");
        }

        events.ArgumentsDone(call);
        events.ItemDone(call);
    }

    /// <summary>An image is an item; of audio only what was spoken can be said.</summary>
    private void Media(in ChatEvent chatEvent, IBufferWriter<byte> output)
    {
        if (chatEvent.Name?.StartsWith("audio/", StringComparison.Ordinal) == true)
        {
            if (chatEvent.Raw.IsMissing)
                return;
            using var document = chatEvent.Raw.Parse();
            if (document.RootElement.Text("transcript"u8) is { Length: > 0 } transcript)
                Speak(transcript, false, output);
            return;
        }

        EndMessage(output);
        EndReasoning(output);
        var image = _output.Add(ResponsesItemKind.Image);
        Events(output).ItemAdded(image);
        image.Text.Append(chatEvent.Text);
        Events(output).ItemDone(image);
    }
}
