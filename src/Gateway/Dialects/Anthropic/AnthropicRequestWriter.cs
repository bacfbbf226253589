using System.Buffers;
using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Anthropic;

/// <summary>Writes a request to a provider, its members always in the same order.</summary>
internal sealed class AnthropicRequestWriter
{
    private static readonly string[] InnerObjects = ["thinking", "output_config", "metadata"];

    private readonly Utf8JsonWriter _json;
    private readonly ChatRequest _request;
    private readonly TargetTraits _target;
    private readonly DroppedMembers _dropped;
    private readonly Operation _wire;
    private readonly AnthropicModel _model;
    private readonly ThinkingPlan _thinking;
    private readonly FormatPlan _format;
    private readonly HashSet<string> _written = [];

    private AnthropicRequestWriter(Utf8JsonWriter json, ChatRequest request, TargetTraits target, DroppedMembers dropped, Operation wire)
    {
        _json = json;
        _request = request;
        _target = target;
        _dropped = dropped;
        _wire = wire;
        _model = AnthropicModel.Of(target.Model);
        _thinking = ThinkingPlan.For(request, target, _model, dropped);
        _format = FormatPlan.For(request, _model, _thinking, dropped);
    }

    /// <summary>Writes the body.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="request">The request.</param>
    /// <param name="target">Who it is for.</param>
    /// <param name="dropped">Told of what can't be said.</param>
    /// <param name="wire"><see cref="Operation.Messages"/>, or <see cref="Operation.InvokeModel"/>, whose path says the model and whether to stream.</param>
    /// <exception cref="RequestFormatException">The request can't be said on this wire.</exception>
    public static void Write(IBufferWriter<byte> output, ChatRequest request, TargetTraits target, DroppedMembers dropped, Operation wire)
    {
        using var json = WireJson.Writer(output);
        new AnthropicRequestWriter(json, request, target, dropped, wire).WriteBody();
    }

    private void WriteBody()
    {
        _json.WriteStartObject();
        if (_wire == Operation.InvokeModel)
        {
            _json.WriteString("anthropic_version"u8, AnthropicWords.BedrockVersion);
        }
        else
        {
            _json.WriteText("model"u8, _target.Model);
            if (_request.Stream)
                _json.WriteBoolean("stream"u8, true);
        }

        _json.WriteNumber("max_tokens"u8, _thinking.MaxTokens);
        WriteSampling();
        WriteStop();
        WriteMetadata();
        WriteServiceTier();
        WriteThinking();
        WriteOutputConfig();
        var conversation = Conversation.Of(_request, _target, _model, _thinking, _dropped);
        var marks = Marks(conversation);
        new ToolWriter(_json, marks, _model, _dropped).Write(_request, _thinking, _format);
        WriteConversation(conversation, marks);
        WriteExtras();
        _json.WriteEndObject();
        UnsaidParameters.Report(_request, _dropped);
    }

    private void WriteSampling()
    {
        var temperature = _request.Temperature;
        if (temperature is < 0 or > 1)
        {
            temperature = Math.Clamp(temperature.Value, 0, 1);
            _dropped.Add($"temperature (clamped to {temperature})");
        }

        var topP = _request.TopP;
        var topK = _request.TopK;
        if (_model.RefusesSampling || _thinking.Kind is ThinkingKind.Budget or ThinkingKind.Adaptive)
        {
            // What is refused but is what happens anyway is no loss.
            temperature = Leave(temperature, temperature is 1, "temperature");
            topP = _model.RefusesSampling || topP < 0.95 ? Leave(topP, topP is 1, "top_p") : topP;
            topK = Leave(topK, false, "top_k");
        }

        if (_model.OneOfTemperatureAndTopP && temperature is not null)
            topP = Leave(topP, topP is 1, "top_p");
        if (temperature is { } t)
            _json.WriteNumber("temperature"u8, t);
        if (topP is { } p)
            _json.WriteNumber("top_p"u8, p);
        if (topK is { } k)
            _json.WriteNumber("top_k"u8, k);
    }

    private T? Leave<T>(T? value, bool isDefault, string name)
        where T : struct
    {
        if (value is not null && !isDefault)
            _dropped.Add(name);
        return null;
    }

    private void WriteStop()
    {
        var any = false;
        foreach (var text in _request.Stop)
        {
            if (string.IsNullOrWhiteSpace(text))
            {
                _dropped.Add("stop (only white space)");
                continue;
            }

            if (!any)
                _json.WriteStartArray("stop_sequences"u8);
            any = true;
            _json.WriteTextValue(text);
        }

        if (any)
            _json.WriteEndArray();
    }

    private void WriteMetadata()
    {
        if (_request.User is null && !_request.Extras.Exists(e => AnthropicExtras.IsIn(e, "metadata")))
            return;
        Open("metadata"u8, "metadata");
        if (_request.User is not null)
            _json.WriteText("user_id"u8, _request.User);
        Close("metadata");
    }

