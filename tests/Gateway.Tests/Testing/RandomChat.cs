using System.Text;
using CsCheck;
using Gateway.Metering;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Tests.Testing;

/// <summary>Random pieces of the canonical model, from which each wire's tests make what that wire can say.</summary>
internal static class RandomChat
{
    /// <summary>Text with everything in it: quotes, controls, emoji, lone surrogates. Never empty.</summary>
    public static readonly Gen<string> Text = Gen.OneOf(
        Gen.Char.Array[1, 12].Select(c => new string(c)),
        Any("plain", "Grüezi 😀", "\"\\\n\t\u0001", "\ud83d", "\ude00 half", "世界", "data: [DONE]"));

    public static readonly Gen<string> Name = Any("get_weather", "get_time", "search-2", "f");

    public static readonly Gen<string> Id = Any("call_1", "toolu-2", "x_9", "a");

    public static readonly Gen<RawJson> Schema = Any(
            """{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}""",
            """{"type":"object","properties":{"b":{"type":"array","items":{"type":"integer"}},"a":{"enum":["x","y"]}},"required":["b"]}""")
        .Select(Raw);

    public static readonly Gen<string> Arguments = Any("{}", """{"a":1.50}""", """{"b":[],"a":"\u00fc 😀"}""");

    public static readonly Gen<TokenUsage> Usage = Gen.Select(Gen.Int[0, 5000], Gen.Int[0, 5000]).Select((input, output) => new TokenUsage(input, output));

    /// <summary>One of some values.</summary>
    public static Gen<T> Any<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    public static RawJson Raw(string json) => new(Encoding.UTF8.GetBytes(json));

    public static Gen<ContentPart> TextPart() => Text.Select(t => (ContentPart)new TextPart(t));

    public static Gen<ContentPart> Thought() => Text.Select(t => (ContentPart)new ReasoningPart { Text = t, Origin = ReasoningOrigin.Plain });

    public static Gen<ContentPart> Call(Gen<string> arguments) =>
        Gen.Select(Id, Name, arguments).Select((id, name, json) => (ContentPart)new ToolCallPart { Id = id, Name = name, Arguments = json });

    /// <summary>What an assistant says: thought, then text, then calls; at least one of them.</summary>
    public static Gen<List<ContentPart>> Answer(Gen<string> arguments) =>
        Gen.Select(Thought().Array[0, 1], TextPart().Array[0, 1], Call(arguments).Array[0, 3])
            .Select((thoughts, texts, calls) => (List<ContentPart>)[.. thoughts, .. texts, .. calls])
            .Where(parts => parts.Count > 0);

    /// <summary>A request of messages, tools and stop texts, whose sampling keeps within what the wire takes.</summary>
    /// <param name="messages">What its wire can say in a message.</param>
    /// <param name="temperature">Its temperatures.</param>
    /// <param name="topP">Its nucleus.</param>
    /// <param name="seed">Its seeds.</param>
    /// <param name="mostStops">The most stop texts.</param>
    /// <param name="forms">How many forms <paramref name="vary"/> knows.</param>
    /// <param name="vary">Adds what only this wire takes, in the form of a number from 0.</param>
    public static Gen<ChatRequest> Request(Gen<ChatMessage> messages, Gen<double> temperature, Gen<double> topP, Gen<long> seed, int mostStops, int forms, Action<ChatRequest, int> vary) => Gen.Select(
        messages.Array[1, 6],
        Gen.Select(Name, Schema, Text).Array[0, 3],
        Gen.Select(temperature.Nullable(), topP.Nullable(), Gen.Long[0, 500].Nullable(), seed.Nullable(), Gen.Long[1, 9999].Nullable()),
        Gen.Bool.Nullable(),
        Gen.Int[0, forms - 1],
        Text.Array[0, mostStops],
        Gen.Bool).Select((turns, tools, sampling, logprobs, form, stops, stream) =>
        {
            var request = new ChatRequest
            {
                Model = "m",
                Stream = stream,
                Temperature = sampling.Item1,
                TopP = sampling.Item2,
                TopK = sampling.Item3,
                Seed = sampling.Item4,
                MaxOutputTokens = sampling.Item5,
                Logprobs = logprobs,
            };
            request.Messages.AddRange(turns);
            request.Stop.AddRange(stops);
            foreach (var (name, schema, description) in tools)
                request.Tools.Add(new ToolDefinition { Name = name, Parameters = schema, Description = description });
            vary(request, form);
            return request;
        });

