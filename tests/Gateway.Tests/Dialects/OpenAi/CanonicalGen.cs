using System.Text;
using CsCheck;
using Gateway.Metering;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Tests.Dialects.OpenAi;

/// <summary>Random canonical values, restricted to what OpenAI's wires can say.</summary>
internal static class CanonicalGen
{
    public static readonly Gen<string> Text = Gen.OneOf(
        Gen.String[Gen.Char.AlphaNumeric, 1, 12],
        Gen.OneOf("line\nbreak \"quoted\" \\ back", "ümläut 世界", "👩‍🚀 emoji", "\ud83d", "half \ude80 of", "\u0001\u001f", "<script>&amp;</script>"));

    public static readonly Gen<string> Id = Gen.String[Gen.Char.AlphaNumeric, 4, 20];

    public static readonly Gen<string> Arguments = Gen.OneOf("{}", "{\"a\":1}", "{\"text\":\"a}b\\\"{\",\"n\":[1,2,{\"x\":null}]}", "{\"city\":\"東京\"}", "not json at all", "{\"cut\":");

    public static readonly Gen<RawJson> Schema = Gen.OneOf(
        Raw("""{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}"""),
        Raw("""{"type":"object","properties":{}, "x": 1.50}"""));

    public static RawJson Raw(string json) => new(Encoding.UTF8.GetBytes(json));

    public static Gen<T?> Maybe<T>(Gen<T> gen)
        where T : struct => Gen.Bool.SelectMany(some => some ? gen.Select(v => (T?)v) : Gen.Const((T?)null));

    public static Gen<T?> MaybeRef<T>(Gen<T> gen)
        where T : class => Gen.Bool.SelectMany(some => some ? gen.Select(v => (T?)v) : Gen.Const((T?)null));

    /// <summary>Tool calls with ids that differ.</summary>
    public static Gen<List<ContentPart>> Calls(int most) => Gen.Select(Id, Gen.String[Gen.Char.AlphaNumeric, 1, 8], Arguments).List[0, most]
        .Select(calls => calls.Select((c, i) => (ContentPart)new ToolCallPart { Id = $"{c.Item1}{i}", Name = c.Item2, Arguments = c.Item3 }).ToList());

    /// <summary>Reasoning of one vendor, blocks closed.</summary>
    public static readonly Gen<List<ContentPart>> Thoughts = Gen.OneOf(
        Gen.Const(new List<ContentPart>()),
        Text.Select(t => new List<ContentPart> { new ReasoningPart { Text = t, Origin = ReasoningOrigin.Plain } }),
        Gen.Select(Text, Id, Gen.Bool).List[1, 3].Select(list => list.Select(x => (ContentPart)(x.Item3
            ? new ReasoningPart { Text = x.Item1, Signature = x.Item2, Origin = ReasoningOrigin.Anthropic }
            : new ReasoningPart { Encrypted = x.Item2, Origin = ReasoningOrigin.Anthropic })).ToList()),
        Gen.Select(Text, Id, Id).List[1, 2].Select(list => list.Select(x => (ContentPart)
            new ReasoningPart { Text = x.Item1, Encrypted = x.Item2, Id = "rs_" + x.Item3, Origin = ReasoningOrigin.OpenAi }).ToList()),
        Gen.Select(Text, Id).Select((t, s) => new List<ContentPart> { new ReasoningPart { Text = t, Signature = s, Origin = ReasoningOrigin.Gemini } }));

    public static readonly Gen<TokenUsage> Usage = Gen.Select(Gen.Long[0, 100_000], Gen.Long[0, 50_000], Gen.Long[0, 1000], Gen.Long[0, 1000], Gen.Long[0, 1000])
        .Select((i, o, r, w, t) => new TokenUsage(i, o, r, w, t));

    public static readonly Gen<FinishReason> Finish = Gen.OneOf(FinishReason.Stop, FinishReason.Length, FinishReason.ContentFilter);

