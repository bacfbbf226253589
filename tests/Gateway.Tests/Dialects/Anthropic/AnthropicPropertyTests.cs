using System.Text;
using System.Text.Json;
using CsCheck;
using Gateway.Metering;
using Gateway.Protocol;
using Gateway.Protocol.Parts;
using Gateway.Tests.Testing;
using Gateway.Transport;
using static Gateway.Tests.Dialects.Anthropic.AnthropicRig;

namespace Gateway.Tests.Dialects.Anthropic;

/// <summary>Whatever this wire can say comes back as it was.</summary>
public class AnthropicPropertyTests
{
    private static readonly Gen<string> Words = Gen.OneOf(
        Gen.String[Gen.Char.AlphaNumeric, 1, 12],
        Gen.String[Gen.OneOf('a', '"', '\\', '\n', '\u0001', 'é', '漢', '\ud83d', '\ude00', '/', '<'), 1, 8]).Select(s => "w" + s);

    private static readonly Gen<CacheMark?> Mark = Gen.Frequency((6, Gen.Const((CacheMark?)null)), (1, Gen.Const((CacheMark?)new CacheMark(null))));

    private static readonly Gen<string> Arguments = Gen.Select(Words, Gen.Int).Select((w, n) => JsonSerializer.Serialize(new Dictionary<string, object> { ["a"] = n, [w.Replace('\ud83d', 'x').Replace('\ude00', 'x')] = true }));

    private static readonly Gen<ContentPart> TextGen = Gen.Select(Words, Mark, (w, m) => (ContentPart)new TextPart(w) { Cache = m });

    private static readonly Gen<ContentPart> ImageGen = Gen.OneOf(
        new MediaSource { Data = "iVBORw0KGgoAAAANSUhEUg==", MediaType = "image/png" }, new MediaSource { Url = "https://example.com/a.png" }, new MediaSource { FileId = "file_1" })
        .Select(s => (ContentPart)new ImagePart(s));

    private static readonly Gen<ContentPart> DocumentGen = Gen.Select(Gen.Bool, Words, Gen.Bool, (isText, name, cites) => (ContentPart)(isText
        ? new DocumentPart(new MediaSource { MediaType = "text/plain" }) { Text = "body " + name, Name = name, Citations = cites }
        : new DocumentPart(new MediaSource { Data = "JVBERi0xLjQ=", MediaType = "application/pdf" }) { Context = name }));

    private static readonly Gen<ContentPart> UserPart = Gen.Frequency((4, TextGen), (1, ImageGen), (1, DocumentGen));

    private static readonly Gen<ContentPart> Thought = Gen.Select(Words, Gen.Bool, (w, redacted) => (ContentPart)(redacted
        ? new ReasoningPart { Encrypted = "E" + w.Length, Origin = ReasoningOrigin.Anthropic }
        : new ReasoningPart { Text = w, Signature = "S" + w.Length, Origin = ReasoningOrigin.Anthropic }));

    private static readonly Gen<ChatMessage[]> Exchange =
        from user in UserPart.List[1, 3]
        from thoughts in Thought.List[0, 2]
        from text in TextGen.List[0, 2]
        from calls in Gen.Select(Arguments, Gen.Guid, (a, id) => new ToolCallPart { Id = "toolu_" + id.ToString("N"), Name = "f", Arguments = a }).List[0, 3]
        from failed in Gen.Bool
        from content in Gen.OneOf(TextGen, ImageGen).List[0, 2]
        select Turns(user, thoughts, text, calls, failed, content);

    private static readonly Gen<ReasoningSettings?> Settings = Gen.OneOf(
        Gen.Const((ReasoningSettings?)null),
        Gen.Const((ReasoningSettings?)new ReasoningSettings { Enabled = false }),
        Gen.Long[1024, 4000].Select(b => (ReasoningSettings?)new ReasoningSettings { Enabled = true, BudgetTokens = b }));

