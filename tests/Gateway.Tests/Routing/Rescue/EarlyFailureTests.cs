using System.Text;
using Gateway.Dialects;
using Gateway.Metering;
using Gateway.Protocol;
using Gateway.Routing.Policies;

namespace Gateway.Tests.Routing.Rescue;

/// <summary>Streams that fail before their first content, whatever came before it: another target serves, and the client sees nothing of it.</summary>
public class EarlyFailureTests
{
    private const string Text = "All of it.";

    public static TheoryData<string, string> Ends
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var wire in RescueRig.Wires)
            {
                foreach (var end in new[] { "close", "reset", "silence", "trickle", "garbage" })
                    data.Add(wire.ToString(), end);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Stream_EndsAfterItsPreamble_AnotherTargetServes(string client, string end)
    {
        foreach (var rescue in Enum.GetValues<RescuePolicy>())
        {
            var wire = Enum.Parse<Operation>(client);
            using var rig = new RescueRig(rescue, AttemptPolicy.Default, new RescueTarget("a", wire), new RescueTarget("b", wire));
            rig.Upstream = call => Task.FromResult(call.Target.Id == "a" ? Preamble(rig, wire, end) : RescueRig.Reply(wire, RescueRig.Encode(wire, RescueRig.Told(Text, "id-2", "m-2"))));
            using var exchange = await rig.ServeAsync(wire);
            var seen = new SeenReply(wire, exchange);
            Assert.True(exchange.IsCompleted, exchange.SentText);
            Assert.Equal(Text, seen.Text);
            Assert.True(seen.IsWhole);
            Assert.DoesNotContain("id-1", exchange.SentText, StringComparison.Ordinal);
            if (end != "trickle") // that outlasts the hold of keep-alives: the headers are out by then
                Assert.Equal("b", exchange.ReplyHeaders["x-gateway-provider"]);
            Assert.Equal((LedgerOutcome.Completed, "b"), (rig.Entries[0].Outcome, rig.Entries[0].Provider));
        }
    }

    [Theory]
    [InlineData("""{"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}""", """{"error":{"message":"x","type":"overloaded_error"}}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{"role":"assistant"}}]}""", "nonsense")]
    [InlineData("""{"choices":[{"index":0,"delta":{}}]}""", """{"error":{"message":"x","type":"overloaded_error"}}""")]
    public async Task Chat_FailsAfterTheRoleDelta_AnotherTargetServes(string first, string second)
    {
        using var rig = new RescueRig(RescuePolicy.Error, AttemptPolicy.Default, new RescueTarget("a", Operation.ChatCompletions), new RescueTarget("b", Operation.ChatCompletions));
        rig.Upstream = call => Task.FromResult(RescueRig.Reply(
            Operation.ChatCompletions,
            call.Target.Id == "a" ? Encoding.UTF8.GetBytes($"data: {first}\n\ndata: {second}\n\n") : RescueRig.Encode(Operation.ChatCompletions, RescueRig.Told(Text))));
        using var exchange = await rig.ServeAsync(Operation.ChatCompletions);
        Assert.Equal(Text, new SeenReply(Operation.ChatCompletions, exchange).Text);
        Assert.DoesNotContain("overloaded", exchange.SentText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Responses_FailsAfterItsItemIsAnnounced_AnotherTargetServes()
    {
        using var rig = new RescueRig(RescuePolicy.Error, AttemptPolicy.Default, new RescueTarget("a", Operation.Responses), new RescueTarget("b", Operation.Responses));
        var whole = RescueRig.Encode(Operation.Responses, RescueRig.Told(Text));
        var cut = whole.AsSpan().IndexOf("event: response.output_text.delta"u8);
        rig.Upstream = call => Task.FromResult(RescueRig.Reply(Operation.Responses, call.Target.Id == "a" ? whole.AsMemory(0, cut) : whole, ScriptedStreamEnd.Silence(() => rig.Time.Advance(rig.Route.Timeouts.FirstToken))));
        using var exchange = await rig.ServeAsync(Operation.Responses);
        Assert.Equal(Text, new SeenReply(Operation.Responses, exchange).Text);
        Assert.Single(exchange.SentText.Split("event: response.created\n")[1..]);
    }

    [Fact]
    public async Task Stream_FailsAfterKeepAlivesHaveBegun_AnotherTargetServes()
    {
        using var rig = new RescueRig(RescuePolicy.Error, AttemptPolicy.Default, new RescueTarget("a", Operation.ChatCompletions), new RescueTarget("b", Operation.ChatCompletions));
        rig.Upstream = call => Task.FromResult(call.Target.Id == "a"
            ? RescueRig.Reply(Operation.ChatCompletions, default, ScriptedStreamEnd.Silence(() =>
            {
                rig.Time.Advance(rig.Route.Timeouts.KeepAliveHold);
                rig.Time.Advance(rig.Route.Timeouts.KeepAliveInterval);
                rig.Time.Advance(rig.Route.Timeouts.FirstToken);
            }))
            : RescueRig.Reply(Operation.ChatCompletions, RescueRig.Encode(Operation.ChatCompletions, RescueRig.Told(Text))));
        using var exchange = await rig.ServeAsync(Operation.ChatCompletions);
        Assert.StartsWith(": keep-alive\n\n", exchange.SentText, StringComparison.Ordinal);
        Assert.Equal(Text, new SeenReply(Operation.ChatCompletions, exchange).Text);
        Assert.Equal("b", rig.Entries[0].Provider);
    }

    [Fact]
    public async Task Stream_TricklesAfterContent_IsStalled()
    {
        var whole = RescueRig.Encode(Operation.ChatCompletions, RescueRig.Told(Text));
        foreach (var rescue in Enum.GetValues<RescuePolicy>())
        {
            using var rig = new RescueRig(rescue, AttemptPolicy.Default, new RescueTarget("a", Operation.ChatCompletions), new RescueTarget("b", Operation.ChatCompletions));
            var began = rig.Time.GetUtcNow();
            rig.Upstream = call => Task.FromResult(call.Target.Id == "a"
                ? RescueRig.Reply(Operation.ChatCompletions, whole.AsMemory(0, whole.AsSpan().IndexOf(" it."u8)), ScriptedStreamEnd.Trickle(() => rig.Time.Advance(TimeSpan.FromSeconds(1))))
                : RescueRig.Reply(Operation.ChatCompletions, RescueRig.Encode(Operation.ChatCompletions, RescueRig.Told(Text[call.Delivered.Length..]))));
            using var exchange = await rig.ServeAsync(Operation.ChatCompletions);
            Assert.InRange(rig.Time.GetUtcNow() - began, rig.Route.Timeouts.Idle, rig.Route.Timeouts.Idle + TimeSpan.FromSeconds(2));
            if (rescue == RescuePolicy.Resume)
                Assert.Equal(Text, new SeenReply(Operation.ChatCompletions, exchange).Text);
            else
                Assert.Contains("stream_stalled", exchange.SentText, StringComparison.Ordinal);
        }
    }

    /// <summary>All that a stream says before its first content, and what may come then.</summary>
    private static HttpResponseMessage Preamble(RescueRig rig, Operation wire, string end)
    {
        var whole = RescueRig.Encode(wire, RescueRig.Told(Text));
        var began = new System.Buffers.ArrayBufferWriter<byte>();
        DialectRegistry.For(wire)!.Codec!.CreateStreamEncoder(Testing.CodecRig.Envelope()).Encode(RescueRig.Told(Text)[0], began);
        var bytes = wire switch
        {
            Operation.Messages => whole.AsMemory(0, whole.AsSpan().IndexOf("event: content_block_delta"u8)),
            Operation.InvokeModel => whole.AsMemory(0, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(whole)), // its first frame
            _ => began.WrittenMemory,
        };
        return end switch
        {
            "close" => RescueRig.Reply(wire, bytes),
            "reset" => RescueRig.Reply(wire, bytes, ScriptedStreamEnd.Reset),
            "silence" => RescueRig.Reply(wire, bytes, ScriptedStreamEnd.Silence(() => rig.Time.Advance(rig.Route.Timeouts.FirstToken))),
            "trickle" => RescueRig.Reply(wire, bytes, ScriptedStreamEnd.Trickle(() => rig.Time.Advance(TimeSpan.FromSeconds(1)))),
            _ => RescueRig.Reply(wire, (byte[])[.. bytes.Span, .. "\n\ndata: {broken\n\n\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"u8]),
        };
    }
}
