using Gateway.Protocol;
using Gateway.Routing.Rescue;

namespace Gateway.Tests.Routing.Rescue;

/// <summary>What of an answer that is given again is news.</summary>
public class RestartedReplyTests
{
    [Fact]
    public void Filter_SameAnswer_SkipsWhatWasDelivered()
    {
        var (news, diverged) = Run([Text("Hello "), Text("wor")], [Start, Reasoning("hm"), Text("Hel"), Text("lo world"), Text("!"), Finish]);
        Assert.False(diverged);
        Assert.Equal(["ld", "!"], Texts(news));
        Assert.Equal(ChatEventKind.Finish, news[^1].Kind);
        Assert.DoesNotContain(news, e => e.Kind is ChatEventKind.Start or ChatEventKind.Reasoning);
    }

    [Fact]
    public void Filter_AnotherAnswer_Diverges()
    {
        Assert.True(Run([Text("Hello")], [Text("Help")]).Diverged);
        Assert.True(Run([Text("Hello")], [Text("Hell"), Finish]).Diverged); // it ends too soon
        Assert.True(Run([Text("Hello")], [Call(0, "find")]).Diverged);
        Assert.True(Run([Call(0, "find")], [Call(0, "seek")]).Diverged);
        Assert.True(Run([Call(0, "find"), Arguments(0, "{\"a\":1")], [Call(0, "find"), Arguments(0, "{\"a\":2}")]).Diverged);
        Assert.True(Run([Call(0, "find")], [Text("Let me see")]).Diverged);
        Assert.True(Run([Call(0, "find"), Arguments(0, "{}"), End(0)], [Call(0, "find"), Arguments(0, "{} ")]).Diverged);
    }

    [Fact]
    public void Filter_HalfAToolCall_CompletesIt()
    {
        var (news, diverged) = Run(
            [Text("Let me see."), Call(0, "find"), Arguments(0, "{\"a\""), Arguments(0, ":")],
            [Start, Text("Let me see."), Call(0, "find"), Arguments(0, "{\"a\":1"), Arguments(0, "}"), End(0), Call(1, "find"), Arguments(1, "{}"), End(1), Finish]);
        Assert.False(diverged);
        Assert.Equal("1}{}", string.Concat(news.Where(e => e.Kind == ChatEventKind.ToolCallArguments).Select(e => e.Text)));
        Assert.Equal([1], news.Where(e => e.Kind == ChatEventKind.ToolCallStart).Select(e => e.Index));
        Assert.Equal([0, 1], news.Where(e => e.Kind == ChatEventKind.ToolCallEnd).Select(e => e.Index));
    }

    [Fact]
    public void Filter_WholeToolCall_IsNotEndedTwice()
    {
        var (news, diverged) = Run([Call(0, "find"), Arguments(0, "{}"), End(0)], [Call(0, "find"), Arguments(0, "{}"), End(0), Finish]);
        Assert.False(diverged);
        Assert.Equal(ChatEventKind.Finish, Assert.Single(news).Kind);
    }

    private static ChatEvent Start => new(ChatEventKind.Start) { Id = "other" };

    private static ChatEvent Finish => new(ChatEventKind.Finish);

    private static ChatEvent Text(string text) => new(ChatEventKind.Text) { Text = text };

    private static ChatEvent Reasoning(string text) => new(ChatEventKind.Reasoning) { Text = text };

    private static ChatEvent Call(int index, string name) => new(ChatEventKind.ToolCallStart) { Index = index, Name = name, Id = "call" };

    private static ChatEvent Arguments(int index, string json) => new(ChatEventKind.ToolCallArguments) { Index = index, Text = json };

    private static ChatEvent End(int index) => new(ChatEventKind.ToolCallEnd) { Index = index };

    private static IEnumerable<string?> Texts(IEnumerable<ChatEvent> events) => events.Where(e => e.Kind == ChatEventKind.Text).Select(e => e.Text);

    private static (List<ChatEvent> News, bool Diverged) Run(ChatEvent[] delivered, ChatEvent[] again)
    {
        var reply = new DeliveredReply();
        foreach (var chatEvent in delivered)
            reply.Note(chatEvent);
        var restarted = new RestartedReply(reply);
        List<ChatEvent> news = [];
        foreach (var chatEvent in again)
            restarted.Filter(chatEvent, news);
        restarted.End(news);
        return (news, restarted.Diverged);
    }
}