    private static readonly Gen<ChatRequest> Requests =
        from system in Words.List[0, 2]
        from exchanges in Exchange.List[0, 3]
        from last in UserPart.List[1, 2]
        from stop in Words.List[0, 2]
        from thinking in Settings
        from user in Gen.OneOf(Gen.Const((string?)null), Words.Select(w => (string?)w))
        from temperature in Gen.OneOf(Gen.Const((double?)null), Gen.Double[0, 1].Select(d => (double?)d))
        from mode in Gen.OneOf<ToolChoiceMode?>(null, ToolChoiceMode.Auto, ToolChoiceMode.None)
        from single in Gen.Bool
        from stream in Gen.Bool
        select Request(system, exchanges, last, stop, thinking, user, temperature, mode, single, stream);

    private static readonly Gen<ChatEvent[]> Block = Gen.OneOf(
        Words.List[1, 4].Select(words => words.Select(AnthropicStreamTests.Text).Append(new ChatEvent(ChatEventKind.PartEnd)).ToArray()),
        Gen.Select(Words.List[1, 3], Gen.OneOf(ReasoningOrigin.Anthropic, ReasoningOrigin.Gemini), (words, origin) =>
            words.Select(AnthropicStreamTests.Reasoning).Append(AnthropicStreamTests.Signature("sig", origin)).Append(new ChatEvent(ChatEventKind.PartEnd)).ToArray()),
        Words.Select(w => new[] { new ChatEvent(ChatEventKind.RedactedReasoning) { Text = w, Origin = ReasoningOrigin.Anthropic } }),
        Words.List[0, 3].Select(words => words.Select(w => AnthropicStreamTests.Arguments(-1, w)).ToArray()));

    private static readonly Gen<ChatEvent[]> EventStreams = Gen.Select(
        Block.List[0, 6], Gen.OneOf(FinishReason.Stop, FinishReason.Length, FinishReason.ContentFilter, FinishReason.Pause), Gen.Long[0, 999], Gen.Long[0, 999], Stream);

    [Fact]
    public void Request_WrittenAndRead_IsTheSame() => Requests.Sample(
        request =>
        {
            var (body, dropped) = CodecRig.WriteRequest(Codec, request, Target());
            Assert.Empty(dropped.Paths);
            Assert.Equal(CanonicalDump.Of(request), CanonicalDump.Of(CodecRig.ReadRequest(Codec, body)));
        },
        iter: 1000);

    [Fact]
    public void Request_AnythingAtAll_IsWrittenAsJsonOnce() => Requests.Sample(
        request =>
        {
            foreach (var model in new[] { "claude-3-5-sonnet-latest", "claude-opus-4-6", "claude-opus-5", "claude-opus-5-5", "other" })
            {
                var (body, _) = CodecRig.WriteRequest(Codec, request, Target(model));
                using var document = JsonDocument.Parse(body);
                Assert.Equal(document.RootElement.EnumerateObject().Count(), document.RootElement.EnumerateObject().DistinctBy(m => m.Name).Count());
            }
        },
        iter: 200);

    [Fact]
    public void Reply_WrittenAndRead_IsTheSame() => Gen.Select(Exchange, Gen.Long[0, 999], Gen.Long[0, 999], Gen.Long[0, 99], (exchange, input, output, cached) =>
    {
        var reply = new ChatReply { Id = "msg_1", Model = "m", Usage = new TokenUsage(input + (2 * cached), output, cached, cached) };
        var choice = new ChatChoice();
        choice.Parts.AddRange(exchange[1].Parts.Where(p => p.Cache is null));
        choice.Finish = choice.Parts.Exists(p => p is ToolCallPart) ? FinishReason.ToolCalls : FinishReason.Stop;
        reply.Choices.Add(choice);
        return reply;
    }).Sample(reply => Assert.Equal(CanonicalDump.Of(reply), CanonicalDump.Of(Codec.ReadReply(Encoding.UTF8.GetBytes(CodecRig.WriteReply(Codec, reply))))), iter: 500);