    /// <summary>An answer: thoughts, then text or a refusal, then calls, some of them signed by Google.</summary>
    public static readonly Gen<ChatChoice> Choice = Gen.Select(Thoughts, MaybeRef(Text), Gen.Bool, Calls(3), Gen.Bool, Finish).Select((thoughts, text, refuses, calls, signs, finish) =>
    {
        var choice = new ChatChoice();
        choice.Parts.AddRange(thoughts);
        if (text is not null)
            choice.Parts.Add(refuses ? new RefusalPart(text) : new TextPart(text));
        for (var i = 0; i < calls.Count; i++)
        {
            if (signs && i == 0 && thoughts.Count == 0)
                choice.Parts.Add(new ReasoningPart { Signature = "c2lnbmF0dXJl", Origin = ReasoningOrigin.Gemini });
            choice.Parts.Add(calls[i]);
        }

        choice.Finish = calls.Count > 0 ? FinishReason.ToolCalls : finish;
        return choice;
    });

    /// <summary>The events of an answer, its texts and arguments cut at random.</summary>
    public static Gen<List<ChatEvent>> Events(ChatReply reply) => Gen.Int[0, int.MaxValue].Select(seed =>
    {
        var random = new Random(seed);
        var events = new List<ChatEvent> { new(ChatEventKind.Start) { Id = reply.Id, Name = reply.Model } };
        for (var c = 0; c < reply.Choices.Count; c++)
            Say(reply.Choices[c], c, events, random);
        if (reply.Usage is { } usage)
            events.Add(new ChatEvent(ChatEventKind.Usage) { Usage = usage });
        return events;
    });

    private static void Say(ChatChoice choice, int index, List<ChatEvent> events, Random random)
    {
        var calls = 0;
        foreach (var part in choice.Parts)
        {
            switch (part)
            {
                case TextPart text:
                    foreach (var piece in Pieces(text.Text, random))
                        events.Add(new ChatEvent(ChatEventKind.Text) { Choice = index, Text = piece });
                    break;
                case RefusalPart refusal:
                    foreach (var piece in Pieces(refusal.Text, random))
                        events.Add(new ChatEvent(ChatEventKind.Refusal) { Choice = index, Text = piece });
                    break;
                case ReasoningPart thought:
                    foreach (var piece in Pieces(thought.Text, random))
                        events.Add(new ChatEvent(ChatEventKind.Reasoning) { Choice = index, Text = piece, Origin = thought.Origin, Id = thought.Id });
                    if (thought.Signature is { } signature)
                        events.Add(new ChatEvent(ChatEventKind.ReasoningSignature) { Choice = index, Text = signature, Origin = thought.Origin });
                    if (thought.Encrypted is { } encrypted)
                        events.Add(new ChatEvent(ChatEventKind.RedactedReasoning) { Choice = index, Text = encrypted, Origin = thought.Origin, Id = thought.Id });
                    if (random.Next(2) == 0 && (thought.Signature ?? thought.Encrypted) is not null)
                        events.Add(new ChatEvent(ChatEventKind.PartEnd) { Choice = index });
                    break;
                case ToolCallPart call:
                    events.Add(new ChatEvent(ChatEventKind.ToolCallStart) { Choice = index, Index = calls, Id = call.Id, Name = call.Name });
                    foreach (var piece in Pieces(call.Arguments, random))
                        events.Add(new ChatEvent(ChatEventKind.ToolCallArguments) { Choice = index, Index = calls, Text = piece });
                    if (random.Next(2) == 0)
                        events.Add(new ChatEvent(ChatEventKind.ToolCallEnd) { Choice = index, Index = calls });
                    calls++;
                    break;
            }
        }

        events.Add(new ChatEvent(ChatEventKind.Finish) { Choice = index, Finish = choice.Finish });
    }

    private static IEnumerable<string> Pieces(string text, Random random)
    {
        for (var at = 0; at < text.Length;)
        {
            var length = random.Next(1, text.Length - at + 1);
            yield return text.Substring(at, length);
            at += length;
        }
    }
}