    /// <summary>A system's, an assistant's and the wire's other messages.</summary>
    public static Gen<ChatMessage> Message(params Gen<ChatMessage>[] others) => Gen.OneOf(
    [
        TextPart().Select(p => new ChatMessage { Role = ChatRole.System, Parts = [p] }),
        Answer(Arguments).Select(p => new ChatMessage { Role = ChatRole.Assistant, Parts = p }),
        .. others,
    ]);

    /// <summary>A reply with one answer, which ends for one of the reasons; with calls it does not just stop.</summary>
    public static Gen<ChatReply> Reply(params FinishReason[] reasons) => Gen.Select(Answer(Arguments), Usage, Any(reasons)).Select((parts, usage, finish) =>
    {
        var choice = new ChatChoice { Finish = parts.Exists(p => p is ToolCallPart) && finish == FinishReason.Stop ? FinishReason.ToolCalls : finish };
        choice.Parts.AddRange(parts);
        var reply = new ChatReply { Usage = usage };
        reply.Choices.Add(choice);
        return reply;
    });

    /// <summary>A stream a provider could send: thoughts and text, then calls that may interleave, then the end.</summary>
    public static Gen<List<ChatEvent>> Stream(bool interleaves) =>
        Gen.Select(
            Gen.Select(Gen.Bool, Text).Array[0, 6],
            Gen.Select(Id, Name, Any("", "{", "{\"a\":1}").Array[0, 4]).Array[0, 3],
            Gen.Int[0, 1000],
            Usage,
            Gen.Bool)
            .Select((said, calls, seed, usage, usageFirst) => Compose(said, calls, interleaves ? new Random(seed) : null, usage, usageFirst));

    private static List<ChatEvent> Compose((bool IsThought, string Text)[] said, (string Id, string Name, string[] Pieces)[] calls, Random? random, TokenUsage usage, bool usageFirst)
    {
        var events = new List<ChatEvent> { new(ChatEventKind.Start) { Id = "reply-1", Name = "test-model" } };
        foreach (var (isThought, text) in said)
            events.Add(new ChatEvent(isThought ? ChatEventKind.Reasoning : ChatEventKind.Text) { Text = text, Origin = isThought ? ReasoningOrigin.Plain : default });
        var rest = calls.Select((c, i) => new Queue<ChatEvent>(Events(c, i))).ToList();
        var started = 0;
        while (rest.Exists(q => q.Count > 0))
        {
            // Calls start in order, and beyond that in any mixture.
            var open = rest.Take(started + 1).Where(q => q.Count > 0).ToList();
            var chosen = random is null ? open[0] : open[random.Next(open.Count)];
            var next = chosen.Dequeue();
            started = next.Kind == ChatEventKind.ToolCallStart ? next.Index + 1 : started;
            events.Add(next);
        }

        var finish = new ChatEvent(ChatEventKind.Finish) { Finish = calls.Length > 0 ? FinishReason.ToolCalls : FinishReason.Length };
        var tokens = new ChatEvent(ChatEventKind.Usage) { Usage = usage };
        events.AddRange(usageFirst ? [tokens, finish] : [finish, tokens]);
        return events;
    }

    private static IEnumerable<ChatEvent> Events((string Id, string Name, string[] Pieces) call, int index)
    {
        yield return new ChatEvent(ChatEventKind.ToolCallStart) { Index = index, Id = call.Id, Name = call.Name };
        foreach (var piece in call.Pieces.Where(p => p.Length > 0))
            yield return new ChatEvent(ChatEventKind.ToolCallArguments) { Index = index, Text = piece };
        yield return new ChatEvent(ChatEventKind.ToolCallEnd) { Index = index };
    }
}