    private void WriteServiceTier()
    {
        var tier = _request.ServiceTier switch
        {
            "auto" => "auto",
            "standard_only" or "default" => "standard_only",
            _ => null,
        };
        if (tier is not null && _wire == Operation.Messages)
            _json.WriteString("service_tier"u8, tier);
        else if (_request.ServiceTier is not (null or "auto" or "default"))
            _dropped.Add("service_tier");
    }

    private void WriteThinking()
    {
        // A form of thinking that only this wire knows is said as the client said it.
        if (_request.Extras.Exists(e => e.Path == "thinking.type" && AnthropicExtras.IsIn(e, "thinking")))
        {
            Open("thinking"u8, "thinking");
            Close("thinking");
            return;
        }

        if (_thinking.Kind == ThinkingKind.Unsaid && !_thinking.AsksForThoughts)
            return;
        Open("thinking"u8, "thinking");
        _json.WriteString("type"u8, _thinking.Kind switch
        {
            ThinkingKind.Off => _model.Off ?? "disabled",
            ThinkingKind.Budget => "enabled",
            _ => "adaptive",
        });
        if (_thinking.Kind == ThinkingKind.Budget)
            _json.WriteNumber("budget_tokens"u8, _thinking.Budget);
        if (_thinking.AsksForThoughts && _thinking.Kind != ThinkingKind.Off)
            _json.WriteString("display"u8, "summarized"u8);
        if (_thinking.Kind != ThinkingKind.Off)
            AnthropicExtras.WriteInner(_json, _request.Extras, "thinking");
        _json.WriteEndObject();
    }

    private void WriteOutputConfig()
    {
        if (_thinking.Effort is null && _format.Native.IsMissing && !_request.Extras.Exists(e => AnthropicExtras.IsIn(e, "output_config")))
            return;
        Open("output_config"u8, "output_config");
        if (_thinking.Effort is not null)
            _json.WriteText("effort"u8, _thinking.Effort);
        if (!_format.Native.IsMissing)
        {
            _json.WriteStartObject("format"u8);
            _json.WriteString("type"u8, "json_schema"u8);
            _json.WriteRaw("schema"u8, _format.Native);
            _json.WriteEndObject();
        }

        Close("output_config");
    }

    private void Open(ReadOnlySpan<byte> name, string inner)
    {
        _json.WriteStartObject(name);
        _written.Add(inner);
    }

    private void Close(string inner)
    {
        AnthropicExtras.WriteInner(_json, _request.Extras, inner);
        _json.WriteEndObject();
    }

    private CacheMarks Marks(Conversation conversation)
    {
        var total = _request.Tools.Count(t => t.Cache is not null) + Count(conversation.System);
        foreach (var turn in conversation.Turns)
            total += Count(turn.Pieces);
        // A mark at the top of the body places one of the four by itself.
        var allowed = _request.Extras.Exists(e => e.Path == "cache_control" && e.Origin == Operation.Messages) ? CacheMarks.Most - 1 : CacheMarks.Most;
        return new CacheMarks(total, allowed, _dropped);
    }

    private static int Count(List<Piece> pieces)
    {
        var count = 0;
        foreach (var (part, _) in pieces)
        {
            count += part.Cache is not null && part is not ReasoningPart ? 1 : 0;
            if (part is ToolResultPart result)
                count += result.Content.Count(p => p.Cache is not null && p is not TextPart { Text: "" });
        }

        return count;
    }

    private void WriteConversation(Conversation conversation, CacheMarks marks)
    {
        var blocks = new BlockWriter(_json, marks, _dropped);
        var system = conversation.System;
        if (_format.Instruction is { } instruction)
            system.Add(new Piece(new TextPart(instruction), default));
        if (system.Count > 0)
            blocks.WriteContent("system"u8, system);
        _json.WriteStartArray("messages"u8);
        foreach (var turn in conversation.Turns)
        {
            _json.WriteStartObject();
            _json.WriteString("role"u8, turn.IsAssistant ? "assistant"u8 : "user"u8);
            blocks.WriteContent("content"u8, turn.Pieces);
            AnthropicExtras.Write(_json, turn.Extras, _dropped);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    private void WriteExtras()
    {
        foreach (var extra in _request.Extras)
        {
            // A path of the empty text is a note of another wire's reader to itself.
            if (extra.Path.Length == 0)
                continue;
            var inner = Array.Find(InnerObjects, o => AnthropicExtras.IsIn(extra, o));
            if (inner is not null && _written.Contains(inner))
                continue;
            if (inner is null && (extra.Origin == Operation.Messages || extra.Origin == _wire))
                AnthropicExtras.WriteOne(_json, extra);
            else
                _dropped.Add(extra.Path);
        }
    }
}