    [Fact]
    public void Stream_EncodedAndDecoded_IsTheSame() => EventStreams.Sample(
        events =>
        {
            var decoded = CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, CodecRig.Encode(Codec, events)).Events;
            var first = decoded.FindIndex(e => e.Kind == ChatEventKind.Usage);
            decoded.RemoveAt(first); // what is known at the start
            Assert.Equal(CanonicalDump.Of(events), CanonicalDump.Of(decoded));
        },
        iter: 1000);

    private static ChatMessage[] Turns(List<ContentPart> user, List<ContentPart> thoughts, List<ContentPart> text, List<ToolCallPart> calls, bool failed, List<ContentPart> content)
    {
        var assistant = Assistant([.. thoughts, .. text, .. calls]);
        if (text.Count == 0 && calls.Count == 0)
            assistant.Parts.Add(new TextPart("done"));
        return calls.Count == 0
            ? [User([.. user]), assistant]
            : [User([.. user]), assistant, Results([.. calls.Select(c => new ToolResultPart { CallId = c.Id, IsError = failed, Content = [.. content] })]), Assistant(new TextPart("so"))];
    }

    private static ChatRequest Request(
        List<string> system, List<ChatMessage[]> exchanges, List<ContentPart> last, List<string> stop, ReasoningSettings? thinking, string? user, double? temperature, ToolChoiceMode? mode, bool single, bool stream)
    {
        var request = Ask([.. exchanges.SelectMany(e => e), User([.. last])]);
        if (system.Count > 0)
            request.Messages.Insert(0, new ChatMessage { Role = ChatRole.System, Parts = [.. system.Select(s => new TextPart(s))] });
        LimitMarks(request);
        request.Model = Sonnet;
        request.MaxOutputTokens = 5000;
        request.Stop.AddRange(stop);
        request.Reasoning = thinking;
        request.User = user;
        request.Temperature = thinking is { Enabled: true } ? null : temperature;
        request.Stream = stream;
        request.Tools.Add(Tool());
        request.ToolChoice = mode is { } m ? new ToolChoice(m) : single ? new ToolChoice(ToolChoiceMode.Auto) : null;
        request.ParallelToolCalls = single && mode != ToolChoiceMode.None ? false : null;
        return request;
    }

    /// <summary>At most four marks can be said.</summary>
    private static void LimitMarks(ChatRequest request)
    {
        var left = 4;
        foreach (var parts in request.Messages.Select(m => m.Parts))
        {
            for (var i = 0; i < parts.Count; i++)
            {
                if (parts[i] is ToolResultPart result && result.Content.Exists(p => p.Cache is not null))
                    result.Content.RemoveAll(p => p.Cache is not null);
                else if (parts[i] is TextPart { Cache: not null } text && left-- <= 0)
                    parts[i] = new TextPart(text.Text);
            }
        }
    }

    private static ChatEvent[] Stream(List<ChatEvent[]> blocks, FinishReason finish, long input, long output)
    {
        var events = new List<ChatEvent> { AnthropicStreamTests.Start };
        var calls = 0;
        foreach (var block in blocks)
        {
            if (block.Length > 0 && block[0].Kind is not ChatEventKind.ToolCallArguments)
            {
                events.AddRange(block);
                continue;
            }

            events.Add(AnthropicStreamTests.Call(calls, $"toolu_{calls}"));
            events.AddRange(block.Select(e => e with { Index = calls }));
            events.Add(AnthropicStreamTests.End(calls++));
        }

        if (finish == FinishReason.Stop && calls > 0)
            finish = FinishReason.ToolCalls;
        return [.. events, AnthropicStreamTests.Usage(input, output), AnthropicStreamTests.Finish(finish)];
    }
}
